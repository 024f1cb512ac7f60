"""Makes six_arms.csv, the small data set that the reference programs and our code both read.

Run from the root of the repository: `python tests/reference/make_six_arms.py`. The numbers are
invented: unequal cells, unequal spread, covariates that matter differently in each cell.
"""

import csv
from pathlib import Path

import numpy as np

ROWS_PER_ARM = {
    "none.low": 31,
    "none.high": 24,
    "monetary.low": 28,
    "monetary.high": 19,
    "nonmonetary.low": 22,
    "nonmonetary.high": 26,
}


def main() -> None:
    rng = np.random.default_rng(20261123)
    with (Path(__file__).parent / "six_arms.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        items = [f"item{i}" for i in range(1, 5)]
        writer.writerow(["arm", "outcome", "psm", "education", "income", *items])
        for index, (arm, rows) in enumerate(ROWS_PER_ARM.items()):
            for _ in range(rows):
                psm, education = rng.normal(3.5, 0.6), rng.integers(1, 6)
                income = rng.integers(1, 8)
                mean = 3 + (0.4 + 0.1 * index) * psm + 0.05 * education + 0.1 * index
                outcome = mean + rng.normal(0, 0.5 + 0.2 * index)
                answers = np.clip(np.round(psm + rng.normal(0, 0.9, 4)), 1, 5).astype(int)
                writer.writerow([arm, f"{outcome:.4f}", f"{psm:.3f}", education, income, *answers])


if __name__ == "__main__":
    main()
