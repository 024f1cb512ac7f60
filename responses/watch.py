"""How many participants of a study are where. Nothing here tells an arm that is still secret."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from experiments.models import Study
from experiments.modes import version_for
from responses import quota
from responses.blinding import is_blinded
from responses.models import Allocation, Mode, Participant, State


@dataclass(frozen=True)
class Flow:
    """What became of everybody who entered; the parts add up, before consent and after it.

    Who withdrew without having consented has left before consent.
    """

    entered: int
    refused: int
    screened_out: int
    quota_full: int
    left_before_consent: int
    consented: int
    # Of those who consented.
    answering: int
    screened_out_later: int
    quota_full_later: int
    withdrawn: int
    completed: int


@dataclass(frozen=True)
class ModeCounts:
    """The participants of one mode; `arms` is None while arms are secret.

    Counts by arm that go up as somebody goes on would tell who got which arm.
    """

    mode: Mode
    flow: Flow
    exposed: int
    pages: tuple[tuple[str, int], ...]
    arms: tuple[tuple[str, int], ...] | None
    # By the version that people of this mode enter now.
    quotas: tuple[quota.Count, ...]


def counts(study: Study) -> list[ModeCounts]:
    """The counts of the modes that somebody entered in, and of live always.

    Two SQL statements, and one for each mode if the study has quotas.
    """
    found = Participant.objects.filter(study=study).order_by().values_list("mode", "state", "page")
    told = {name: Count(name) for name in ("pk", "exposed_at", "consented_at")}
    rows = list(found.annotate(**{f"people_{name}": count for name, count in told.items()}))
    arms = _arms(study)
    version = study.live_version or study.pilot_version
    order = [page.code for page in version.design.pages] if version else []
    return [
        _of_mode(
            mode,
            [row[1:] for row in rows if row[0] == mode],
            order,
            arms.get(mode),
            _quotas(study, mode),
        )
        for mode in Mode
        if mode == Mode.LIVE or any(row[0] == mode for row in rows)
    ]


def _of_mode(
    mode: Mode,
    rows: Sequence[tuple[str, str, int, int, int]],
    order: Sequence[str],
    arms: tuple[tuple[str, int], ...] | None,
    quotas: tuple[quota.Count, ...],
) -> ModeCounts:
    on_page = {row[1]: row[2] for row in rows if row[0] == State.ANSWERING}
    pages = [*order, *(page for page in sorted(on_page) if page not in order)]
    return ModeCounts(
        mode=mode,
        flow=_flow(rows),
        exposed=sum(row[3] for row in rows),
        pages=tuple((page, on_page[page]) for page in pages if page in on_page),
        arms=arms,
        quotas=quotas,
    )


def _quotas(study: Study, mode: Mode) -> tuple[quota.Count, ...]:
    """How the cells of the quotas stand, of the version that the mode enters."""
    version = version_for(mode, live=study.live_version, pilot=study.pilot_version)
    if version is None or not version.design.quotas:
        return ()
    return tuple(quota.counts(study_id=study.pk, mode=mode, design=version.design))


def _flow(rows: Sequence[tuple[str, str, int, int, int]]) -> Flow:
    after: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for state, _page, people, _exposed, consented in rows:
        after[state] += consented
        before[state] += people - consented
    return Flow(
        entered=before.total() + after.total(),
        refused=before[State.REFUSED],
        screened_out=before[State.SCREENED_OUT],
        quota_full=before[State.QUOTA_FULL],
        left_before_consent=before[State.ANSWERING] + before[State.WITHDRAWN],
        consented=after.total(),
        answering=after[State.ANSWERING],
        screened_out_later=after[State.SCREENED_OUT],
        quota_full_later=after[State.QUOTA_FULL],
        withdrawn=after[State.WITHDRAWN],
        completed=after[State.COMPLETED],
    )


def _arms(study: Study) -> dict[str, tuple[tuple[str, int], ...]]:
    """Allocations by mode and arm, for the modes whose arms are no secret."""
    open_modes = [mode for mode in Mode if not is_blinded(status=study.status, mode=mode)]
    rows = (
        Allocation.objects.filter(version__study=study, mode__in=open_modes)
        .order_by("mode", "randomisation", "arm")
        .values_list("mode", "arm")
        .annotate(people=Count("pk"))
    )
    found: dict[str, list[tuple[str, int]]] = {mode: [] for mode in open_modes}
    for mode, arm, people in rows:
        found[mode].append((arm, people))
    return {mode: tuple(arms) for mode, arms in found.items()}
