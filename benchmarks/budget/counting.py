"""Counts in a process of its own: `python -m benchmarks.budget.counting`, for `benchmarks.budget`.

The environment names the servers and pins what varies (`running.environment`). Prints JSON: of each
request statements, round trips, bytes and function calls.
"""

import gc
import json
import sys
from collections import Counter, deque
from collections.abc import Iterable
from pathlib import Path
from statistics import median_low
from types import CodeType

from benchmarks.budget.pinned import pin_chance
from benchmarks.budget.visitor import Answered, Visitor
from benchmarks.budget.wire import Wire

# Until each arm was shown, and each statement that is planned once has been.
WARM_UP, COUNTED = 7, 3


def main() -> None:
    """Launches the study, warms up, counts, and prints; with a request's name, where it calls."""
    pin_chance("budget")
    from benchmarks.product import launch_study  # noqa: PLC0415
    from coprod_site.wsgi import application  # noqa: PLC0415

    launch_study()
    from benchmarks.budget.journeys import desk, journey, researcher  # noqa: PLC0415

    wire, found = Wire(), dict[str, list[Answered]]()
    for _ in range(WARM_UP):
        deque(journey(Visitor(application, wire, {}, count=False)), maxlen=0)
    cookies = researcher()
    deque(desk(Visitor(application, wire, cookies, count=False)), maxlen=0)
    gc.collect()
    gc.disable()
    for _ in range(COUNTED):
        for name, answered in journey(Visitor(application, wire, {}, count=True)):
            found.setdefault(name, []).append(answered)
    for name, answered in desk(Visitor(application, wire, cookies, count=True)):
        found[name] = [answered]
    if sys.argv[1:]:
        print(*_where(found[sys.argv[1]][-1].calls), sep="\n")
    else:
        print(json.dumps({name: _cost(each) for name, each in found.items()}))


def _cost(answers: Iterable[Answered]) -> dict[str, int]:
    """The middle one of several: arms differ in their words."""
    each = list(answers)
    return {
        "statements": median_low(one.statements for one in each),
        "round trips": median_low(one.trips for one in each),
        "bytes": median_low(one.size for one in each),
        "calls": median_low(one.calls.total() for one in each),
    }


def _where(calls: Counter[CodeType]) -> Iterable[str]:
    """The modules that are called most, each with its functions."""
    modules: Counter[str] = Counter()
    for code, number in calls.items():
        modules[code.co_filename] += number
    for module, total in modules.most_common(40):
        inside = Counter({c.co_qualname: n for c, n in calls.items() if c.co_filename == module})
        told = ", ".join(f"{name} {number}" for name, number in inside.most_common(6))
        yield f"{total:6} {'/'.join(Path(module).parts[-3:])}: {told}"


if __name__ == "__main__":
    main()
