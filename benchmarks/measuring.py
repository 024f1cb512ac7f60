"""Runs the load against one system, again and again, and sums up what it gave."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

import psutil

from benchmarks.load import Load, run_load
from benchmarks.servers import Web, cpu_seconds


@dataclass(frozen=True)
class Cost:
    """CPU seconds that a run took: of the web server, of Postgres, and of the load generator."""

    web: float
    postgres: float
    clients: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(
            self.web - other.web, self.postgres - other.postgres, self.clients - other.clients
        )


@dataclass
class System:
    """One of the systems that are compared, with the runs that it went through.

    `told` counts everybody whom the load generator ever sent, those of the warm-up too:
    completed, submissions.
    """

    name: str
    web: Web
    postgres: psutil.Process
    runs: list[tuple[Load, Cost]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def run(self, entry: str, *, journeys: int, in_flight: int, seed: str) -> Load:
        """One run, measured and noted, but not yet one of `runs`: it may be a warm-up."""
        load = run_load(self.web.site, entry, journeys=journeys, in_flight=in_flight, seed=seed)
        self.told.update(completed=load.completed, submissions=load.submissions)
        self.errors.update(load.errors)
        return load

    def repeat(self, entry: str, *, journeys: int, in_flight: int, seed: str) -> None:
        """One run that counts."""
        before = self._cost()
        load = self.run(entry, journeys=journeys, in_flight=in_flight, seed=seed)
        self.runs.append((load, self._cost() - before))

    def _cost(self) -> Cost:
        return Cost(cpu_seconds(self.web.process), cpu_seconds(self.postgres), time.process_time())


@dataclass(frozen=True)
class Summary:
    """A system's runs: the median rate and its spread, latencies in ms, CPU in ms per participant.

    Latencies are of all runs together.
    """

    name: str
    rate: float
    lowest: float
    highest: float
    get_p50: float
    get_p99: float
    post_p50: float
    post_p99: float
    web_ms: float
    postgres_ms: float
    clients_ms: float
    errors: dict[str, int]

    @property
    def servers_ms(self) -> float:
        """CPU of web server and Postgres; it depends less on what else the machine does."""
        return self.web_ms + self.postgres_ms


def summary(system: System) -> Summary:
    """Sums the runs up."""
    rates = [load.rate for load, _ in system.runs]
    gets = [took for load, _ in system.runs for took in load.gets]
    posts = [took for load, _ in system.runs for took in load.posts]
    people = sum(load.completed for load, _ in system.runs) or 1
    return Summary(
        name=system.name,
        rate=median(rates),
        lowest=min(rates),
        highest=max(rates),
        get_p50=percentile(gets, 50) * 1000,
        get_p99=percentile(gets, 99) * 1000,
        post_p50=percentile(posts, 50) * 1000,
        post_p99=percentile(posts, 99) * 1000,
        web_ms=sum(cost.web for _, cost in system.runs) / people * 1000,
        postgres_ms=sum(cost.postgres for _, cost in system.runs) / people * 1000,
        clients_ms=sum(cost.clients for _, cost in system.runs) / people * 1000,
        errors=dict(system.errors),
    )


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The percentile, interpolated between the two values nearest to it; nan of fewer than two."""
    if len(seconds) < 2:
        return float("nan")
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]
