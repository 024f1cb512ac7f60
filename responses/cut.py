"""The cut of a look: which participants it analyses, in which order, and the mark that says so."""

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from experiments.answers import Answer, Answers
from responses.coded import Coded, CodedSteps
from responses.models import Paradata, Participant, State

DEVICE = Subquery(
    Paradata.objects.filter(participant=OuterRef("pk"), facts__has_key="device")
    .order_by("revision")
    .values(device=KT("facts__device"))[:1]
)

# How many are read, and marked, at a time.
FETCHED = 5000


@dataclass(frozen=True)
class Member:
    """One participant of a cut, with what the analysis may read of them.

    `device` is the class of the one that sent their first page, `version` the id of the version
    that they began on. No digest of a cut counts these or the language.
    """

    reference: UUID
    answers: Answers
    assignments: Mapping[str, Mapping[str, Any]]
    language: str = ""
    device: str = ""
    version: int = 0


OTHER_FIELDS = tuple(field.name for field in fields(Member))[3:]


class Cut(Sequence[Member]):
    """The members of a cut in their order, kept as columns, so that a million fit into memory.

    `answers` and `assignments` are the columns. `digest` is the SHA-256 over the members: the
    reference, answers and assignments of each as a line of canonical JSON.
    """

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.answers, self.assignments = Coded(), CodedSteps()
        self._references, self._others = bytearray(), Coded()
        lines = hashlib.sha256()
        for at, member in enumerate(members):
            facts = [member.reference.hex, member.answers, member.assignments]
            lines.update(msgspec.json.encode(facts, order="sorted") + b"\n")
            self._references += member.reference.bytes
            self.answers.put(at, member.answers)
            self.assignments.put(at, member.assignments)
            self._others.put(at, {name: getattr(member, name) for name in OTHER_FIELDS})
        self.digest = lines.hexdigest()

    def facts(self, name: str) -> list[Any]:
        """One of the other fields of all members, in their order: language, device or version."""
        column = self._others.columns.get(name)
        if column is None:
            return []
        places, _absent = column.codes(len(self))
        return [column.values[place] for place in places]

    @property
    def keys(self) -> set[str]:
        """The keys of the ledger's rows that its members hold."""
        held = (coded.columns["key"].values for coded in self.assignments.steps.values())
        return set().union(*held)

    def __len__(self) -> int:
        return len(self.answers)

    @overload
    def __getitem__(self, at: int) -> Member: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Member]: ...
    def __getitem__(self, at: int | slice) -> Member | Sequence[Member]:
        found = range(len(self))[at]
        return self._member(found) if isinstance(found, int) else list(map(self._member, found))

    def _member(self, at: int) -> Member:
        reference = UUID(bytes=bytes(self._references[16 * at : 16 * at + 16]))
        return Member(reference, self.answers[at], self.assignments[at], **self._others[at])


@transaction.atomic
def take_cut(*, study_id: int, mode: str, number: int, eligible: Q, size: int | None) -> Cut:
    """The members of the cut of look `number`, in their order, marked as seen by it.

    Those of earlier cuts come first, so cut k contains cut k − 1 also when somebody who completed
    earlier was committed later; then completes in the order of completion, up to `size` (all if
    None). The mark (`first_look`) is what lifts the blinding of their rows. The caller holds the
    lock of the study's looks and its transaction.
    """
    rows = (
        Participant.objects.select_for_update(no_key=True)
        .filter(eligible, study_id=study_id, mode=mode, state=State.COMPLETED)
        .order_by(F("first_look").asc(nulls_last=True), "completed_at", "id")
        .values_list(
            *("id", "first_look", "reference"),
            *(Cast(name, TextField()) for name in ("answers", "not_shown", "assignments")),
            *("language", DEVICE, "version_id"),
        )[:size]
    )
    new = array("q")

    def members() -> Iterable[Member]:
        # Read a few at a time by a cursor of the server: no one holds all of their JSON.
        for row in rows.iterator(FETCHED):
            pk, first_look, reference, answers, not_shown, held, language, device, version = row
            if first_look is None:
                new.append(pk)
            counted = counted_answers(answers, not_shown)
            given = msgspec.json.decode(held)
            yield Member(reference, counted, given, language, device or "", version)

    cut = Cut(members())
    for start in range(0, len(new), FETCHED):
        marked = new[start : start + FETCHED].tolist()
        Participant.objects.filter(id__in=marked).update(first_look=number)
    return cut


def counted_answers(answers: str, not_shown: str) -> dict[str, Answer]:
    """Answers from their JSON; those to items that were not to be shown in the end don't count."""
    counted: dict[str, Answer] = msgspec.json.decode(answers)
    for code in msgspec.json.decode(not_shown):
        counted.pop(code, None)
    return counted
