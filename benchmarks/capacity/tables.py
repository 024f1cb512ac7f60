"""The model's numbers as Markdown. PURE."""

from collections.abc import Sequence

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.demands import DEMANDS, MACHINES, SHARE
from benchmarks.capacity.model import DAY, carried, need, walls

UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def costs_table(costs: Costs) -> str:
    """What one participant costs."""
    web, postgres = costs.web_ms, costs.postgres_ms
    rows = [
        ("pages sent; drafts", f"{costs.submissions}; {costs.drafts:.1f}", ""),
        ("CPU of web processes", f"{web:.1f} ms", f"{web - costs.pages_web_ms:.1f} ms"),
        ("CPU of Postgres", f"{postgres:.1f} ms", f"{postgres - costs.pages_postgres_ms:.1f} ms"),
        ("CPU of worker, beat and Valkey", f"{costs.worker_ms:.1f} ms", ""),
        *(
            (f"`{name}`: rows, indexes", f"{size(rows)}, {size(indexes)}", "")
            for name, (rows, indexes) in costs.tables.items()
        ),
        ("the database in all", size(costs.disk), ""),
        ("WAL", size(costs.wal), size(costs.wal - costs.pages_wal)),
        ("WAL for each submission", size(costs.wal / costs.submissions), ""),
        ("WAL just after a checkpoint", size(costs.wal_after_checkpoint), ""),
        ("a dump, compressed", size(costs.dump), ""),
        ("the export of participants as CSV", size(costs.export), ""),
        ("CPU of one look: worker, Postgres", _looked(costs), ""),
    ]
    return _table(("of one participant", "costs", "of it for drafts"), rows)


def machines_table(costs: Costs) -> str:
    """What one machine carries."""
    rows = []
    for cores in MACHINES:
        rate = carried(costs, cores)
        rows.append((f"{cores}", f"{rate:.0f}", f"{whole(rate * 600)}", f"{whole(rate * DAY / 4)}"))
    return _table(("cores", "participants/s", "in ten minutes", "in a day with a peak of 4"), rows)


def needs_table(costs: Costs) -> str:
    """What the demands need."""
    rows = []
    for demand in DEMANDS:
        found = need(costs, demand)
        rows.append(
            (
                demand.name,
                f"{demand.rate:,.1f}",
                f"{found.web_cores:,.1f} ({found.web_machines})",
                f"{found.postgres_cores:,.1f}",
                f"{found.worker_cores:,.1f}",
                f"{found.connections:,} ({found.pool:,})",
                f"{size(found.wal_per_second)}/s",
                size(found.disk),
                size(found.wal),
                ", ".join(found.steps) or "one machine",
            )
        )
    head = (
        *("people", "participants/s at the peak", "web cores (machines)"),
        *("Postgres cores", "worker cores"),
        *(
            "connections (pool)",
            "WAL at the peak",
            "disk in the end",
            "WAL in all",
            "beyond one machine",
        ),
    )
    return _table(head, rows)


def walls_table(costs: Costs) -> str:
    """The walls of one Postgres of 8 cores, by how long a flush takes."""
    rows = []
    for flush in costs.lists:
        for wall in walls(costs, 8, flush, SHARE):
            rows.append((f"{flush} ms", wall.name, f"{wall.rate:,.0f}", wall.remedy))
    return _table(("a flush takes", "wall", "participants/s", "what to do"), rows)


def machine_line(costs: Costs) -> str:
    """Where the costs were taken."""
    return f"{costs.machine}."


def rest_line(costs: Costs) -> str:
    """What a site takes when nobody comes."""
    return (
        f"In a second in which nobody comes, all processes together take {costs.rest_ms:.0f} ms of "
        "CPU: beat asks, and the worker looks for what is due."
    )


def memory_line(costs: Costs) -> str:
    """What processes have for themselves."""
    return (
        f"Memory is no wall: a web worker has {size(costs.web_worker)} for itself, the process of "
        f"a connection to Postgres {size(costs.connection)}, and nothing in them grows with "
        "participants."
    )


TABLES = {
    "capacity machine": machine_line,
    "capacity rest": rest_line,
    "capacity memory": memory_line,
    "capacity costs": costs_table,
    "capacity machines": machines_table,
    "capacity needs": needs_table,
    "capacity walls": walls_table,
}


def size(number: float) -> str:
    """A number of bytes for people, with two or three digits that count."""
    for unit, many in UNITS:
        if number >= many:
            found = number / many
            return f"{found:,.{0 if found >= 100 else 1}f} {unit}"
    return f"{number:.0f} B"


def whole(number: float) -> str:
    """A number of people, with two digits that count."""
    digits = len(str(int(number))) - 2
    return f"{round(number, -digits):,.0f}" if digits > 0 else f"{number:.0f}"


def _looked(costs: Costs) -> str:
    return f"{costs.look_worker_ms:.3f} ms, {costs.look_postgres_ms:.3f} ms"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
