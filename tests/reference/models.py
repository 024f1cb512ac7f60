"""HC3, weights, blocks, logit, ordered logit and one factor beside R's: models_r.json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.binary import LogitCells, average_effect, logit_cells, shares
from analysis.statistics.bounds import Bounds, worst_case
from analysis.statistics.effects import CellMean, CellMeans, cell_means, contrast
from analysis.statistics.estimate import Estimate, Floats
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.linear import Robust
from analysis.statistics.omega import Omega, item_fits, omega
from analysis.statistics.ordinal import (
    OrderedCells,
    ProportionalOdds,
    ordered_cells,
    proportional_odds,
)
from analysis.statistics.weighted import blocked_means, hajek_means
from tests.reference.compared import Compared, near

HERE = Path(__file__).parent
# polr stops its search some 1e-8 before the maximum, and its errors come from a numeric Hessian.
POLR = 1e-6
# factanal and we both end a search where the likelihood is flat to the last digit.
FACTOR = 1e-7


def models_r() -> dict[str, Any]:
    """What make_models_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "models_r.json").read_text())
    return numbers


def compared_models(data: dict[str, Any]) -> Iterator[Compared]:
    """All comparisons, from the columns of six_arms.csv."""
    r = models_r()
    yield from _hc3(data, r)
    yield from _worst(data, r)
    yield from _logit(data, r)
    yield from _ordered(data, r)
    yield from _brant(data, r)
    yield from _weighted(data, r)
    yield from _blocked(data, r)
    yield from _one_factor(data, r)


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


def _logit(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    yes, arms = (data["outcome"] > 5.5).astype(np.float64), r["arms"]
    program = f"{r['versions']['estimatr']} lm_robust"
    yield from _means("yes, HC2", shares(yes, data["arm"], arms), r["linear"], program)
    found = logit_cells(yes, data["arm"], arms, covariates=data["psm"][:, None])
    assert isinstance(found, LogitCells)
    program, theirs = f"R {r['versions']['R']} glm, {r['versions']['sandwich']}", r["logit"]
    yield near("logit: log likelihood", found.log_likelihood, theirs["log_likelihood"], program)
    errors = np.sqrt(np.diag(found.log_odds_covariance))
    for at, arm in enumerate(arms):
        for field, ours in (("coefficients", found.log_odds), ("se", errors)):
            yield near(f"logit: {field} of {arm}", ours[at], theirs[field][at], program)
    for at, reference in enumerate(theirs["average"], start=1):
        weights = [-1.0, *(float(i == at) for i in range(1, 6))]
        effect = average_effect(found, weights)
        assert isinstance(effect, NormalEstimate)
        for field in ("estimate", "se"):
            what = f"logit, average effect: {arms[at]} {field}"
            yield near(what, getattr(effect, field), reference[field], program)


def _points(data: dict[str, Any]) -> Floats:
    """The answer on five points that make_models_r.R cuts out of the outcome."""
    points: Floats = np.searchsorted([4, 5, 6, 7], data["outcome"], side="left") + 1.0
    return points


def _ordered(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    psm, program, theirs = data["psm"][:, None], f"{r['versions']['MASS']} polr", r["ordered"]
    found = ordered_cells(_points(data), data["arm"], r["arms"], covariates=psm)
    assert isinstance(found, OrderedCells)
    errors = np.sqrt(np.diag(found.covariance))[1:]
    rows: list[tuple[str, Any, Any]] = [
        ("log likelihood", [found.log_likelihood], [theirs["log_likelihood"]]),
        ("coefficient", [*found.shifts[1:], *found.slopes], theirs["coefficients"]),
        ("threshold", found.thresholds, theirs["thresholds"]),
        ("se", errors, theirs["se"][:5]),
    ]
    for name, ours, references in rows:
        for at, (value, reference) in enumerate(zip(ours, references, strict=True), start=1):
            yield Compared(f"ordered logit: {name} {at}", value, reference, program, POLR)


def _brant(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    legitimacy = [arm.partition(".")[2] for arm in data["arm"]]
    psm, program = data["psm"][:, None], f"R {r['versions']['R']} glm"
    found = proportional_odds(_points(data), legitimacy, ["low", "high"], covariates=psm)
    assert isinstance(found, ProportionalOdds)
    for field in ("statistic", "df", "p"):
        yield near(f"Brant: {field}", getattr(found, field), r["brant"][field], program)


def _weighted(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    program = f"{r['versions']['estimatr']} lm_robust"
    z = np.column_stack([data["psm"], data["income"]])
    chances = r["weighted"]["probability"]
    # R prints sixths to 15 digits, which is within rounding.
    probability = [
        chances["low" if education <= 2 else "high"][r["arms"].index(arm)]
        for education, arm in zip(data["education"], data["arm"].tolist(), strict=True)
    ]
    for name, key, columns in (("Hájek", "plain", None), ("Hájek, Lin", "adjusted", z)):
        means = hajek_means(
            data["outcome"], data["arm"], r["arms"], probability, covariates=columns
        )
        yield from _means(name, means, r["weighted"][key], program)


def _blocked(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    program, first = f"{r['versions']['estimatr']} difference_in_means", r["arms"][0]
    strata = np.where(data["education"] <= 2, "low", "high")
    for theirs in r["blocked"]:
        pair = [first, theirs["arm"]]
        rows = np.isin(data["arm"], pair)
        means = blocked_means(data["outcome"][rows], data["arm"][rows], pair, strata[rows])
        ours = contrast(means, [-1, 1])
        assert isinstance(ours, Estimate)
        for field in ("estimate", "se", "df", "p"):
            what = f"blocks: {theirs['arm']} − {first} {field}"
            yield near(what, getattr(ours, field), theirs[field], program)


def _one_factor(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    program, theirs = f"R {r['versions']['R']}", r["one_factor"]
    items = np.column_stack([data[f"item{i}"] for i in range(1, 5)])
    ours, fits = omega(items), item_fits(items)
    assert isinstance(ours, Omega)
    assert isinstance(fits, tuple)
    factanal = f"{program} factanal"
    yield Compared("omega", ours.omega, theirs["omega"], factanal, FACTOR)
    for at, fit in enumerate(fits):
        loading = ours.loadings[at]
        what = f"loading of item {at + 1}"
        yield Compared(what, loading, theirs["loadings"][at], factanal, FACTOR)
        for field in ("total", "rest", "dropped"):
            what = f"item {at + 1}: {field}"
            yield near(what, getattr(fit, field), theirs[field][at], program)
