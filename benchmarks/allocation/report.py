"""The result as people read it, and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.allocation.crowd import Run

# By contender and number of connections, in the order of the rounds.
Runs = dict[str, dict[int, list[Run]]]
BARE = "bare UPDATE"
HEADER = (
    f"{'':16}{'connections':>12}{'per second':>12}{'lowest–highest':>16}{'bare UPDATE is':>16}"
    f"{'lowest–highest':>16}{'CPU ms: clients':>17}{'Postgres':>10}"
)


@dataclass(frozen=True)
class Kept:
    """What the database holds of a contender in the end, against what was done."""

    name: str
    told: int
    counted: int
    holds: bool
    verdict: str

    @property
    def agrees(self) -> bool:
        """Whether all is there, nothing twice, and the ledger replays."""
        return self.holds and self.told == self.counted

    @property
    def line(self) -> str:
        """The same as a line."""
        wrong = "" if self.agrees else " THIS IS WRONG."
        return f"{self.name}: {self.told} done, {self.counted} kept. {self.verdict}{wrong}".rstrip()


def lines(runs: Runs) -> Iterator[str]:
    """The table: rates and CPU per transaction, and how much faster the bare UPDATE is.

    That is the median over the rounds of its rate divided by the other's in the same round.
    """
    yield HEADER
    for name, by_size in runs.items():
        for size, mine in by_size.items():
            yield _line(name, size, mine, ratios(runs[BARE][size], mine))


def ratios(bare: Sequence[Run], other: Sequence[Run]) -> list[float]:
    """How many times as fast the first was, round by round."""
    return [its.rate / mine.rate for its, mine in zip(bare, other, strict=True)]


def _line(name: str, size: int, runs: Sequence[Run], faster: Sequence[float]) -> str:
    rates = [run.rate for run in runs]
    done = sum(run.done for run in runs)
    clients, postgres = (
        sum(each) / done * 1000
        for each in ([run.clients for run in runs], [run.postgres for run in runs])
    )
    return (
        f"{name:16}{size:12}{median(rates):12.0f}{f'{min(rates):.0f}–{max(rates):.0f}':>16}"
        f"{f'{median(faster):.2f} ×':>16}{f'{min(faster):.2f}–{max(faster):.2f}':>16}"
        f"{clients:17.2f}{postgres:10.2f}"
    )


def write_json(folder: Path, result: Mapping[str, Any], runs: Runs, kept: Sequence[Kept]) -> Path:
    """Writes the result with every run's figures; returns the file."""
    written = {
        name: {str(size): [asdict(run) for run in each] for size, each in by_size.items()}
        for name, by_size in runs.items()
    }
    path = folder / f"allocation-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    told = [asdict(each) for each in kept]
    path.write_text(json.dumps({**result, "runs": written, "kept": told}, indent=2) + "\n")
    return path
