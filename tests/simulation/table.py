"""The simulation's counts as the table in docs/statistics.md.

`python -m tests.simulation.table` writes it between its markers; a test holds it up to date.
"""

import json
from math import sqrt
from pathlib import Path

from tests.marked import Marked
from tests.simulation.null_studies import RESULT, Counts

TABLE = Marked(Path(__file__).parents[2] / "docs" / "statistics.md", "simulation")
PRIMARY = 3
# What is counted, over how many per study, what it should be and on which side of it.
ROWS = (
    ("familywise", 1, "≤ .05", "some primary or secondary contrast is rejected"),
    ("repeated", PRIMARY, "≥ .95", "a repeated interval holds zero at all looks"),
    ("simultaneous", 1, "≥ .95", "the simultaneous intervals of all three do, at all looks"),
    ("equivalent", PRIMARY, "", "a primary contrast is shown to be equivalent (± 0.26)"),
    ("stopped", 1, "", "a stop is recommended before the last look"),
    ("peeking_one", 1, "", "peeking at p ≤ .05: the first contrast is called a finding"),
    ("peeking", 1, "", "peeking at p ≤ .05: some primary contrast is"),
    ("one_rejected", 1, "= .05", "one hypothesis: it is rejected"),
    ("one_p", 1, "= .05", "one hypothesis: its stage-wise p is at most .05"),
    ("one_above", 1, "= .50", "one hypothesis: the median-unbiased estimate is above zero"),
    ("one_covered", 1, "= .95", "one hypothesis: its stage-wise interval holds zero"),
    ("one_naive_covered", 1, "", "one hypothesis: the naive interval holds zero"),
)


def counts() -> Counts:
    """What the committed run counted."""
    return Counts(**json.loads(RESULT.read_text())["counts"])


def share(found: Counts, name: str, per_study: int) -> tuple[float, float]:
    """A share and its Monte Carlo standard error, one study's contrasts taken as independent."""
    trials = found.studies * per_study
    rate = getattr(found, name) / trials
    return rate, sqrt(rate * (1 - rate) / trials)


def table() -> str:
    """The table as Markdown."""
    found = counts()
    lines = [
        f"| of {found.studies:,} studies, the share in which | found | MC error | should be |",
        "|---|---|---|---|",
    ]
    for name, per_study, target, said in ROWS:
        rate, error = share(found, name, per_study)
        lines.append(f"| {said} | {rate:.4f} | {error:.4f} | {target} |")
    return "\n".join(lines)


def main() -> None:
    """Writes the table into the docs."""
    TABLE.write(table())


if __name__ == "__main__":
    main()
