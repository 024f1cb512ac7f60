"""Rows of the comparison: adjusted p-values and Dunnett's test."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from analysis.statistics.dunnett import dunnett, dunnett_critical
from analysis.statistics.graphs import gatekeeping, graph, graph_test
from analysis.statistics.graphs_over_looks import graph_over_looks
from analysis.statistics.multiplicity import Adjusted, benjamini_hochberg, holm
from analysis.statistics.sequential import bounds
from tests.reference.single_look import Row, allowed, carried, single_look_r

# mvtnorm integrates by quasi-random points until it believes its error below 1e-5.
QUASI_RANDOM = 1e-5


def rows() -> Iterator[Row]:
    """All comparisons of multiplicity."""
    yield from _adjusted()
    yield from _dunnett()
    yield from _graphs()
    yield from _over_looks()


def _many(what: str, ours: Any, theirs: Any, program: str, entry: dict[str, Any]) -> Iterator[Row]:
    for place, (mine, reference) in enumerate(zip(ours, theirs, strict=True), start=1):
        yield f"{what} {place}", float(mine), reference, program, allowed(entry, reference)


def _adjusted() -> Iterator[Row]:
    entry, r = carried("multiplicity.bh1995"), single_look_r()
    for name, method in (("holm", holm), ("bh", benjamini_hochberg)):
        ours, expected = method(entry["inputs"]["p"]), entry["expected"]
        program = "Benjamini & Hochberg 1995, R p.adjust"
        yield from _many(f"{entry['id']}: {name}", ours.p, expected[name], program, entry)
        many = float(sum(ours.rejected))
        yield f"{entry['id']}: {name} rejects", many, expected["n_reject"][name], program, 0
        own = r["adjusted_p"]
        theirs = zip(method(own["p"]).p, own[name], strict=True)
        for place, (mine, reference) in enumerate(theirs, start=1):
            what = f"p.adjust: {name} {place}"
            assert isinstance(mine, float)
            yield what, mine, reference, f"{r['versions']['R']} p.adjust", 1e-12


def _dunnett() -> Iterator[Row]:
    entry, r = carried("multiplicity.dunnett_crit.k3"), single_look_r()
    critical = dunnett_critical(1, [1] * 3)
    assert isinstance(critical, float)
    expected = entry["expected"]["crit"]
    yield entry["id"], critical, expected, "mvtnorm qmvnorm", entry["tolerance"]["abs"]
    for case in r["dunnett"]:
        for two_sided, key in ((True, "two_sided"), (False, "upward")):
            t, df = case["statistics"], case["df"]
            ours = dunnett(t, case["n0"], case["n"], df=df, two_sided=two_sided)
            assert isinstance(ours, Adjusted)
            what = f"Dunnett, {case['n0']} against {case['n']}, {key}:"
            for at, mine, reference in zip(t, ours.p, case[key], strict=True):
                assert isinstance(mine, float)
                program = f"{r['versions']['mvtnorm']} pmvt"
                yield f"{what} p of {at}", mine, reference, program, QUASI_RANDOM
    case = r["against_first"]
    ours = dunnett(case["statistics"], case["n"][0], case["n"][1:], df=case["df"])
    assert isinstance(ours, Adjusted)
    for place, (mine, reference) in enumerate(zip(ours.p, case["p"], strict=True), start=2):
        assert isinstance(mine, float)
        what = f"Dunnett, six_arms.csv: p of arm {place}"
        yield what, mine, reference, f"{r['versions']['multcomp']} glht", QUASI_RANDOM


def _graphs() -> Iterator[Row]:
    for name in ("simple_successive", "fallback"):
        entry = carried(f"multiplicity.graph.{name}")
        inputs, expected = entry["inputs"], entry["expected"]
        names = [str(place) for place in range(len(inputs["p"]))]
        drawn = graph(names, inputs["weights"], inputs["transitions"])
        ours = graph_test(drawn, inputs["p"], alpha=inputs["alpha"])
        program = "graphicalMCP 0.2.8"
        what = f"{entry['id']}:"
        yield from _many(f"{what} adjusted p", ours.p, expected["adjusted_p"], program, entry)
        yield from _many(f"{what} rejected", ours.rejected, expected["rejected"], program, entry)


def _over_looks() -> Iterator[Row]:
    entry = carried("multiplicity.gs_holm.look1")
    inputs, expected = entry["inputs"], entry["expected"]
    found = graph_over_looks(
        gatekeeping(["1", "2", "3"]),
        [stats.norm.sf(np.array(inputs["z"])).tolist()],
        [inputs["information_fractions"]],
        lambda alpha, t: [bound.nominal_p for bound in bounds(t, alpha, two_sided=False)],
        alpha=inputs["alpha_one_sided"],
    ).hypotheses
    program, what = "gsDesign 3.11.0.9003", entry["id"]
    raw = [each.sequential_p for each in found]
    yield from _many(f"{what}: sequential p", raw, expected["sequential_p"], program, entry)
    holms = [each.adjusted_p for each in found]
    yield from _many(f"{what}: Holm", holms, expected["holm"], program, entry)
    rejected = [each.rejected_at is not None for each in found]
    yield from _many(f"{what}: rejected", rejected, expected["reject"], program, entry)
