"""The flow of participants: what became of everybody who entered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from responses.models import State
from responses.monitor.tallied import Kind, Tallied, read_tallied


@dataclass(frozen=True)
class Place:
    """Participants of one state, page and version, as far as they came: how many.

    `page` and `day`, the day that they were last seen in days since 1970, are of those who are
    answering; else empty and 0.
    """

    state: State
    version_id: int
    consented: bool
    exposed: bool
    page: str
    day: int
    people: int


@dataclass(frozen=True)
class Ended:
    """Of people who came as far as something and not to the next: what became of them."""

    screened_out: int
    quota_full: int
    withdrawn: int
    answering: int
    # Those of whom the next thing was not asked, such as the vignette.
    completed: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        counts = (self.screened_out, self.quota_full, self.withdrawn, self.answering)
        return sum(counts) + self.completed


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


def places_of(tallied: Tallied) -> tuple[Place, ...]:
    """Where everybody is."""
    return tuple(_place(key, people) for key, people in tallied.of(Kind.PLACE).items())


def people_by_mode(study_id: int) -> dict[str, int]:
    """How many entered in each mode in which somebody did; one statement."""
    found = read_tallied(study_id, open_modes=())
    return {mode: sum(tallied.of(Kind.PLACE).values()) for mode, tallied in found.items()}


def _place(key: str, people: int) -> Place:
    state, version, consented, exposed, page, day = key.split("|")
    return Place(
        State(state), int(version), consented == "1", exposed == "1", page, int(day or 0), people
    )


def flow_of(places: Iterable[Place]) -> Flow:
    """The flow, all arms together."""
    after: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for place in places:
        (after if place.consented else before)[place.state] += place.people
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


def ended_of(places: Iterable[Place], *, exposed: bool) -> Ended:
    """What became of those who consented, of whom had seen the vignette or of whom had not.

    Completed are told only of those who had not: the others are those who completed.
    """
    found: Counter[str] = Counter()
    for place in places:
        if place.consented and place.exposed is exposed:
            found[place.state] += place.people
    return Ended(
        screened_out=found[State.SCREENED_OUT],
        quota_full=found[State.QUOTA_FULL],
        withdrawn=found[State.WITHDRAWN],
        answering=found[State.ANSWERING],
        completed=0 if exposed else found[State.COMPLETED],
    )
