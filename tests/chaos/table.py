"""The table of docs/reliability.md, from reports of runs: `python -m tests.chaos --docs`."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

from coprod_site.embedded import ROOT
from tests.marked import Marked

TABLE = Marked(ROOT / "docs" / "reliability.md", "chaos")
RESULTS = Path(__file__).parent / "results.json"
TOTALS: Mapping[str, str] = {
    "acknowledged": "pages that people were told are saved",
    "found": "of them found",
    "lost": "lost",
    "doubled": "stored more than once",
    "changed": "stored with other answers",
    "visits": "visits",
    "unanswered": "requests without an answer, or answered 503, sent again",
    "looks": "looks spent, each once",
    "files": "whole files of exports",
}
NAMES: Mapping[str, str] = {
    "postgres": "SIGKILL of Postgres: its main process, all of it, or one connection",
    "valkey": "SIGKILL of Valkey",
    "web": "SIGKILL of a web worker, or of the web server",
    "beat": "SIGKILL of beat",
    "look": "SIGKILL of the Celery worker in a look",
    "bundle": "SIGKILL of the Celery worker in a bundle",
    "export": "SIGKILL of the web workers in an export",
    "postgres-disk": "Postgres's disk full",
    "exports-disk": "the exports' disk full",
    "lines": "connections cut in requests and in answers",
    "slow-headers": "slow clients, at their headers",
    "slow-bodies": "slow clients, at their bodies, before a proxy",
    "clock": "clock set an hour off, and right again",
    "deployments": "two deployments at once, with a migration",
}


# What is kept of a fault.
OF_A_FAULT = ("fault", "said", "lasted", "people", "workers", "wrong")
Report = Mapping[str, Any]


def results() -> list[Report]:
    """The reports of the runs that are on record, by seed."""
    return list(json.loads(RESULTS.read_text())) if RESULTS.exists() else []


def keep(report: Report) -> None:
    """Puts a run on record, in the place of one with its seed, and the table into the docs."""
    faults = [{name: each[name] for name in OF_A_FAULT} for each in report["faults"]]
    others = [each for each in results() if each["seed"] != report["seed"]]
    kept = sorted([*others, {**report, "faults": faults}], key=itemgetter("seed"))
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    TABLE.write(table(kept))


def table(reports: Sequence[Report]) -> str:
    """The faults with how long they held people up, and what was lost: nothing, or it says so."""
    return "\n".join((*_machine(reports[-1]), "", *_faults(reports), "", *_totals(reports)))


def _machine(report: Report) -> Iterator[str]:
    told = report["machine"]
    yield (
        f"{told['processor']}, {told['cores']} cores, Postgres {told['postgres']} "
        f"(fsync {told['fsync']}), Python {told['python']}, Django {told['django']}, granian "
        f"{told['granian']}."
    )


def _faults(reports: Sequence[Report]) -> Iterator[str]:
    faults = [each for report in reports for each in report["faults"]]
    yield (
        "| fault | injected | everybody through after, s | worker and beat at work after, s "
        "| reckonings wrong |"
    )
    yield "|---|---|---|---|---|"
    for name, said in NAMES.items():
        if found := [each for each in faults if each["fault"] == name]:
            times = f"{_took(found, 'people')} | {_took(found, 'workers')}"
            yield f"| {said} | {len(found)} | {times} | {_wrong(found)} |"
    yield f"| all | {len(faults)} | | | {_wrong(faults)} |"


def _took(faults: Sequence[Report], whom: str) -> str:
    """The median, and the longest of several; nothing where they had no part in it."""
    times = [each[whom] for each in faults if each[whom] is not None]
    longest = f" ({max(times):.0f})" if len(times) > 1 else ""
    return f"{median(times):.0f}{longest}" if times else ""


def _wrong(faults: Sequence[Report]) -> int:
    return sum(bool(each["wrong"]) for each in faults)


def _totals(reports: Sequence[Report]) -> Iterator[str]:
    seeds = [str(report["seed"]) for report in reports]
    yield f"| seed | {' | '.join(seeds)} |"
    yield f"|---|{'---|' * len(seeds)}"
    for name, said in TOTALS.items():
        yield f"| {said} | {_cells(one[name] for one in reports)} |"
    for what in sorted({what for report in reports for what in report["counts"]}):
        yield f"| {what} | {_cells(one['counts'].get(what, 0) for one in reports)} |"
    yield f"| people at a time | {_cells(one['at_once'] for one in reports)} |"
    yield f"| minutes | {_cells(round(one['seconds'] / 60) for one in reports)} |"
    yield f"| load of the machine | {_cells(one['load'] for one in reports)} |"
    yield f"| date | {' | '.join(one['date'] for one in reports)} |"
    yield ""
    yield ", ".join(f"`make chaos SEED={one['seed']} {_length(one)}`" for one in reports) + "."


def _length(report: Report) -> str:
    if report["rounds"]:
        return f'CHAOS="--rounds {report["rounds"]} --docs"'
    return f"MINUTES={report['minutes']:g} CHAOS=--docs"


def _cells(numbers: Iterable[float]) -> str:
    return " | ".join(f"{number:,}" for number in numbers)
