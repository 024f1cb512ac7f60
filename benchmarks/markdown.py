"""What suites measured, as Markdown for the docs: `python -m benchmarks.markdown FILE.json …`.

A file is one that a suite wrote, or the one of `make bench`, which has all of them.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.table import Figures, Row, rows_of, short

HEAD = (
    "what",
    "median (lowest–highest)",
    "unit",
    "CPU ms: web, Postgres, others",
    "worker, beat, Valkey",
)
VERSIONS = ("python", "django", "granian", "psycopg", "postgres")


def main() -> None:
    """Prints a section for each suite."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.markdown", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    for file in parser.parse_args().files:
        figures = json.loads(file.read_text())
        suite = file.name.partition("-")[0]
        print(of_all(figures) if suite == "all" else section(suite, figures))


def of_all(results: Figures) -> str:
    """The sections of all suites that have figures."""
    measured = {name: each["figures"] for name, each in results.items() if each["figures"]}
    return "\n\n".join(section(name, figures) for name, figures in measured.items())


def section(suite: str, figures: Figures) -> str:
    """Where and how a suite was run, and its figures as a table."""
    rows = [_cells(row) for row in rows_of(suite, figures)]
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    return "\n".join([*_said(suite, figures), "", *(f"| {' | '.join(line)} |" for line in lines)])


def _said(suite: str, figures: Figures) -> Iterator[str]:
    options = " ".join(f"{name}={value}" for name, value in figures.get("options", {}).items())
    yield f"`benchmarks.{suite}`: {options}"
    machines = [figures, *figures.get("sizes", {}).values()]
    about = next((each["machine"] for each in machines if "machine" in each), None)
    if about:
        versions = ", ".join(f"{name} {about[name]}" for name in VERSIONS if name in about)
        yield (
            f"{about['date'][:10]}, {about['processor']}, {about['cores']} cores, "
            f"load average {about['load average before']} before; {versions}"
        )


def _cells(row: Row) -> tuple[str, ...]:
    spread = f" ({short(min(row.values))}–{short(max(row.values))})" if len(row.values) > 1 else ""
    return (
        row.what,
        f"{short(median(row.values))}{spread}",
        row.unit,
        _times(row.cpu),
        _times(row.beside),
    )


def _times(times: tuple[float | None, ...]) -> str:
    """Nothing where none was measured, else a dash for one that was not."""
    if all(each is None for each in times):
        return ""
    return ", ".join("–" if each is None else f"{each:.1f}" for each in times)


if __name__ == "__main__":
    main()
