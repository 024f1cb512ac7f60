"""Confidence sequences and anytime-valid tests beside other programs': anytime.json."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.anytime import (
    AnytimeEstimate,
    anytime_f,
    anytime_t,
    asymptotic_margin,
    t_radius,
    tuned_rho2,
    z_radius,
)
from analysis.statistics.estimate import Estimate, Floats, JointTest, t_estimate
from analysis.statistics.linear import Fit, Robust, ols
from analysis.statistics.mixtures import (
    bernoulli_sequence,
    gamma_poisson_bound,
    normal_bound,
    one_sided_log_mixture,
)
from tests.reference.compared import Compared

HERE = Path(__file__).parent
PROGRAMS = {"howard": "confseq 0.0.4", "asymp": "drconfseq", "avlm": "avlm 0.1.0"}


def mtcars() -> tuple[Floats, Floats]:
    """R's mtcars: mpg (32,), and the columns intercept, wt and hp (32, 3)."""
    with (HERE / "mtcars.csv").open() as file:
        rows = list(csv.DictReader(file))
    x = np.array([[1.0, float(row["wt"]), float(row["hp"])] for row in rows])
    return np.array([float(row["mpg"]) for row in rows]), x


def compared_anytime() -> Iterator[Compared]:
    """Every number of anytime.json."""
    for entry in json.loads((HERE / "anytime.json").read_text())["entries"]:
        program = PROGRAMS[entry["id"].split(".")[1]]
        allowed = entry["tolerance"]
        for what, ours, reference in _numbers(entry["id"], entry["inputs"], entry["expected"]):
            tolerance = allowed["abs"] if "abs" in allowed else allowed["rel"] * abs(reference)
            yield Compared(f"{entry['id']}{what}", ours, reference, program, tolerance)


Numbers = Iterator[tuple[str, float, float]]


def _numbers(name: str, inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    """What the entry asks, our answer and its own."""
    if name.startswith("cs.asymp."):
        yield from _asymptotic(inputs, expected)
    elif name.startswith("cs.howard.bernoulli."):
        found = bernoulli_sequence(
            inputs["successes"], inputs["trials"], tuned=inputs["t_opt"], alpha=inputs["alpha"]
        )
        yield from zip((": low", ": high"), found, expected["ci"], strict=True)
    elif name.startswith("cs.howard."):
        yield from _boundary(inputs, expected)
    elif name.startswith("cs.avlm.mtcars."):
        yield from _regression(inputs, expected)
    elif name == "cs.avlm.anova_iris":
        yield from _joint(inputs, expected)
    else:
        yield from _radius(inputs, expected)


def _asymptotic(inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    rho2 = tuned_rho2(inputs["t_opt"], inputs["alpha"])
    if "rho2" in expected:
        yield "", rho2, expected["rho2"]
    else:
        ours = asymptotic_margin(inputs["n"], rho2=rho2, alpha=inputs["alpha"])
        yield "", ours, expected["margin"]


def _boundary(inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    tuned = inputs["v_opt"]
    if "half_width" in expected:
        ours = normal_bound(inputs["n"], inputs["alpha"], tuned=tuned) / inputs["n"]
        yield ": half width", ours, expected["half_width"]
    elif "s" in inputs:
        yield "", one_sided_log_mixture(inputs["s"], inputs["v"], tuned=tuned), expected["value"]
    elif "c" in inputs:
        ours = gamma_poisson_bound(inputs["v"], inputs["alpha"], tuned=tuned, scale=inputs["c"])
        yield "", ours, expected["value"]
    else:
        yield "", normal_bound(inputs["v"], inputs["alpha"], tuned=tuned), expected["value"]


def _regression(inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    y, x = mtcars()
    fit = ols(y, x, robust=Robust.HC3)
    assert isinstance(fit, Fit)
    covariance = fit.covariance if inputs.get("vcov") == "HC3" else _classical(y, x, fit)
    for at, name in enumerate(("intercept", "wt", "hp")):
        found = t_estimate(
            estimate=float(fit.coefficients[at]),
            se=float(np.sqrt(covariance[at, at])),
            df=fit.df,
            n=fit.n,
            alpha=inputs["alpha"],
        )
        assert isinstance(found, Estimate)
        ours = anytime_t(found, g=inputs["g"], alpha=inputs["alpha"])
        assert isinstance(ours, AnytimeEstimate)
        fields = {"se": ours.se, "lower": ours.low, "upper": ours.high, "p": ours.p}
        for field, values in expected.items():
            yield f": {name} {field}", fields[field], values[at]


def _classical(y: Floats, x: Floats, fit: Fit) -> Floats:
    """The covariance of errors of one variance, s² (X'X)⁻¹, that avlm takes by default."""
    left = y - x @ fit.coefficients
    found: Floats = np.linalg.inv(x.T @ x) * (left @ left) / fit.df
    return found


def _joint(inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    for at, (f, d, df, n, g) in enumerate(inputs["cases"]):
        # The fixed-sample p plays no part in it.
        ours = anytime_f(JointTest(f, d, df, p=0.5, n=n), g=g)
        yield f": log e of F = {f:g}, g = {g}", ours.log_e, expected["log_e"][at]
        yield f": F = {f:g}, g = {g} p", ours.p, expected["p"][at]


def _radius(inputs: dict[str, Any], expected: dict[str, Any]) -> Numbers:
    n, g, alpha = inputs["n"], inputs["g"], inputs["alpha"]
    ours = t_radius(df=n - inputs["n_coef"], n=n, g=g, alpha=alpha)
    assert isinstance(ours, float)
    yield ": t radius", ours, expected["t_radius"]
    yield ": z radius", z_radius(n=n, g=g, alpha=alpha), expected["z_radius"]
