"""What the lists hold next, kept in the process.

A position of a list depends on the seed alone, so what was drawn once is never out of date. Only
where the list stands can be, and the statement that claims a position sees to that itself.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from experiments.randomisation import Draw, Place
from responses.ledger.drawing import levels_of
from responses.ledger.head import read_head
from responses.ledger.lists import ListName, draws, seed_in_use, share

# How many positions are sent along at the least, and twice as many at the most. More than the
# requests that other processes can have put on a list since this one last saw it; if they are
# overrun all the same, the head is read again.
WINDOW = 64
# Of how many lists; a study has one for each stratum.
LISTS = 256


@dataclass(frozen=True)
class Ahead:
    """The draws of a list from the position on that is its next, as far as this process knows."""

    name: ListName
    head: int
    draws: tuple[Draw, ...]
    # The same for every position: codes, probabilities and levels of the arms.
    arms: dict[str, Any]

    @cached_property
    def sent(self) -> dict[str, Any]:
        """What a claim sends along; arrays as Postgres writes them, which costs least."""
        return self.arms | {
            "head": self.head,
            "first": self.draws[0].position,
            "blocks": _array(draw.block for draw in self.draws),
            "starts": _array(draw.block_start for draw in self.draws),
            "drawn": _array(draw.arm + 1 for draw in self.draws),
        }

    def behind(self, position: int) -> "Ahead":
        """The same once that position was taken, which was one of those that were sent."""
        rest = self.draws[position + 1 - self.draws[0].position :]
        if len(rest) >= WINDOW:
            return self
        last = self.draws[-1]
        place = Place(last.position + 1, last.block, last.block_start)
        return replace(self, draws=rest + _drawn(self.name, place, 2 * WINDOW - len(rest)))


_kept: dict[tuple[int, str, str, str], Ahead] = {}


def ahead_of(name: ListName) -> Ahead:
    """What the list holds next; its head is read, without a lock, if the process has not met it."""
    if (found := _kept.get(name.key)) is None:
        head = read_head(name, lock=False)
        found = Ahead(name, head.id, _drawn(name, head.place, 2 * WINDOW), _arms(name))
    return found


def keep(ahead: Ahead) -> None:
    """Goes on from there the next time."""
    if len(_kept) >= LISTS:
        _kept.clear()
    _kept[ahead.name.key] = ahead


def forget(name: ListName) -> None:
    """Reads the list's head the next time."""
    _kept.pop(name.key, None)


def _drawn(name: ListName, place: Place, number: int) -> tuple[Draw, ...]:
    return tuple(islice(draws(name, seed_in_use(name.version.study_id), place), number))


def _arms(name: ListName) -> dict[str, Any]:
    step = name.randomisation
    codes = [arm.code for arm in step.arms]
    return {
        "arms": codes,
        "probabilities": [share(name, arm) for arm in range(len(codes))],
        "levels": json.dumps({code: levels_of(step, code, 1) for code in codes}),
    }


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
