"""What a site carries, what it needs, and which wall it meets first. PURE.

Web processes hold no state, so they grow with machines. Postgres is one machine: it is what walls
are about. Rates are participants who come to the end, per second.
"""

from dataclasses import dataclass

from benchmarks.capacity.costs import Costs

DAY, WEEK = 86_400, 7 * 86_400
# A processor that is busier than this has people wait: what is planned with stays below.
BUSY = 0.6
# Cores of one web machine, and processes and connections on it (docs/operations.md).
WEB_MACHINE, CONNECTIONS_OF_PROCESS = 8, 8
# Postgres' own max_connections, less what is kept for superusers and for maintenance.
CONNECTIONS = 90
# Connections that PgBouncer keeps to Postgres for each core that is wanted there: some wait for the
# disk or for the site while others work, and more would only wait for each other.
POOLED = 4
# What one machine of today has for Postgres without being unusual.
POSTGRES_CORES = 64
# Bytes per second that a disk of a database takes written in order, as WAL is.
WAL_DISK = 200_000_000
# From how many rows a table is worth cutting (responses.partitions), and participants who make
# exports and looks worth a server of their own.
PARTS, REPLICA = 10_000_000, 1_000_000


@dataclass(frozen=True)
class Demand:
    """So many people in so many seconds; at the busiest they come `peak` times as fast."""

    name: str
    participants: int
    seconds: int
    peak: float

    @property
    def rate(self) -> float:
        """Participants per second at the busiest."""
        return self.participants / self.seconds * self.peak


@dataclass(frozen=True)
class Need:
    """What a demand needs: at the busiest hour, and kept in the end.

    `connections` are those that web processes may hold, `pool` those of them that Postgres has to
    have at once, where PgBouncer is between.
    """

    demand: Demand
    web_cores: float
    web_machines: int
    postgres_cores: float
    worker_cores: float
    connections: int
    pool: int
    wal_per_second: float
    disk: int
    wal: int
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Wall:
    """What stops the growth at that rate, and what to do then."""

    name: str
    rate: float
    remedy: str


def carried(costs: Costs, cores: int, busy: float = BUSY) -> float:
    """Participants per second that one machine carries with all of the site on it."""
    return (cores * 1000 * busy - costs.rest_ms) / costs.servers_ms


def need(costs: Costs, demand: Demand) -> Need:
    """What so many people need; cores are such that they are busy for BUSY of the time."""
    web = demand.rate * costs.web_ms / 1000 / BUSY
    postgres = demand.rate * costs.postgres_ms / 1000 / BUSY
    worker = demand.rate * costs.worker_ms / 1000 / BUSY
    machines = _up(web / WEB_MACHINE)
    # A process for each core.
    connections = _up(web) * CONNECTIONS_OF_PROCESS
    return Need(
        demand=demand,
        web_cores=web,
        web_machines=machines,
        postgres_cores=postgres,
        worker_cores=worker,
        connections=connections,
        pool=_up(POOLED * postgres),
        wal_per_second=demand.rate * costs.wal,
        disk=demand.participants * costs.disk,
        wal=demand.participants * costs.wal,
        steps=_steps(costs, demand, web + postgres + worker, postgres, connections),
    )


def walls(costs: Costs, cores: int, flush: str, share: float) -> tuple[Wall, ...]:
    """The walls of one Postgres of so many cores, the nearest first.

    `flush` is the time of a flush as `costs.lists` has it, `share` of the arrivals go to the
    largest list of one randomisation.
    """
    found = (
        Wall(
            "CPU of Postgres",
            cores * 1000 * BUSY / costs.postgres_ms,
            "more cores; then a database for each large study",
        ),
        Wall(
            "one row: the head of the largest list",
            costs.lists[flush] / share,
            "stratify, so that there are more lists; a disk that flushes sooner",
        ),
        Wall(
            "WAL written in order",
            WAL_DISK / costs.wal,
            "a disk for WAL alone; then a database for each large study",
        ),
    )
    return tuple(sorted(found, key=lambda wall: wall.rate))


def _steps(
    costs: Costs, demand: Demand, cores: float, postgres: float, connections: int
) -> tuple[str, ...]:
    """The steps beyond one machine that a demand asks for, in the order of their trouble."""
    rows = demand.participants * costs.submissions
    asked = (
        (cores > WEB_MACHINE, "Postgres apart"),
        (connections > CONNECTIONS, "PgBouncer"),
        (rows >= PARTS, "parts"),
        (demand.participants >= REPLICA, "replica"),
        (postgres > POSTGRES_CORES, "several databases"),
    )
    return tuple(step for wanted, step in asked if wanted)


def _up(number: float) -> int:
    """The least whole number that is not below, and at least 1."""
    return max(1, -int(-number // 1))
