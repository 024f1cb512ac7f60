"""The figures of a suite as they are put into the docs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.markdown import of_all, section
from coprod_site.embedded import ROOT

FIGURES: dict[str, Any] = {
    "machine": {
        "date": "2026-11-27T02:00:00+00:00",
        "processor": "Intel Xeon",
        "cores": "2",
        "load average before": "0.3",
        "python": "3.11.7",
        "django": "5.2.19",
        "granian": "2.8.7",
        "psycopg": "3.3.9",
        "postgres": "18.4",
    },
    "options": {"journeys": 300, "scripts": "on"},
    "summaries": [
        {
            "name": "product, 16 in flight",
            "web_ms": 23.2,
            "postgres_ms": 13.6,
            "clients_ms": 6.4,
            "worker_ms": 0.8,
            "beat_ms": 0.2,
            "valkey_ms": 0.1,
            "drafts_each": 25.7,
            "drafts": {"p50": 20.0, "p99": 52.0, "longest": 60.0},
            "requests": {"p50": 15.0, "p99": 54.0, "longest": 90.0},
        }
    ],
    "runs": {"product": {"16 in flight": [{"rate": 40.0}, {"rate": 48.5}, {"rate": 47.2}]}},
    "compared": [{"name": "16 in flight", "ratios": [0.63, 0.62, 0.57], "p99": 1.63}],
}
SECTION = """\
`benchmarks.pages`: journeys=300 scripts=on
2026-11-27, Intel Xeon, 2 cores, load average 0.3 before; python 3.11.7, django 5.2.19, \
granian 2.8.7, psycopg 3.3.9, postgres 18.4

| what | median (lowest–highest) | unit | CPU ms: web, Postgres, others | worker, beat, Valkey |
| --- | --- | --- | --- | --- |
| product, 16 in flight | 47.2 (40–48.5) | participants/s | 23.2, 13.6, 6.4 | 0.8, 0.2, 0.1 |
| product, 16 in flight: request, p99 | 54 | ms |  |  |
| product, 16 in flight: drafts of a participant | 25.7 |  |  |  |
| product, 16 in flight: draft, p99 | 52 | ms |  |  |
| ratio to floor, 16 in flight | 0.62 (0.57–0.63) | times |  |  |
| p99 to the floor's, 16 in flight | 1.63 | times |  |  |"""


def test_figures_are_a_table_for_the_docs() -> None:
    assert section("pages", FIGURES) == SECTION


def test_file_of_a_suite_is_printed_as_its_table(tmp_path: Path) -> None:
    file = tmp_path / "pages-20261127T020000Z.json"
    file.write_text(json.dumps(FIGURES))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.markdown", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{SECTION}\n"


def test_suite_without_figures_has_no_table() -> None:
    results = {"burst": {"figures": None}, "pages": {"figures": FIGURES}}
    assert of_all(results) == SECTION
