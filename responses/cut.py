"""The cut of a look: which participants it analyses, in which order, and the mark that says so."""

import hashlib
import logging
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
import psycopg
from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.db.models.query import ValuesListIterable
from psycopg import ClientCursor

from experiments.answers import Answer, Answers
from responses.coded import Coded, CodedSteps, Listed
from responses.hashed_joins import hashed_joins
from responses.models import Paradata, Participant, State
from responses.opened import Opener, StepsOpener
from responses.replica import is_configured, replica_connection

logger = logging.getLogger(__name__)

DEVICE = Subquery(
    Paradata.objects.filter(participant=OuterRef("pk"), facts__has_key="device")
    .order_by("revision")
    .values(device=KT("facts__device"))[:1]
)

# How many are fetched at a time, and how many have their columns extended together.
FETCHED = 5000
TOGETHER = 2000
KEY = "key"
# That of an index: a million need no sorting.
ORDER = ("completed_at", "id")

# What the database has of one of them, as texts in this order.
COPIED = (
    *("id", "reference", "answers", "not_shown", "assignments", "language"),
    Coalesce(DEVICE, Value(""), output_field=TextField()),
    "version_id",
)
Line: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One participant of a cut, with what the analysis may read of them.

    `device` is the class of the one that sent their first page, `version` the id of the version
    that they began on, `id` their own. No digest of a cut counts these or the language.
    """

    reference: UUID
    answers: Answers
    assignments: Mapping[str, Mapping[str, Any]]
    language: str = ""
    device: str = ""
    version: int = 0
    id: int = 0


OTHER_FIELDS = ("language", "device", "version")


class Cut:
    """The members of a cut in their order, kept as columns, so that a million fit into memory.

    `answers` and `assignments` are the columns, `ids` those of the participants. Assignments are
    kept without the keys of their rows in the ledger, by which nothing is analysed, and references
    not at all. `digest` is the SHA-256 over the members: the reference, answers and assignments of
    each as a line of canonical JSON, with the keys.
    """

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.answers, self.assignments, self.ids = Coded(), CodedSteps(), array("q")
        self._others = Coded()
        self._lines, self._opener, self._steps = hashlib.sha256(), Opener(), StepsOpener()
        for member in members:
            said = (_json(member.answers), "[]", _json(member.assignments))
            others = (member.language, member.device, str(member.version))
            self._extend([(str(member.id), str(member.reference), *said, *others)])

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return self._lines.hexdigest()

    def extend(self, rows: Iterable[Line]) -> None:
        """The next members, from the texts that the database has of them."""
        rows = iter(rows)
        while batch := list(islice(rows, TOGETHER)):
            self._extend(batch)

    def _extend(self, batch: Sequence[Line]) -> None:
        ids, references, answers, not_shown, assignments, *others = zip(*batch, strict=True)
        others[-1] = tuple(map(int, others[-1]))
        counted = self._opener.open(answers)
        for at, codes in enumerate(not_shown):
            if codes != "[]":
                for code in msgspec.json.decode(codes):
                    counted.drop(at, code)
        held = self._steps.open(assignments)
        names = [each.replace("-", "") for each in references]
        facts = zip(names, counted.objects, held.objects, strict=True)
        self._lines.update(b"".join(map(_line, facts)))
        self.assignments.extend(held.columns(without=KEY), len(batch))
        self.answers.extend(counted.columns, len(batch))
        self._others.extend(dict(zip(OTHER_FIELDS, others, strict=True)), len(batch))
        self.ids.extend(map(int, ids))

    def facts(self, name: str) -> Listed:
        """One of the other fields of all members, in their order: language, device or version."""
        column = self._others.columns.get(name)
        return Listed() if column is None else Listed(column.values, column.codes(len(self))[0])

    def __len__(self) -> int:
        return len(self.answers)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _line(facts: tuple[object, ...]) -> bytes:
    return msgspec.json.encode(facts, order="sorted") + b"\n"


@transaction.atomic
def take_cut(*, study_id: int, mode: str, number: int, eligible: Q, size: int | None) -> Cut:
    """The members of the cut of look `number`, in their order, marked as seen by it.

    Those of earlier cuts come first, so cut k contains cut k − 1 also when somebody who completed
    earlier was committed later; then completes in the order of completion, up to `size` (all if
    None). The mark (`first_look`) is what lifts the blinding of their rows. The caller holds the
    lock of the study's looks and its transaction.
    """
    people = Participant.objects.filter(study_id=study_id, mode=mode, state=State.COMPLETED)
    # Earlier cuts are those of earlier looks: the first one need not look for any.
    earlier = people.filter(eligible, first_look__lt=number) if number > 1 else people.none()
    held = _hold(earlier)
    left = None if size is None else max(size - held, 0)
    new = _mark(people, eligible, number, left)
    parts: list[QuerySet[Participant]] = []
    if held:
        parts.append(earlier.order_by("first_look", *ORDER)[:size])
    if new:
        parts.append(people.filter(first_look=number).order_by(*ORDER))
    cut = _from_replica(parts)
    return cut if cut is not None else _read(copied(part.values_list(*COPIED)) for part in parts)


def _read(parts: Iterable[Iterable[Line]]) -> Cut:
    cut = Cut()
    for part in parts:
        cut.extend(part)
    return cut


def _from_replica(parts: Sequence[QuerySet[Participant]]) -> Cut | None:
    """The same from the replica, by the ids that the database has, in that order.

    The marks are not committed, so it can't see them; it need not, for whoever is marked is locked,
    and changes no more until the look is over. None where it can't be read from.
    """
    if not is_configured():
        return None
    ids = array("q", (int(key) for part in parts for (key,) in copied(part.values_list("id"))))
    found = replica_connection(psycopg.Connection, "coprod look's cut")
    if found is None:
        return None
    try:
        with found[0] as other:
            return _read([_by_id(other, ids)])
    except psycopg.Error as error:
        logger.warning("A look's cut is read from the primary: %s", str(error).strip())
        return None


def _by_id(other: psycopg.Connection, ids: "array[int]") -> Iterator[Line]:
    """The rows of these, in that order, a few thousand at a time."""
    for start in range(0, len(ids), FETCHED):
        wanted = ids[start : start + FETCHED]
        rows = Participant.objects.filter(pk__in=wanted.tolist()).order_by().values_list(*COPIED)
        lines = {int(line[0]): line for line in copied(rows, other)}
        if len(lines) < len(wanted):
            raise psycopg.DataError("somebody of the cut is not on the replica")
        yield from (lines[key] for key in wanted)


def _hold(rows: QuerySet[Participant]) -> int:
    """Locks those rows until the transaction ends, and counts them."""
    locked: Any = rows.order_by("pk").select_for_update(no_key=True).values_list("pk")
    read: Iterable[Any] = ValuesListIterable(locked, chunked_fetch=True, chunk_size=FETCHED)
    return sum(1 for _ in read)


def _mark(people: QuerySet[Participant], eligible: Q, number: int, left: int | None) -> int:
    """Marks as many of them as are left for the look; returns how many it came to.

    The mark locks them: nobody who is in withdraws, or changes, before the look is over.
    """
    found = 0
    while True:
        chosen = people.filter(eligible, first_look=None).order_by(*ORDER).values("pk")
        most = None if left is None else left - found
        # What else makes them eligible does not change; that they are still there is asked again.
        with hashed_joins():
            marked = people.filter(first_look=None, pk__in=chosen[:most]).update(first_look=number)
        found += marked
        # Who withdrew while they were chosen is not marked: somebody else takes their place.
        if left is None or found >= left or not marked:
            return found


def copied(
    rows: QuerySet[Participant, Any], on: psycopg.Connection | None = None
) -> Iterator[tuple[str, ...]]:
    """What a query finds as Postgres writes it, row by row, while Postgres goes on reading.

    Of its columns none may be null. It is asked on another connection than the site's own if one
    is given.
    """
    statement, parameters = rows.query.sql_with_params()
    connection.ensure_connection()
    with ClientCursor(on or connection.connection) as cursor:
        # COPY takes no parameters.
        query = cursor.mogrify(statement, parameters)
        with cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as copy:
            yield from copy.rows()


def counted_answers(answers: str, not_shown: str) -> dict[str, Answer]:
    """Answers from their JSON; those to items that were not to be shown in the end don't count."""
    counted: dict[str, Answer] = msgspec.json.decode(answers)
    for code in msgspec.json.decode(not_shown):
        counted.pop(code, None)
    return counted
