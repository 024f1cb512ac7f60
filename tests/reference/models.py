"""HC3, weights, blocks, logit, ordered logit and one factor beside R's: models_r.json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.bounds import Bounds, worst_case
from analysis.statistics.effects import CellMean, CellMeans, cell_means
from analysis.statistics.linear import Robust
from tests.reference.compared import Compared, near

HERE = Path(__file__).parent


def models_r() -> dict[str, Any]:
    """What make_models_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "models_r.json").read_text())
    return numbers


def compared_models(data: dict[str, Any]) -> Iterator[Compared]:
    """All comparisons, from the columns of six_arms.csv."""
    r = models_r()
    yield from _hc3(data, r)
    yield from _worst(data, r)


def _hc3(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    program = f"{r['versions']['estimatr']} lm_robust"
    z = np.column_stack([data["psm"], data["income"]])
    for name, key, columns in (("OLS, HC3", "plain", None), ("Lin, HC3", "adjusted", z)):
        means = cell_means(
            data["outcome"], data["arm"], r["arms"], covariates=columns, robust=Robust.HC3
        )
        yield from _means(name, means, r["hc3"][key], program)


def _means(name: str, means: CellMeans, r: dict[str, Any], program: str) -> Iterator[Compared]:
    yield near(f"{name}: df", means.df, r["df"], program)
    for mean, m, se in zip(means.means, r["means"], r["se"], strict=True):
        assert isinstance(mean, CellMean)
        yield near(f"{name}: mean of {mean.cell}", mean.mean, m, program)
        yield near(f"{name}: se of {mean.cell}", mean.se, se, program)


def _worst(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    program = f"{r['versions']['estimatr']} difference_in_means"
    outcome = np.where(data["income"] == 7, np.nan, data["outcome"])
    ours = worst_case(outcome, data["arm"], r["arms"], [-1, 0, 1, 0, 0, 0], ends=(0, 12))
    assert isinstance(ours, Bounds)
    for side, bound in (("low", ours.lower), ("high", ours.upper)):
        for field in ("estimate", "se"):
            what = f"worst case, {side} end: {field}"
            yield near(what, getattr(bound, field), r["worst"][side][field], program)
