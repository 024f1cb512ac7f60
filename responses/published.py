"""What a study tells everybody: what was fixed at its launches, and its seed once it is closed."""

from dataclasses import dataclass
from datetime import datetime

from experiments.design import Design
from experiments.models import DesignVersion, Status
from responses.designs import version_of


@dataclass(frozen=True)
class LaunchedVersion:
    """One launch; `reason` is the one that was given for it, empty while it may not be read."""

    number: int
    digest: str
    launched_at: datetime
    pilot: bool
    reason: str


@dataclass(frozen=True)
class Published:
    """A launched study; `seed` is empty until it closes.

    A participant may read what is told of it. Until the close that is nothing that tells what is
    varied: of the design in force its title alone, and no reason of a version, since a reason such
    as “the reward was too small” would; `withholds_reasons` says that there are some.
    """

    design: Design
    status: Status
    closed_at: datetime | None
    versions: tuple[LaunchedVersion, ...]
    seed_sha256: str
    seed: str
    withholds_reasons: bool

    @property
    def closed(self) -> bool:
        """Whether nobody answers any more, so that everything may be told."""
        return self.status == Status.CLOSED


def published(slug: str) -> Published | None:
    """What everybody may know of a study, None if it was not launched for live participants.

    One SQL statement, and one more the first time that a process shows the version in force.
    """
    found = DesignVersion.objects.filter(study__slug=slug).select_related("study")
    rows = list(found.defer("canonical_json").order_by("number"))
    if not rows or (in_force := rows[0].study.live_version_id) is None:
        return None
    study, closed = rows[0].study, rows[0].study.status == Status.CLOSED
    return Published(
        design=version_of(in_force).design,
        status=Status(study.status),
        closed_at=study.closed_at,
        versions=tuple(_launched(row, tells_reason=closed) for row in rows),
        seed_sha256=study.seed_sha256,
        seed=study.seed_revealed,
        withholds_reasons=not closed and any(row.reason for row in rows),
    )


def _launched(row: DesignVersion, *, tells_reason: bool) -> LaunchedVersion:
    reason = row.reason if tells_reason else ""
    return LaunchedVersion(row.number, row.digest, row.launched_at, row.pilot, reason)
