"""The flow by arm, for modes whose arms are no secret."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from responses.models import State
from responses.monitor.tallied import Kind, Tallied


@dataclass(frozen=True)
class ByArm:
    """One arm: how many were allocated, and what became of those who are still linked to it."""

    arm: str
    allocated: int
    exposed: int
    answering: int
    ended: int
    completed: int

    @property
    def unlinked(self) -> int:
        """Who withdrew and had everything erased, or whose position was given again."""
        return max(0, self.allocated - self.answering - self.ended - self.completed)


@dataclass(frozen=True)
class Arms:
    """The arms of one randomisation; those of decks are not `followed`, but only counted."""

    randomisation: str
    followed: bool
    arms: tuple[ByArm, ...]


def arms_of(tallied: Tallied, *, decks: Collection[str]) -> tuple[Arms, ...]:
    """The arms by randomisation, in the order of their codes; empty where arms are secret."""
    allocated: dict[str, dict[str, int]] = {}
    for key, people in tallied.of(Kind.ALLOCATED).items():
        randomisation, arm = key.split("|")
        allocated.setdefault(randomisation, {})[arm] = people
    linked = _linked(tallied)
    return tuple(
        Arms(
            randomisation,
            randomisation not in decks,
            tuple(_by_arm(arm, n, linked.get((randomisation, arm), ())) for arm, n in sorted(arms)),
        )
        for randomisation, of in sorted(allocated.items())
        for arms in [of.items()]
    )


_Linked = Collection[tuple[str, bool, int]]


def _linked(tallied: Tallied) -> dict[tuple[str, str], list[tuple[str, bool, int]]]:
    """By randomisation and arm: the states, whether they saw the vignette, and how many."""
    found: dict[tuple[str, str], list[tuple[str, bool, int]]] = {}
    for key, people in tallied.of(Kind.ARM).items():
        randomisation, arm, state, exposed = key.split("|")
        found.setdefault((randomisation, arm), []).append((state, exposed == "1", people))
    return found


def _by_arm(arm: str, allocated: int, linked: _Linked) -> ByArm:
    states: Counter[str] = Counter()
    for state, _, people in linked:
        states[state] += people
    answering, completed = states[State.ANSWERING], states[State.COMPLETED]
    return ByArm(
        arm=arm,
        allocated=allocated,
        exposed=sum(people for _, exposed, people in linked if exposed),
        answering=answering,
        ended=states.total() - answering - completed,
        completed=completed,
    )
