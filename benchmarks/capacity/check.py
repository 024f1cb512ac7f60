"""`make capacity-check`: holds the model against runs on half a machine and on a whole one.

First one respondent at a time tells what a participant costs. From that alone it is reckoned how
many a second fill half of the processors and all of them, and then that many are sent.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from statistics import median

import psutil

from benchmarks import command, product
from benchmarks.capacity.cores import Busy, pin, pin_this
from benchmarks.capacity.rest import at_rest, beyond_rest
from benchmarks.counting import counted_in_product
from benchmarks.measuring import Cost, Drive, System
from benchmarks.report import agreement, machine, write_json
from benchmarks.servers import postgres
from benchmarks.systems import driving, product_alone, warm_up
from benchmarks.thinking import scripts_of
from coprod_site.problems import StartError


@dataclass(frozen=True)
class Place:
    """Which processors servers and respondents have: the same, if they share them."""

    name: str
    servers: tuple[int, ...]
    clients: tuple[int, ...]

    @property
    def shared(self) -> bool:
        """Whether respondents take time from the servers."""
        return self.servers == self.clients


@dataclass(frozen=True)
class Held:
    """A rate that was reckoned and one that was measured, and what share others had of the CPU.

    `left` is the reckoned rate on what others left.
    """

    place: str
    reckoned: float
    measured: float
    others: float

    @property
    def left(self) -> float:
        """What was reckoned, of the time that others left."""
        return self.reckoned * (1 - self.others)


def places(cores: Sequence[int]) -> tuple[Place, ...]:
    """The arrangements on so many processors: half with the others for respondents, half, whole."""
    half, rest, whole = (
        tuple(cores[: len(cores) // 2]),
        tuple(cores[len(cores) // 2 :]),
        tuple(cores),
    )
    return (
        Place("half, respondents on the other half", half, rest),
        Place("half, respondents too", half, half),
        Place("whole, respondents too", whole, whole),
    )


def reckoned(place: Place, cost: Cost, rest: Cost) -> float:
    """Participants per second that fill the servers' processors, by what one costs.

    Beyond what the site takes in each second in which nobody comes.
    """
    return (len(place.servers) - _servers(rest)) / _spent(place, cost)


def _servers(cost: Cost) -> float:
    return cost.web + cost.postgres + cost.beside


def _spent(place: Place, cost: Cost) -> float:
    """Of the servers' processors."""
    return _servers(cost) + (cost.clients if place.shared else 0.0)


def main() -> None:
    """Measures, prints, and ends with 1 if somebody met an error or something was lost."""
    command.run(lambda: check(_arguments()))


def check(arguments: argparse.Namespace) -> bool:
    """Reckons and measures; returns whether all went well, whatever the ratios."""
    cores = sorted(psutil.Process().cpu_affinity() or [])
    if len(cores) < 2:
        raise StartError("Half a machine needs a machine of two processors or more.")
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        system = product_alone(stack, server)
        warm_up([system], arguments.in_flight)
        rest = at_rest(system, arguments.rest)
        cost = beyond_rest(system, "calm", _driving(arguments.calm, 1, "calm"), rest)
        found = [
            _held(system, place, reckoned(place, cost, rest), arguments, repeat)
            for repeat in range(arguments.repeats)
            for place in places(cores)
        ]
        holds, line = agreement(system, counted_in_product(product.STUDY))
    _report(about, cost, rest, found)
    held = [asdict(each) for each in found]
    figures = {"machine": about, "cost": asdict(cost), "rest": asdict(rest), "held": held}
    write_json("capacity-check", figures)
    print(line)
    return holds and not system.errors


def _held(
    system: System, place: Place, rate: float, arguments: argparse.Namespace, repeat: int
) -> Held:
    for process in (system.web.process, system.postgres, *system.beside.processes.values()):
        pin(process, place.servers)
    pin_this(place.clients)
    busy, before = Busy.now(), system.cost()
    seed = f"{place.name}-{repeat}"
    load = system.run(_driving(arguments.journeys, arguments.in_flight, seed))
    spent = system.cost() - before
    others = Busy.now().others_since(busy, place.servers, _spent(place, spent))
    system.beside.settle()
    return Held(place.name, rate, load.rate, others)


def _driving(journeys: int, in_flight: int, seed: str) -> Drive:
    """Respondents with the drafts of people."""
    return driving(journeys, in_flight, seed, scripts_of("drafts", journeys))


def _report(about: dict[str, str], cost: Cost, rest: Cost, found: list[Held]) -> None:
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    print(
        f"one at a time, a participant costs {1000 * cost.web:.1f} ms of web, "
        f"{1000 * cost.postgres:.1f} of Postgres, {1000 * cost.beside:.1f} of worker, beat and "
        f"Valkey, {1000 * cost.clients:.1f} of the respondent; at rest all take "
        f"{1000 * _servers(rest):.1f} ms a second"
    )
    print("| place | reckoned | others had | left | measured | measured to left (each) |")
    print("|---|---|---|---|---|---|")
    rates = {}
    for name in dict.fromkeys(each.place for each in found):
        runs = [each for each in found if each.place == name]
        ratios = [each.measured / each.left for each in runs]
        rates[name] = median(ratios)
        said = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(
            f"| {name} | {runs[0].reckoned:.1f} | {median(each.others for each in runs):.0%} "
            f"| {median(each.left for each in runs):.1f} "
            f"| {median(each.measured for each in runs):.1f} | {median(ratios):.2f} ({said}) |"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity.check")
    parser.add_argument("--journeys", type=int, default=500, help="in each run")
    parser.add_argument("--calm", type=int, default=150, help="one at a time, to know the cost")
    parser.add_argument("--rest", type=float, default=60.0, help="seconds in which nobody comes")
    parser.add_argument("--in-flight", type=int, default=16, help="respondents at a time")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
