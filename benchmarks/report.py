"""Results as people read them, and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.counting import Counted
from benchmarks.measuring import Summary, System
from benchmarks.servers import results_folder

HEADER = (
    f"{'':20}{'participants/s':>16}{'lowest–highest':>16}{'GET p50':>9}{'p99':>8}"
    f"{'POST p50':>10}{'p99':>8}{'errors':>8}{'CPU ms: web':>13}{'Postgres':>10}"
    f"{'worker':>8}{'beat':>6}{'Valkey':>8}{'clients':>9}"
)
PACKAGES = ("django", "granian", "psycopg", "psycopg-pool")


def line_of(one: Summary) -> str:
    """One system's line of the table; latencies and CPU in ms, CPU per completed participant."""
    return (
        f"{one.name:20}{one.rate:16.1f}{f'{one.lowest:.1f}–{one.highest:.1f}':>16}"
        f"{one.gets.p50:9.1f}{one.gets.p99:8.1f}{one.posts.p50:10.1f}{one.posts.p99:8.1f}"
        f"{sum(one.errors.values()):8}{one.web_ms:13.1f}{one.postgres_ms:10.1f}"
        f"{one.worker_ms:8.1f}{one.beat_ms:6.1f}{one.valkey_ms:8.1f}{one.clients_ms:9.1f}"
    )


def drafts_line(one: Summary) -> str:
    """What scripts sent while respondents answered."""
    each = one.drafts
    return (
        f"{one.name}: {one.drafts_each:.1f} drafts a participant, p50 {each.p50:.1f} ms, "
        f"p99 {each.p99:.1f}"
    )


def agreement(system: System, counted: Counted) -> tuple[bool, str]:
    """Whether the database holds what the respondents were told, and the line that says so.

    Each respondent counts for themselves: nobody may have more submissions than they were told, or
    fewer, or a page twice.
    """
    told = (system.told["completed"], system.told["submissions"])
    holds = (
        (counted.completed, counted.submissions) == told
        and counted.submitted == dict(system.submitted)
        and not counted.twice
        and counted.holds
    )
    return holds, (
        f"{system.name}: told {told[0]} completed and {told[1]} submissions, the database holds "
        f"{counted.completed} and {counted.submissions}{'' if holds else ': THEY DISAGREE'}. "
        f"{'' if holds else _apart(system, counted)}{counted.ledger}"
    )


def _apart(system: System, counted: Counted) -> str:
    told, held = sorted(system.submitted.items()), sorted(counted.submitted.items())
    said, found = (", ".join(f"{n} × {k}" for k, n in each) for each in (told, held))
    return f"Participants × submissions: told {said}; held {found}; {counted.twice} pages twice. "


def machine(url: str) -> dict[str, str]:
    """What ran, and how durable a commit was."""
    with psycopg.connect(url) as connection:
        shown = {
            name: str((connection.execute(f"SHOW {name}").fetchone() or [""])[0])
            for name in ("server_version", "fsync", "synchronous_commit")
        }
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load average before": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "postgres": shown["server_version"],
        "fsync": shown["fsync"],
        "synchronous_commit": shown["synchronous_commit"],
    }


def write_json(suite: str, result: dict[str, Any]) -> Path:
    """Writes the result under var/bench, by the suite and the time; says where, and returns it."""
    path = results_folder() / f"{suite}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"All figures: {path}")
    return path


def runs_of(systems: Sequence[System]) -> dict[str, Any]:
    """Every run's figures, by system and name of the run."""
    return {
        system.name: {
            name: [
                {
                    "rate": load.rate,
                    "seconds": load.seconds,
                    "most at once": load.most,
                    "late": load.late,
                    "cpu": asdict(cost),
                }
                for load, cost in runs
            ]
            for name, runs in system.runs.items()
        }
        for system in systems
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
