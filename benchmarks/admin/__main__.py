"""`make bench-admin`: participants come at a steady pace, and somebody goes through the desk.

Slices in which a researcher opens one page of the desk after the other and quiet slices take turns.
Participants are an open loop: a page of the desk that holds them up makes nobody come later.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from statistics import median
from threading import Event, Thread
from typing import Any

from benchmarks import command, product
from benchmarks.beside import NOBODY, valkey, worker_and_beat
from benchmarks.counting import counted_in_product
from benchmarks.load import run_load, run_open
from benchmarks.measuring import Runs, System, spread, summary
from benchmarks.report import agreement, machine, runs_of, write_json
from benchmarks.schedule import by_chance
from benchmarks.servers import NO_VALKEY, postgres, web
from benchmarks.thinking import add_options, scripts_of, thinking
from coprod_site.problems import StartError
from rehearsal.browser import Browser, WrongAnswerError

QUIET, BESIDE = "quiet", "beside the desk"


@dataclass
class Researcher:
    """Somebody who opens all pages of the desk, again and again; each one's times in seconds."""

    site: str
    session: str
    pages: dict[str, str]
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # They go on where they were.
        self._next = cycle(self.pages.items())

    def warm_up(self) -> None:
        """Opens each page twice, which is not counted: a page loads what it needs."""
        browser = self._browser()
        for _ in range(2 * len(self.pages)):
            self._open_next(browser)
        browser.close()
        self.times.clear()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Opens pages as long as the block lasts."""
        stopped = Event()
        thread = Thread(target=self._work, args=(stopped,))
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()

    def _work(self, stopped: Event) -> None:
        browser = self._browser()
        while not stopped.is_set():
            self._open_next(browser)
        browser.close()

    def _browser(self) -> Browser:
        browser = Browser(self.site)
        browser.cookies["sessionid"] = self.session
        return browser

    def _open_next(self, browser: Browser) -> None:
        name, address = next(self._next)
        try:
            answer = browser.ask("GET", f"/admin/{address}")
            if answer.status == 302:
                answer = browser.ask("GET", answer.location)
        except WrongAnswerError as wrong:
            self.errors.append(f"{name}: {wrong}")
            return
        if answer.status != 200:
            self.errors.append(f"{name} was answered with {answer.status}")
        self.times.setdefault(name, []).append(browser.asked[-1].seconds)


def main() -> None:
    """Measures, prints, and ends with 1 if something went wrong or got lost."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets the slices take turns and prints them; returns whether all went well."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        broker = None if arguments.web_alone else stack.enter_context(valkey())
        product.prepare(server.url(), broker.url if broker else NO_VALKEY)
        # These know the models, which are there only now.
        from benchmarks.monitor import pages, people  # noqa: PLC0415
        from responses.models import Participant  # noqa: PLC0415

        study = people.fill(arguments.participants)
        people.sent(study)
        last = Participant.objects.latest("id").pk
        session = pages.at_the_desk().cookies["sessionid"].value
        process = server.process()
        if process is None:
            raise StartError("Postgres ended while the benchmark was being set up.")
        site = stack.enter_context(web("coprod_site.wsgi:application", server.url()))
        beside = stack.enter_context(worker_and_beat(server.url(), broker)) if broker else NOBODY
        system = System("participants", site, process, beside)
        researcher = Researcher(site.site, session, pages.pages(study))
        _measure(system, researcher, arguments)
        agreed = agreement(system, counted_in_product(product.STUDY, after=last))
    return _report(system, researcher, agreed, {"machine": about, "options": vars(arguments)})


def _measure(system: System, researcher: Researcher, arguments: argparse.Namespace) -> None:
    warm = partial(run_load, entry=product.ENTRY, journeys=64, in_flight=8, seed="warm")
    system.run(warm)
    researcher.warm_up()
    number = int(arguments.seconds * arguments.per_second)
    thinks = thinking(number, arguments.think)
    scripts = scripts_of(arguments.scripts, number)

    def drive(seed: str) -> Any:
        arrivals = by_chance(number, arguments.per_second, seed)
        return partial(
            run_open,
            entry=product.ENTRY,
            arrivals=arrivals,
            seed=seed,
            thinks=thinks,
            scripts=scripts,
        )

    def beside(repeat: int) -> None:
        with researcher.at_work():
            system.repeat(BESIDE, drive(f"beside-{repeat}"))

    for repeat in range(arguments.repeats):
        # Which one is first takes turns, too: what grows slowly would be on one side else.
        if repeat % 2:
            beside(repeat)
        system.repeat(QUIET, drive(f"quiet-{repeat}"))
        if not repeat % 2:
            beside(repeat)


def _report(
    system: System, researcher: Researcher, agreed: tuple[bool, str], about: dict[str, Any]
) -> bool:
    print(*(f"{name}: {text}" for name, text in about["machine"].items()), sep="; ")
    ratios = _ratios(system.runs[QUIET], system.runs[BESIDE])
    for name, runs in system.runs.items():
        each = summary(name, runs).requests
        print(
            f"participants, {name}: {each.p50:.1f} ms in the middle, p99 {each.p99:.1f}, "
            f"longest {each.longest:.0f}"
        )
    print(
        f"p99 beside the desk to quiet: {median(ratios):.2f} "
        f"({min(ratios):.2f}–{max(ratios):.2f} by pair)"
    )
    print(f"{'page of the desk':36}{'opened':>8}{'median ms':>11}{'longest':>9}")
    slowest = sorted(researcher.times.items(), key=lambda one: -median(one[1]))
    for name, times in slowest:
        print(f"{name:36}{len(times):8}{1000 * median(times):11.0f}{1000 * max(times):9.0f}")
    print(*researcher.errors, *system.errors, agreed[1], sep="\n")
    written = {
        "summaries": {name: _figures(runs) for name, runs in system.runs.items()},
        "ratios": ratios,
        "desk": researcher.times,
        "errors": researcher.errors,
    }
    write_json("admin", {**about, **written, "runs": runs_of([system])})
    return agreed[0] and not system.errors and not researcher.errors


def _figures(runs: Runs) -> dict[str, Any]:
    each = summary("participants", runs)
    return {
        "p50": each.requests.p50,
        "p99": each.requests.p99,
        "cpu": [each.web_ms, each.postgres_ms, each.clients_ms],
        "beside": [each.worker_ms, each.beat_ms, each.valkey_ms],
    }


def _ratios(quiet: Runs, beside: Runs) -> list[float]:
    """How many times as long the 99th percentile is, pair by pair."""
    return [
        spread(load.requests).p99 / spread(before.requests).p99
        for (before, _), (load, _) in zip(quiet, beside, strict=True)
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.admin", description=__doc__)
    parser.add_argument("--participants", type=command.positive, default=20_000, help="before")
    parser.add_argument("--per-second", type=float, default=5.0, help="participants who come")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each slice is")
    parser.add_argument("--repeats", type=command.positive, default=3, help="pairs of slices")
    add_options(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
