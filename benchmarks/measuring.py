"""Runs the load against one system, again and again, and sums up what it gave."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field
from statistics import median, quantiles

import psutil

from benchmarks.beside import NOBODY, Beside
from benchmarks.load import Load
from benchmarks.servers import Web, cpu_seconds

# Sends respondents to the site at that address.
Drive = Callable[[str], Load]


@dataclass(frozen=True)
class Cost:
    """CPU seconds that a run took: of the web server, of Postgres, and of the load generator.

    And of what is beside the web.
    """

    web: float
    postgres: float
    clients: float
    worker: float = 0.0
    beat: float = 0.0
    valkey: float = 0.0

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(*(now - then for now, then in zip(astuple(self), astuple(other), strict=True)))

    def times(self, number: float) -> "Cost":
        """So many times as much."""
        return Cost(*(number * each for each in astuple(self)))

    @property
    def beside(self) -> float:
        """What is beside the web and Postgres, together."""
        return self.worker + self.beat + self.valkey


Runs = Sequence[tuple[Load, Cost]]


@dataclass
class System:
    """One of the systems that are compared, with the runs that it went through, by a name.

    `told` counts everybody whom the load generator ever sent, those of the warm-up too: completed,
    submissions. `submitted` says how many of them had so many submissions taken.
    """

    name: str
    web: Web
    postgres: psutil.Process
    beside: Beside = NOBODY
    runs: dict[str, list[tuple[Load, Cost]]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    submitted: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def run(self, drive: Drive) -> Load:
        """One run, noted, but not one of `runs`: it may be a warm-up."""
        load = drive(self.web.site)
        self.told.update(completed=load.completed, submissions=load.submissions)
        self.submitted.update(load.submitted)
        self.errors.update(load.errors)
        return load

    def repeat(self, name: str, drive: Drive) -> None:
        """One run that counts."""
        before = self.cost()
        load = self.run(drive)
        # What is left to the worker is part of what a participant costs.
        self.beside.settle()
        self.runs.setdefault(name, []).append((load, self.cost() - before))

    def cost(self) -> Cost:
        """The CPU seconds until now."""
        web, postgres = cpu_seconds(self.web.process), cpu_seconds(self.postgres)
        return Cost(web, postgres, time.process_time(), *self.beside.cpu())


@dataclass(frozen=True)
class Spread:
    """Times in ms: the middle one, the 99th percentile, the longest."""

    p50: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Summary:
    """A system's runs: the median rate and its spread, latencies in ms, CPU in ms per participant.

    Latencies are of all runs together. `drafts_each` is how many drafts each participant sent; they
    are no requests that anybody waits for, and are in none of the other latencies.
    """

    name: str
    rate: float
    lowest: float
    highest: float
    gets: Spread
    posts: Spread
    requests: Spread
    firsts: Spread
    drafts: Spread
    drafts_each: float
    web_ms: float
    postgres_ms: float
    clients_ms: float
    errors: dict[str, int]
    worker_ms: float = 0.0
    beat_ms: float = 0.0
    valkey_ms: float = 0.0

    @property
    def servers_ms(self) -> float:
        """CPU of web server and Postgres; it depends less on what else the machine does."""
        return self.web_ms + self.postgres_ms


def summary(name: str, runs: Runs) -> Summary:
    """Sums the runs up."""
    loads = [load for load, _ in runs]
    rates = [load.rate for load in loads]
    people = sum(load.completed for load in loads) or 1
    errors = Counter[str]()
    for load in loads:
        errors.update(load.errors)
    return Summary(
        name=name,
        rate=median(rates),
        lowest=min(rates),
        highest=max(rates),
        gets=spread([took for load in loads for took in load.gets]),
        posts=spread([took for load in loads for took in load.posts]),
        requests=spread([took for load in loads for took in load.requests]),
        firsts=spread([took for load in loads for took in load.firsts]),
        drafts=spread([took for load in loads for took in load.drafts]),
        drafts_each=sum(len(load.drafts) for load in loads) / people,
        web_ms=sum(cost.web for _, cost in runs) / people * 1000,
        postgres_ms=sum(cost.postgres for _, cost in runs) / people * 1000,
        clients_ms=sum(cost.clients for _, cost in runs) / people * 1000,
        errors=dict(errors),
        worker_ms=sum(cost.worker for _, cost in runs) / people * 1000,
        beat_ms=sum(cost.beat for _, cost in runs) / people * 1000,
        valkey_ms=sum(cost.valkey for _, cost in runs) / people * 1000,
    )


def spread(seconds: Sequence[float]) -> Spread:
    """The same in ms."""
    p50, p99 = (1000 * percentile(seconds, percent) for percent in (50, 99))
    return Spread(p50, p99, 1000 * max(seconds, default=float("nan")))


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The percentile, interpolated between the two values nearest to it; nan of fewer than two."""
    if len(seconds) < 2:
        return float("nan")
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]
