"""Holds what the database has of a rehearsal against what its people were told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from experiments.answers import Answers
from experiments.models import Study
from experiments.seed import seed_of
from rehearsal.burst import Visit
from responses.models import Mode, Participant, Submission
from responses.tallies import wrong_tallies
from responses.tokens import token_hash
from responses.verification import Verdict, verify

FIELDS = (
    *("id", "reference", "token_hash", "state", "page", "language", "answers", "not_shown"),
    *("assignments", "tries", "exposed_at", "completed_at"),
)


@dataclass(frozen=True)
class Stored:
    """A page as the database has it."""

    page: str
    answers: Answers
    received_at: datetime


@dataclass(frozen=True)
class Row:
    """A participant as the database has them, with the pages that they sent in their order."""

    id: int
    reference: UUID
    token_hash: bytes
    state: str
    page: str
    language: str
    answers: Answers
    not_shown: Sequence[str]
    assignments: Mapping[str, Mapping[str, Any]]
    tries: Mapping[str, int]
    exposed_at: datetime | None
    completed_at: datetime | None
    sent: tuple[Stored, ...] = ()


@dataclass(frozen=True)
class Reckoned:
    """What came of it: rows by person, and how the database differs from what people were told.

    `lost` pages were taken and are not there, `doubled` are there more often than they were taken,
    `changed` with other answers. `strangers` are participants whom nobody played, `absent` people
    who were let in and are not there. `errors` counts what went wrong by what it was.
    """

    rows: Mapping[int, Row]
    states: Mapping[str, int]
    taken: int
    stored: int
    lost: int
    doubled: int
    changed: int
    strangers: int
    absent: int
    errors: Mapping[str, int]
    ledger: Verdict
    tallies: int = 0
    visits: Sequence[Visit] = field(default_factory=tuple, repr=False)

    @property
    def faultless(self) -> bool:
        """Whether everything is as it was told."""
        wrong = self.lost + self.doubled + self.changed + self.strangers + self.absent
        return not (wrong or self.errors or self.tallies) and self.ledger.holds


def reckoned(study: Study, visits: Sequence[Visit]) -> Reckoned:
    """The reckoning of a rehearsal that is over; replays the study's ledger."""
    found = {row.token_hash: row for row in _rows(study)}
    mine = {one.person: found.get(token_hash(one.token)) for one in visits if one.token}
    rows = {person: row for person, row in mine.items() if row is not None}
    whole = [one for one in visits if not one.error]
    parted = Counter[str]()
    for one in whole:
        parted.update(_differences(one, rows.get(one.person)))
    return Reckoned(
        rows=rows,
        states=dict(Counter(row.state for row in rows.values())),
        taken=sum(len(one.sent) for one in visits),
        stored=sum(len(row.sent) for row in found.values()),
        lost=parted["lost"],
        doubled=parted["doubled"],
        changed=parted["changed"],
        strangers=len(found) - len(rows),
        absent=sum(bool(one.sent) and one.person not in rows for one in whole),
        errors=dict(Counter(one.error for one in visits if one.error)),
        ledger=verify(study, seed_of(study)),
        tallies=len(wrong_tallies(study)),
        visits=visits,
    )


def _differences(one: Visit, row: Row | None) -> Iterator[str]:
    """What is wrong with the pages of one person, page by page."""
    stored = [(each.page, each.answers) for each in row.sent] if row else []
    yield from ["lost"] * max(0, len(one.sent) - len(stored))
    yield from ["doubled"] * max(0, len(stored) - len(one.sent))
    for told, held in zip(one.sent, stored, strict=False):
        if (told[0], dict(told[1])) != (held[0], dict(held[1])):
            yield "changed"


def _rows(study: Study) -> Iterator[Row]:
    """Everybody of the rehearsal; two statements."""
    sent: dict[int, list[Stored]] = {}
    of = Submission.objects.filter(participant__study=study, participant__mode=Mode.REHEARSAL)
    pages = of.order_by("participant_id", "revision")
    for person, page, answers, at in pages.values_list(
        "participant_id", "page", "answers", "received_at"
    ):
        sent.setdefault(person, []).append(Stored(page, answers, at))
    people = Participant.objects.filter(study=study, mode=Mode.REHEARSAL)
    for values in people.order_by("id").values(*FIELDS):
        values["token_hash"] = bytes(values["token_hash"])
        yield Row(**values, sent=tuple(sent.get(values["id"], ())))
