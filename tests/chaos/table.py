"""The table of docs/reliability.md, from the report of a run: `python -m tests.chaos --docs`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from coprod_site.embedded import ROOT
from tests.marked import Marked

TABLE = Marked(ROOT / "docs" / "reliability.md", "chaos")
RESULTS = Path(__file__).parent / "results.json"
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


def table(report: Mapping[str, Any]) -> str:
    """The faults with how long they held people up, and what was lost: nothing, or it says so."""
    return "\n".join((*_faults(report), "", *_totals(report)))


def _faults(report: Mapping[str, Any]) -> Iterator[str]:
    times: dict[str, list[float]] = {}
    wrong = Counter[str]()
    for each in report["faults"]:
        times.setdefault(each["fault"], []).append(each["recovered"])
        wrong[each["fault"]] += bool(each["wrong"])
    yield "| fault | injected | everybody through after, s: median (longest) | reckonings wrong |"
    yield "|---|---|---|---|"
    for name, said in NAMES.items():
        if found := times.get(name):
            took = f"{median(found):.1f} ({max(found):.1f})"
            yield f"| {said} | {len(found)} | {took} | {wrong[name]} |"
    yield f"| all | {len(report['faults'])} | | {sum(wrong.values())} |"


def _totals(report: Mapping[str, Any]) -> Iterator[str]:
    counts = report["counts"]
    rows = {
        "pages that people were told are saved": report["acknowledged"],
        "of them found": report["found"],
        "lost": report["lost"],
        "stored more than once": report["doubled"],
        "changed": report["changed"],
        "visits": report["visits"],
        "requests without an answer, or answered 503, sent again": report["unanswered"],
        "looks spent, each once": report["looks"],
        "whole files of exports": report["files"],
        **{what: counts[what] for what in sorted(counts)},
    }
    yield "| | count |"
    yield "|---|---|"
    for what, count in rows.items():
        yield f"| {what} | {count:,} |"
    yield ""
    yield (
        f"Seed {report['seed']}, {report['at_once']} people at a time, {report['seconds']} "
        f"seconds, on {report['date']}."
    )
