"""PURE: who of a panel's list is to be paid, by their completion code and the panel's id.

The code decides; where the list has none, or the panel's own, the id under which somebody came
does. Nothing is decided for good: what is not plain is marked to be looked at.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Pay(StrEnum):
    """What the list should do with somebody."""

    YES = "yes"
    NO = "no"
    LOOK = "look"


@dataclass(frozen=True)
class Claim:
    """What a row of the panel's list says of somebody; either may be empty."""

    code: str
    panel_id: str


@dataclass(frozen=True)
class Person:
    """A participant as this study knows them; `number` tells them apart.

    `finished` if they came to the end page, also if they withdrew later. `panel_id` is empty if
    they brought none or it was erased.
    """

    number: int
    state: str
    finished: bool
    panel_id: str = ""


@dataclass(frozen=True)
class Known:
    """The participants by code and by panel id, and the ids of the list that withdrew."""

    by_code: Mapping[str, Person]
    by_id: Mapping[str, Person]
    withdrawn_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """Whether to pay, why in one sentence, and the state by which that was decided."""

    pay: Pay
    why: str
    state: str = ""


ENDS = {
    "screened_out": Verdict(Pay.NO, "Screened out.", "screened_out"),
    "quota_full": Verdict(Pay.NO, "A quota was full.", "quota_full"),
    "refused": Verdict(Pay.NO, "Declined to take part.", "refused"),
    "answering": Verdict(Pay.NO, "Not completed.", "answering"),
}
WITHDREW = Verdict(Pay.LOOK, "Withdrew: pay as your consent page promises.", "withdrawn")
COMPLETED_AND_WITHDREW = Verdict(Pay.YES, "Completed, and withdrew later.", "withdrawn")
COMPLETED = Verdict(Pay.YES, "Completed.", "completed")
BY_ID = " Found by the panel's id: "
WITHOUT_CODE = f"{BY_ID}the list has no code."
OTHER_CODE = f"{BY_ID}the code is none of this study's."
NOBODY = Verdict(Pay.NO, "No code, and nobody of this panel id took part.")
NOBODY_OF_ID = Verdict(Pay.NO, "Nobody of this panel id took part.")
NOTHING = Verdict(Pay.NO, "Neither a code nor a panel id.")
UNKNOWN = Verdict(Pay.NO, "Unknown code: nobody of this study has it.")
ANOTHERS = "The code belongs to another panel id."
TWICE = "Used twice in the file: pay one of the rows. "


def check_codes(claims: Sequence[Claim], known: Known) -> tuple[Verdict, ...]:
    """The verdict on each row, in the order of the rows."""
    found = [_person(claim, known) for claim in claims]
    verdicts = [_verdict(claim, person, known) for claim, person in zip(claims, found, strict=True)]
    paid = Counter(
        person.number
        for person, verdict in zip(found, verdicts, strict=True)
        if person and verdict.pay is Pay.YES
    )
    return tuple(
        Verdict(Pay.LOOK, TWICE + verdict.why, verdict.state)
        if person and paid[person.number] > 1 and verdict.pay is Pay.YES
        else verdict
        for person, verdict in zip(found, verdicts, strict=True)
    )


def _person(claim: Claim, known: Known) -> Person | None:
    """Whom a row is about: the code's holder, else whoever came under the id."""
    return known.by_code.get(claim.code) or known.by_id.get(claim.panel_id)


def _verdict(claim: Claim, person: Person | None, known: Known) -> Verdict:
    if person is None:
        return _stranger(claim, known)
    if claim.code not in known.by_code:
        verdict = verdict_on(person)
        told = OTHER_CODE if claim.code else WITHOUT_CODE
        return Verdict(verdict.pay, verdict.why + told, verdict.state)
    if claim.panel_id and person.panel_id and claim.panel_id != person.panel_id:
        return Verdict(Pay.LOOK, ANOTHERS, person.state)
    if claim.panel_id and not person.panel_id and claim.panel_id in known.by_id:
        # The row's id is somebody's, and the code is that of somebody who brought none.
        return Verdict(Pay.LOOK, ANOTHERS, person.state)
    return verdict_on(person)


def _stranger(claim: Claim, known: Known) -> Verdict:
    """The verdict on a row that finds nobody."""
    if claim.panel_id in known.withdrawn_ids:
        return WITHDREW
    if claim.code:
        return UNKNOWN
    return NOBODY if claim.panel_id else NOTHING


def verdict_on(person: Person) -> Verdict:
    """The verdict on somebody who is known, by how far they came."""
    if person.state == "completed":
        return COMPLETED
    if person.state == "withdrawn":
        return COMPLETED_AND_WITHDREW if person.finished else WITHDREW
    return ENDS[person.state]
