"""`make capacity-costs`: measures what one participant costs, on a new Postgres of its own.

Writes the figures to var/bench; `--keep` also puts them in the place of those that are committed.
"""

import argparse
import json
import os
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median

import psutil
import psycopg

from benchmarks import command, product
from benchmarks.capacity.costs import FILE, Costs, costs
from benchmarks.capacity.rest import at_rest, beyond_rest
from benchmarks.measuring import Cost, System
from benchmarks.report import machine
from benchmarks.scripts import ON, Scripts
from benchmarks.servers import Web, postgres, results_folder
from benchmarks.systems import driving, product_alone, warm_up
from benchmarks.thinking import scripts_of
from coprod_site.postgres_server import PostgresServer, programs

IN_FLIGHT = 8
SIZES = """
SELECT relname::text, (pg_total_relation_size(oid) - pg_indexes_size(oid))::bigint,
    pg_indexes_size(oid)::bigint
FROM pg_class WHERE relname = ANY(%s) ORDER BY 1
"""
# Those that have rows for each participant of the study that ships.
GROWING = [
    f"responses_{name}" for name in ("participant", "submission", "paradata", "draft", "allocation")
]


def main() -> None:
    """Measures, prints where the figures are, and ends with 1 if somebody met an error."""
    command.run(lambda: measure(_arguments()))


def measure(arguments: argparse.Namespace) -> bool:
    """Measures all costs; returns whether all went well."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        system = product_alone(stack, server)
        warm_up([system], IN_FLIGHT)
        found = _measured(arguments, server, system)
        found = _with_memory(found, system.web, system.postgres)
    text = json.dumps({**asdict(found), "machine": _said(about, arguments)}, indent=2) + "\n"
    path = results_folder() / f"capacity-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    for file in (path, FILE) if arguments.keep else (path,):
        file.write_text(text)
    print(text, end="")
    print(f"All figures: {path}")
    return not system.errors


def _measured(arguments: argparse.Namespace, server: PostgresServer, system: System) -> Costs:
    """CPU, bytes and WAL of real journeys; what other benchmarks measure stays as it is."""
    rest = at_rest(system, arguments.rest)
    drafting = scripts_of("drafts", arguments.journeys)
    with psycopg.connect(server.url(), autocommit=True) as own:
        runs = _Runs(own, system, rest, arguments.journeys)
        pages, of_pages = runs.spent("pages", "off", ON)
        before, dumped = _sizes(own), _dump(server)
        steady, flowing = runs.spent("steady", "off", drafting)
        own.execute("VACUUM ANALYZE")
        now, people = _sizes(own), arguments.journeys
        tables = {name: _each(now[name], before[name], people) for name in now}
        dump = round((_dump(server) - dumped) / people)
        # Only in large indexes does nearly everybody touch pages of their own.
        study = import_module("experiments.models").Study.objects.get(slug=product.STUDY)
        import_module("benchmarks.partitions.copies").pilot_of(study, arguments.beside)
        _, after = runs.spent("checkpoint", "on", drafting)
    return replace(
        costs(),
        submissions=system.told["submissions"] // system.told["completed"],
        drafts=runs.drafts("steady"),
        web_ms=_ms(steady.web),
        postgres_ms=_ms(steady.postgres),
        # On a busy machine rest may have taken more than a run did.
        worker_ms=max(0.0, _ms(steady.beside)),
        clients_ms=_ms(steady.clients),
        rest_ms=_ms(rest.web + rest.postgres + rest.beside),
        pages_web_ms=_ms(pages.web),
        pages_postgres_ms=_ms(pages.postgres),
        pages_wal=of_pages,
        tables=tables,
        wal=flowing,
        wal_after_checkpoint=after,
        dump=dump,
    )


@dataclass(frozen=True)
class _Runs:
    """Runs of so many respondents each, on a site that takes so much at rest."""

    own: "psycopg.Connection[tuple[object, ...]]"
    system: System
    rest: Cost
    people: int

    def spent(self, name: str, full: str, scripts: Scripts) -> tuple[Cost, int]:
        """CPU seconds and bytes of WAL of a participant, from a checkpoint on."""
        self.own.execute(f"ALTER SYSTEM SET full_page_writes = {full}".encode())
        self.own.execute("SELECT pg_reload_conf()")
        self.own.execute("CHECKPOINT")
        start = _wal(self.own)
        drive = driving(self.people, IN_FLIGHT, name, scripts)
        cost = beyond_rest(self.system, name, drive, self.rest)
        return cost, round((_wal(self.own) - start) / self.people)

    def drafts(self, name: str) -> float:
        """How many drafts a participant sent."""
        load, _ = self.system.runs[name][-1]
        return round(len(load.drafts) / (load.completed or 1), 1)


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)


def _sizes(connection: "psycopg.Connection[tuple[object, ...]]") -> dict[str, tuple[int, int]]:
    rows = connection.execute(SIZES, [GROWING]).fetchall()
    return {str(name): (int(str(heap)), int(str(index))) for name, heap, index in rows}


def _each(now: tuple[int, int], before: tuple[int, int], people: int) -> tuple[int, int]:
    return round((now[0] - before[0]) / people), round((now[1] - before[1]) / people)


def _wal(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
    return int(str(row[0])) if row else 0


def _dump(server: PostgresServer) -> int:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dump"
        arguments = ["--format=custom", f"--file={file}", server.url()]
        subprocess.run([str(programs() / "pg_dump"), *arguments], check=True)  # noqa: S603 - a program of Postgres
        return file.stat().st_size


def _with_memory(found: Costs, site: Web, process: psutil.Process) -> Costs:
    """Memory that a web worker and a connection's process have for themselves, in bytes."""
    workers = [one.memory_full_info().uss for one in site.process.children(recursive=True)]
    backends = [
        one.memory_full_info().uss
        for one in process.children()
        if " idle" in " ".join(one.cmdline()) or "postgres: postgres" in " ".join(one.cmdline())
    ]
    return replace(found, web_worker=max(workers), connection=round(median(backends)))


def _said(about: dict[str, str], arguments: argparse.Namespace) -> str:
    kept = ("processor", "cores", "python", "django", "granian", "psycopg", "postgres")
    said = "; ".join(f"{name} {about[name]}" for name in kept)
    load = f"load average {about['load average before']} before, {os.getloadavg()[0]:.1f} after"
    people = f"{arguments.journeys:,} participants in each of three runs"
    return f"{about['date'][:10]}, {people}; {said}; {load}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity.measure")
    parser.add_argument("--journeys", type=int, default=1000, help="in each of three runs")
    parser.add_argument("--rest", type=float, default=60.0, help="seconds in which nobody comes")
    parser.add_argument("--beside", type=int, default=200_000, help="who are there in the second")
    parser.add_argument("--keep", action="store_true", help="put them among the sources")
    return parser.parse_args()


if __name__ == "__main__":
    main()
