"""What stays in the process after participants have gone: nothing may.

Imported once Django is set up.
"""

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.budget.journeys import send_until
from benchmarks.budget.visitor import Visitor


@dataclass(frozen=True)
class Grown:
    """What as many participants more left behind.

    `objects` are the types of which there is at least one more for each participant, with how many
    more there are; `bytes` all of Python's memory together.
    """

    objects: dict[str, int]
    bytes: int


def grown(visitor: Callable[[], Visitor], people: int) -> Grown:
    """Sends that many participants, and as many again, and compares what there is after each."""
    tracemalloc.start()
    send_until(set(), visitor, at_least=people)
    before, size_before = _objects(), tracemalloc.get_traced_memory()[0]
    send_until(set(), visitor, at_least=people)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    after = _objects()
    more = {name: number - before[name] for name, number in after.items()}
    return Grown({name: n for name, n in more.items() if n >= people}, size - size_before)


def _objects() -> Counter[str]:
    """How many objects of each type the collector knows, once nothing is left to collect."""
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    return Counter(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds)
