"""The result as people read it, and as JSON."""

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.counting import Counted
from benchmarks.measuring import Summary, System

HEADER = (
    f"{'':10}{'participants/s':>16}{'lowest–highest':>18}{'GET p50':>9}{'p99':>7}"
    f"{'POST p50':>10}{'p99':>7}{'errors':>8}{'CPU ms: web':>13}{'Postgres':>10}{'clients':>9}"
)
PACKAGES = ("django", "granian", "psycopg", "psycopg-pool")


def line_of(one: Summary) -> str:
    """One system's line of the table; latencies and CPU in ms, CPU per completed participant."""
    return (
        f"{one.name:10}{one.rate:16.1f}{f'{one.lowest:.1f}–{one.highest:.1f}':>18}"
        f"{one.get_p50:9.1f}{one.get_p99:7.1f}{one.post_p50:10.1f}{one.post_p99:7.1f}"
        f"{sum(one.errors.values()):8}{one.web_ms:13.1f}{one.postgres_ms:10.1f}"
        f"{one.clients_ms:9.1f}"
    )


def agreement(system: System, counted: Counted) -> tuple[bool, str]:
    """Whether the database holds what the respondents were told, and the line that says so."""
    told = (system.told["completed"], system.told["submissions"])
    holds = (counted.completed, counted.submissions) == told and counted.holds
    return holds, (
        f"{system.name}: told {told[0]} completed and {told[1]} submissions, the database holds "
        f"{counted.completed} and {counted.submissions}{'' if holds else ': THEY DISAGREE'}. "
        f"{counted.ledger}"
    )


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


def write_json(folder: Path, result: dict[str, Any], systems: list[System]) -> Path:
    """Writes the result with every run's figures; returns the file."""
    runs = {
        system.name: [
            {"rate": load.rate, "seconds": load.seconds, "cpu": asdict(cost)}
            for load, cost in system.runs
        ]
        for system in systems
    }
    path = folder / f"pages-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps({**result, "runs": runs}, indent=2) + "\n")
    return path


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
