"""PURE: the order in which a run moved its people on, so that another can be moved on likewise."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias

# A person, and which of their pages from 0.
Move: TypeAlias = tuple[int, int]


def in_order(
    times: Mapping[int, Sequence[datetime]], chains: Iterable[Sequence[Move]]
) -> list[int]:
    """Whose page came next, one entry for each page: by its time, as far as nothing else is known.

    `times` has each person's pages in their order; of a chain the moves came in its order, whatever
    their times say. Clocks tell neither who was first in a list nor who completed first if both
    came at once. ValueError if chains contradict each other.
    """
    after: dict[Move, list[Move]] = {}
    waits: dict[Move, int] = {}
    own = [[(person, place) for place in range(len(at))] for person, at in times.items()]
    for chain in (*own, *chains):
        for before, then in pairwise(chain):
            after.setdefault(before, []).append(then)
            waits[then] = waits.get(then, 0) + 1
    free = [(at[0], (person, 0)) for person, at in times.items() if at and (person, 0) not in waits]
    heapq.heapify(free)
    found = []
    while free:
        _at, move = heapq.heappop(free)
        found.append(move[0])
        for then in after.get(move, ()):
            waits[then] -= 1
            if not waits[then]:
                heapq.heappush(free, (times[then[0]][then[1]], then))
    if len(found) < sum(map(len, times.values())):
        raise ValueError("The pages of the run have no order.")
    return found
