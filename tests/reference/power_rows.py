"""Rows of the comparison: power, sample sizes and standardised effects."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.effect_size import StandardisedEffect, hedges_g
from analysis.statistics.estimate import NotEstimable
from analysis.statistics.power import (
    Criterion,
    anova_power,
    anova_size,
    arcsine_difference,
    smallest_effect,
    t_power,
    two_sample_power,
    two_sample_size,
    two_shares_power,
)
from analysis.statistics.sequential import bounds
from analysis.statistics.sequential_size import SequentialSize, sequential_size
from tests.reference.single_look import HERE, Row, allowed, carried, single_look_r

UPWARD = Criterion(two_sided=False)


def rows() -> Iterator[Row]:
    """All comparisons of power and effect sizes."""
    yield from _carried()
    yield from _sequential()
    yield from _r()
    yield from _by_n()
    yield from _effects()


def _carried() -> Iterator[Row]:
    found: dict[str, Callable[[dict[str, Any]], float | NotEstimable]] = {
        "power.pwr.t.two": lambda x: two_sample_size(x["d"], power=x["power"], test=UPWARD),
        "power.pwr.anova.n": lambda x: anova_size(x["f"], x["groups"], power=x["power"]),
        "power.pwr.2p2n": lambda x: two_shares_power(x["h"], tuple(x["n"]), UPWARD),
        "power.pwr.h": lambda x: arcsine_difference(*x["p"]),
        "power.ttest.n.d0.25": lambda x: two_sample_size(x["d"], power=x["power"]),
    }
    for name, compute in found.items():
        entry = carried(name)
        (expected,) = entry["expected"].values()
        ours = compute(entry["inputs"])
        assert isinstance(ours, float)
        program = "R power.t.test" if "ttest" in name else "pwr 1.3.0"
        yield name, ours, expected, program, allowed(entry, expected)


def _sequential() -> Iterator[Row]:
    entry = carried("gs.samplesize_means.d0.2")
    x, expected = entry["inputs"], entry["expected"]
    looks = [(k + 1) / x["K"] for k in range(x["K"])]
    ours = sequential_size(x["d"], bounds(looks, x["alpha_two_sided"]), power=x["power"])
    assert isinstance(ours, SequentialSize)
    for key, field in (("max_n", "most"), ("EN_H1", "expected"), ("fixed_n", "fixed")):
        value = expected[key]
        what = f"{entry['id']}: {field}"
        yield what, getattr(ours, field), value, "rpact 3.3.4", allowed(entry, value)


def _r() -> Iterator[Row]:
    r = single_look_r()
    program, power = r["versions"]["R"], r["power"]
    for x in power["two_sample"]:
        for key in ("two_sided", "upward"):
            test = Criterion(x["alpha"], two_sided=key == "two_sided")
            ours = two_sample_power(x["d"], (x["n"], x["n"]), test)
            assert isinstance(ours, float)
            what = f"two-sample power: n {x['n']}, d {x['d']}, alpha {x['alpha']}, {key}"
            # R's noncentral t is summed until terms are below 1e-12.
            yield what, ours, x[key], f"{program} power.t.test", 1e-9
    x = power["smallest"]
    least = smallest_effect([-1, 1], [x["n"], x["n"]], power=x["power"])
    assert isinstance(least, float)
    yield "smallest effect: n 100 in each of two", least, x["d"], f"{program} power.t.test", 1e-8
    for x in power["anova"]:
        ours = anova_power(x["f"], x["groups"], x["n"])
        assert isinstance(ours, float)
        what = f"anova power: {x['groups']} groups of {x['n']}, f {x['f']}"
        yield what, ours, x["power"], f"{program} power.anova.test", 1e-9


def _by_n() -> Iterator[Row]:
    r = json.loads((HERE / "power_r.json").read_text())
    for x in r["one"]:
        df, test = x["n"] - 2, Criterion(x["alpha"])
        ours = t_power(x["effect"] * x["n"] ** 0.5 / 2, df, test)
        assert isinstance(ours, float)
        what = f"one look, n {x['n']}, effect {x['effect']}, alpha {x['alpha']}: power"
        yield what, ours, x["power"], f"{r['versions']['R']} power.t.test", 1e-8
    for x in r["several"]:
        rule = Boundary.of(bounds([0.5, 0.75, 1], x["alpha"]))
        # Two thirds of the participants are in the two halves that are compared.
        found = characteristics(rule, x["effect"] * (x["n"] / 6) ** 0.5)
        what = f"three looks, n {x['n']}, effect {x['effect']}, alpha {x['alpha']:.4f}: power"
        # rpact's bounds are within 1e-7 on the z scale.
        yield what, found.power + found.reach_low, x["power"], r["versions"]["rpact"], 1e-7


def _effects() -> Iterator[Row]:
    r = single_look_r()
    with (HERE / "six_arms.csv").open() as file:
        data = list(csv.DictReader(file))
    outcome = np.array([float(row["outcome"]) for row in data])
    arm = np.array([row["arm"] for row in data])
    first = outcome[arm == arm[0]]
    for x in r["effects"]:
        ours = hedges_g(first, outcome[arm == x["arm"]])
        assert isinstance(ours, StandardisedEffect)
        for field in ("d", "g", "low", "high"):
            what = f"standardised effect: {x['arm']} {field}"
            # R's pt is good to about 1e-9 where it is noncentral.
            program = f"{r['versions']['R']} pt"
            yield what, getattr(ours, field), x[field], program, 1e-7
