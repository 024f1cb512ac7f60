"""Our group-sequential numbers beside those that make_group_sequential_r.R had from rpact."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scipy import stats

from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.classic import wang_tsiatis_constant
from analysis.statistics.conditional import Outlook, conditional_power
from analysis.statistics.futility import futility_bounds
from analysis.statistics.repeated import levels_of, repeated_interval, repeated_p
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import OBRIEN_FLEMING, POCOCK, Family, Spending
from analysis.statistics.stagewise import AfterStopping, after_stopping
from tests.reference.compared import Compared, each

HERE = Path(__file__).parent
# rpact's root searches end at about 1e-7 on the z scale; what is computed from several bounds, at
# ten times that. Its repeated p are searched for to four digits.
SEARCH = 1e-6
DIGITS = 2e-4
# rpact looks for a repeated p no further than to here on each side.
RPACT_MOST = 0.49999


def rpact_numbers() -> Iterator[Compared]:
    """All numbers of group_sequential_r.json."""
    r = json.loads((HERE / "group_sequential_r.json").read_text())
    program = r["versions"]["rpact"]
    for case in r["families"]:
        yield from _family(case, program)
    for case in r["classic"]:
        what = f"Wang–Tsiatis, shape {case['shape']}, {case['looks']} looks: constant"
        ours = wang_tsiatis_constant(case["looks"], case["alpha"], case["shape"])
        yield from each(what, ours, case["last"], program, SEARCH)
    for case in r["futility"]:
        yield from _futility(case, program)
    for case in r["operating"]:
        yield from _operating(case, program)
    for case in r["stopped"]:
        yield from _stopped(case, program)
    yield from _outlook(r["outlook"], program)


def _family(case: dict[str, Any], program: str) -> Iterator[Compared]:
    spending = Spending(Family(case["family"]), case["parameter"])
    found = bounds(case["fractions"], case["alpha"], spending=spending)
    parameter = "" if case["parameter"] is None else f" {case['parameter']:g}"
    what = f"two-sided bounds, {case['family']}{parameter}: z"
    yield from each(what, [bound.z for bound in found], case["z"], program, SEARCH)


def _futility(case: dict[str, Any], program: str) -> Iterator[Compared]:
    found = futility_bounds(
        case["fractions"],
        case["alpha"],
        case["beta"],
        futility=Spending(Family.POWER, case["rho"]),
        binding=case["binding"],
    )
    name = "futility, binding" if case["binding"] else "futility, non-binding"
    planned, nothing = (
        found.inflation * characteristics(found.boundary, drift).fraction
        for drift in (found.drift, 0.0)
    )
    # rpact gives no lower bound for the last look, where it is the upper one.
    for what, ours, reference in (
        ("upper z", found.boundary.high, case["high"]),
        ("lower z", found.boundary.low[:-1], case["low"]),
        ("drift", found.drift, case["drift"]),
        ("inflation", found.inflation, case["inflation"]),
        ("expected rows under H1 over the fixed test's", planned, case["rows_h1"]),
        ("expected rows under H0 over the fixed test's", nothing, case["rows_h0"]),
    ):
        yield from each(f"{name}: {what}", ours, reference, program, 10 * SEARCH)


def _operating(case: dict[str, Any], program: str) -> Iterator[Compared]:
    found = bounds(case["fractions"], case["alpha"], two_sided=False, spending=POCOCK)
    ours = characteristics(Boundary.of(found, two_sided=False), case["drift"])
    name = f"Pocock type, one-sided, drift {case['drift']}"
    yield from each(f"{name}: power", ours.power, case["power"], program, SEARCH)
    rows = 100 * ours.fraction
    yield from each(f"{name}: expected rows of 100", rows, case["rows"], program, 100 * SEARCH)


def _stopped(case: dict[str, Any], program: str) -> Iterator[Compared]:
    two_sided, look = case["two_sided"], case["look"]
    spending = POCOCK if case["type"] == "asP" else OBRIEN_FLEMING
    fractions, alpha = [0.3, 0.6, 1.0], 0.05 if two_sided else 0.025
    found = bounds(fractions, alpha, two_sided=two_sided, spending=spending)
    sides = "two-sided" if two_sided else "one-sided"
    name = f"{spending.family}, {sides}, ended at look {look}"
    for place in range(look):
        z, estimate = case["z"][place], case["estimate"][place]
        what = f"{name}: look {place + 1}, repeated"
        interval = repeated_interval(estimate, estimate / z, found[place])
        low, high = case["repeated_low"][place], case["repeated_high"][place]
        yield from each(f"{what} interval lower", interval.low, low, program, SEARCH)
        yield from each(f"{what} interval upper", interval.high, high, program, SEARCH)
        p = case["repeated_p"][place]
        if p < RPACT_MOST:
            levels = levels_of(place + 1, two_sided=two_sided, spending=spending)
            nominal = (1 + two_sided) * stats.norm.sf(z)
            ours = repeated_p(nominal, fractions[: place + 1], levels)
            yield from each(f"{what} p", ours, p, program, DIGITS, relative=True)
    boundary = Boundary.of(found, two_sided=two_sided)
    end = after_stopping(boundary, look, estimate=estimate, se=estimate / z, alpha=0.05)
    assert isinstance(end, AfterStopping)
    adjusted = end.adjusted
    p = adjusted.p if two_sided else adjusted.p_above
    yield from each(f"{name}: stage-wise p", p, case["final_p"], program, SEARCH)
    for field, key in (("estimate", "estimate_adjusted"), ("low", "low"), ("high", "high")):
        ours = getattr(adjusted, field)
        yield from each(f"{name}: stage-wise {field}", ours, case[key], program, SEARCH)


def _outlook(case: dict[str, Any], program: str) -> Iterator[Compared]:
    found = bounds(case["fractions"], case["alpha"], two_sided=False)
    ours = conditional_power(Boundary.of(found, two_sided=False), 0.3, case["z"], case["drift"])
    assert isinstance(ours, Outlook)
    what = "conditional power over two looks to come"
    yield from each(what, ours.high, case["power"], program, SEARCH)
