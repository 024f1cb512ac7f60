"""Counts in a process of its own: `python -m benchmarks.budget.counting`, for `benchmarks.budget`.

The environment names the servers and pins what varies (`running.environment`). Prints JSON: of each
request statements, round trips, bytes and function calls (`pages`), the packages that were loaded
when participants had been served (`packages`), and what they left behind (`objects`).
"""

import gc
import json
import sys
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import CodeType

from benchmarks.budget.pinned import pin_chance
from benchmarks.budget.visitor import Answered, Visitor
from benchmarks.budget.wire import Wire

# A statement that is planned once is so from its sixth time on. The lists of the desk tell of
# everybody, so that as many always come.
WARM_UP, PEOPLE = 8, 18
NOTHING: Mapping[str, str] = {}


def main() -> None:
    """Launches the study, warms up, counts, and prints; with a request's name, where it calls."""
    from benchmarks.product import launch_study  # noqa: PLC0415
    from coprod_site.handler import Handler  # noqa: PLC0415
    from coprod_site.wsgi import served_by  # noqa: PLC0415

    # It answers here what a site has answered beside: its statements and calls are counted, too.
    application = served_by(Handler())
    pin_chance("launch")
    launch_study()
    from benchmarks.budget.growing import grown  # noqa: PLC0415
    from benchmarks.budget.journeys import arms, desk, researcher, send_until  # noqa: PLC0415

    wire, cookies, every = Wire(), researcher(), arms()

    def visitor(count: bool = False, known: Mapping[str, str] = NOTHING) -> Visitor:
        return Visitor(application, wire, known, count=count)

    came, _ = send_until(set(every), visitor, at_least=WARM_UP)
    packages = sorted({name.partition(".")[0] for name in sys.modules})
    deque(desk(visitor(known=cookies)), maxlen=0)
    gc.collect()
    gc.disable()
    # An arm has its own words: who is counted has the first one, however many it takes.
    more, found = send_until({every[0]}, lambda: visitor(count=True), at_least=1)
    send_until(set(), visitor, at_least=PEOPLE - came - more)
    found |= dict(desk(visitor(count=True, known=cookies)))
    gc.enable()
    if sys.argv[1:]:
        print(*_where(found[sys.argv[1]].calls), sep="\n")
    else:
        pages = {name: _cost(answered) for name, answered in found.items()}
        left = grown(visitor, WARM_UP)
        print(
            json.dumps(
                {"pages": pages, "packages": packages, "objects": left.objects, "bytes": left.bytes}
            )
        )


def _cost(answered: Answered) -> dict[str, int]:
    return {
        "statements": answered.statements,
        "round trips": answered.trips,
        "bytes": answered.size,
        "calls": answered.calls.total(),
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
