"""The same rows through our cell means and through statsmodels' least squares, in a process each.

`python -m benchmarks.looks.regressions ours 1000000` prints the figures of one turn as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.effects import CellMean, cell_means, contrast
from analysis.statistics.estimate import Estimate, Floats
from benchmarks.looks.memory import forget_peak, peak_megabytes
from coprod_site.embedded import ROOT

CELLS = tuple(f"{a}.{b}" for a in ("none", "monetary", "nonmonetary") for b in ("low", "high"))
# A reward against none, the other against none, and high against low.
CONTRASTS = np.array(
    [
        [-0.5, -0.5, 0.5, 0.5, 0, 0],
        [-0.5, -0.5, 0, 0, 0.5, 0.5],
        [-1 / 3, 1 / 3, -1 / 3, 1 / 3, -1 / 3, 1 / 3],
    ]
)
SYSTEMS = ("ours", "statsmodels")


@dataclass(frozen=True)
class Turn:
    """Seconds by model, how many MB the process grew by beyond its rows, and what was found.

    `found` are the means of the cells and the contrasts, each with its standard error.
    """

    seconds: dict[str, float]
    megabytes: float
    found: dict[str, list[list[float]]]


@dataclass(frozen=True)
class Data:
    """Outcomes, cells and covariates of the rows."""

    y: Floats
    cell: npt.NDArray[np.str_]
    covariates: Floats


def turn(system: str, n: int) -> Turn:
    """One turn in a process of its own, so that its memory is its own."""
    arguments = [sys.executable, "-m", "benchmarks.looks.regressions", system, str(n)]
    # The program and its arguments are ours.
    done = subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    return Turn(**json.loads(done.stdout))


def drawn(n: int) -> Data:
    """Rows of six cells with five covariates: scores, ages, a yes or no; errors differ by cell."""
    rng = np.random.default_rng(2026)
    at = rng.integers(0, len(CELLS), n)
    covariates = np.column_stack(
        [
            rng.normal(3.5, 0.6, n),
            rng.normal(3.2, 0.8, n),
            rng.integers(18, 80, n),
            rng.integers(1, 9, n),
            rng.random(n) < 0.4,
        ]
    )
    y = 4 + 0.3 * (at > 1) + 0.1 * (at % 2) + 0.5 * covariates[:, 0] + 0.01 * covariates[:, 2]
    return Data(y + rng.normal(size=n) * (1 + 0.1 * at), np.array(CELLS)[at], covariates)


def _ours(data: Data, model: str) -> Callable[[], list[list[float]]]:
    def fit() -> list[list[float]]:
        means = cell_means(
            data.y, data.cell, CELLS, covariates=data.covariates if model == "lin" else None
        )
        told = [contrast(means, weights.tolist()) for weights in CONTRASTS]
        return [
            *([each.mean, each.se] for each in means.means if isinstance(each, CellMean)),
            *([each.estimate, each.se] for each in told if isinstance(each, Estimate)),
        ]

    return fit


def _statsmodels(data: Data, model: str) -> Callable[[], list[list[float]]]:
    import statsmodels.api as sm  # noqa: PLC0415 # our process is not to carry it

    x = (data.cell[:, None] == np.array(CELLS)).astype(np.float64)
    if model == "lin":
        centred = data.covariates - data.covariates.mean(axis=0)
        x = np.hstack([x, *(x * column[:, None] for column in centred.T)])
    weights = np.hstack([CONTRASTS, np.zeros((len(CONTRASTS), x.shape[1] - len(CELLS)))])

    def fit() -> list[list[float]]:
        fitted = sm.OLS(data.y, x).fit(cov_type="HC2")
        told = fitted.t_test(weights)
        means = np.column_stack([fitted.params, fitted.bse])[: len(CELLS)]
        return [*means.tolist(), *np.column_stack([told.effect, told.sd]).tolist()]

    return fit


def _taken(system: str, n: int) -> Turn:
    data, make = drawn(n), _ours if system == "ours" else _statsmodels
    # What is loaded once is no part of it.
    make(drawn(1000), "lin")()
    before, seconds, found = forget_peak(), {}, {}
    for model in ("cells", "lin"):
        fit = make(data, model)
        start = time.perf_counter()
        found[model] = fit()
        seconds[model] = time.perf_counter() - start
    return Turn(seconds, peak_megabytes() - before, found)


if __name__ == "__main__":
    print(json.dumps(asdict(_taken(sys.argv[1], int(sys.argv[2])))))
