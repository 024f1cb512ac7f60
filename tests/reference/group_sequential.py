"""Our group-sequential numbers beside those of gsDesign, rpact, ldbounds and the literature.

`group_sequential.json` holds what others computed or published, each entry with its program and
tolerance. Where an entry's tolerance has another reason than the digits of its program, the
function that compares it says so.
"""

import json
import re
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from typing import Any, TypeAlias

from scipy import stats

from analysis.statistics.boundary import Boundary, characteristics, drift_for_power, inflation
from analysis.statistics.classic import (
    error_of_peeking,
    obrien_fleming_constant,
    pocock_constant,
)
from analysis.statistics.conditional import Outlook, conditional_power, current_trend
from analysis.statistics.futility import FutilityBounds, futility_bounds
from analysis.statistics.repeated import levels_of, repeated_interval, repeated_p, sequential_p
from analysis.statistics.sequential import Bound, bounds
from analysis.statistics.spending import OBRIEN_FLEMING, POCOCK, Family, Spending
from analysis.statistics.stagewise import AfterStopping, after_stopping
from tests.reference.compared import Compared, each

HERE = Path(__file__).parent
Entry: TypeAlias = dict[str, Any]

SPENDING: dict[str, Callable[[Any], Spending]] = {
    "LDOF": lambda _: OBRIEN_FLEMING,
    "LDP": lambda _: POCOCK,
    "HSD": lambda gamma: Spending(Family.HWANG_SHIH_DECANI, gamma),
    "HSD1": lambda _: Spending(Family.HWANG_SHIH_DECANI, 1),
    "KD": lambda rho: Spending(Family.POWER, rho),
}


def carried() -> Iterator[Compared]:
    """All numbers of group_sequential.json."""
    for entry in json.loads((HERE / "group_sequential.json").read_text())["entries"]:
        compare = next(
            compare for pattern, compare in COMPARED.items() if re.match(pattern, entry["id"])
        )
        yield from compare(entry)


def _rows(
    entry: Entry, what: str, ours: Any, reference: Any, tolerance: float, *, relative: bool = False
) -> Iterator[Compared]:
    """The entry's rows, with the programs that it names and without where they came from."""
    program = re.sub(r" \(.*?\)", "", entry["source"].split(";", maxsplit=1)[0])
    what = f"{entry['id']}: {what}"
    yield from each(what, ours, reference, program, tolerance, relative=relative)


def _spending(entry: Entry) -> Iterator[Compared]:
    inputs, expected = entry["inputs"], entry["expected"]["cumulative_alpha"]
    spending = SPENDING[inputs["spending"]](None)
    for t, spent in zip(inputs["t"], expected, strict=True):
        ours = spending.spent(t, inputs["alpha"])
        yield from _rows(entry, f"spent at {t}", ours, spent, entry["tolerance"]["abs"])


def _bounds(entry: Entry) -> Iterator[Compared]:
    inputs, tolerance = entry["inputs"], entry["tolerance"]
    two_sided, underrun = "alpha_two_sided" in inputs, "planned_max" in inputs
    found = bounds(
        inputs.get("information_fractions") or [n / inputs["planned_max"] for n in inputs["n"]],
        inputs["alpha_two_sided" if two_sided else "alpha_one_sided"],
        two_sided=two_sided,
        final=underrun,
        spending=SPENDING[inputs.get("spending", "LDOF")](inputs.get("parameter")),
    )
    absolute = tolerance.get("z_abs", tolerance.get("abs"))
    fields = {
        "z": ("z", absolute, False),
        "nominal_p": ("nominal_p", tolerance.get("p_rel", absolute), "p_rel" in tolerance),
        "cumulative_alpha": ("alpha_spent", tolerance.get("alpha_abs", absolute), False),
    }
    for key, values in entry["expected"].items():
        field, allowed, relative = fields[key]
        ours = [getattr(bound, field) for bound in found]
        yield from _rows(entry, key, ours, values, allowed, relative=relative)


def _snapshot(entry: Entry) -> Iterator[Compared]:
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["tolerance"]
    looks = [(look + 1) / inputs["K"] for look in range(inputs["K"])]
    found = futility_bounds(
        looks,
        inputs["alpha_one_sided"],
        inputs["beta"],
        efficacy=SPENDING["HSD"](-4),
        futility=SPENDING["HSD"](-2),
    )
    # gsDesign prints rows rounded up.
    rows = [ceil(inputs["n_fix"] * found.inflation * t) for t in looks]
    yield from _rows(entry, "rows", rows, expected["n"], tolerance["n_abs"])
    planned = characteristics(found.boundary, found.drift)
    nothing = characteristics(found.boundary, 0.0)
    z, p = tolerance["z_abs"], tolerance["p_abs"]
    yield from _rows(entry, "lower z", found.boundary.low, expected["lower_z"], z)
    yield from _rows(entry, "upper z", found.boundary.high, expected["upper_z"], z)
    yield from _rows(entry, "beta spent there", planned.low, expected["beta_spend"], p)
    yield from _rows(entry, "power there", planned.high, expected["power_by_look"], p)
    below = expected["prob_cross_lower_H0"]
    yield from _rows(entry, "futility there under H0", nothing.low, below, p)


def _classic(entry: Entry) -> Iterator[Compared]:
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    pocock, looks = "pocock" in entry["id"], inputs["K"]
    constant = pocock_constant if pocock else obrien_fleming_constant
    ours = constant(looks, inputs["alpha_two_sided"])
    yield from _rows(entry, "constant", ours, expected["C"], allowed)
    yield from _rows(entry, "constant, published", ours, expected["published_3dp"], allowed)
    if "z" in expected:
        zs = [ours * (looks / (look + 1)) ** 0.5 for look in range(looks)]
        yield from _rows(entry, "z", zs, expected["z"], allowed)


def _crossing(entry: Entry) -> Iterator[Compared]:
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    found = characteristics(_upper(inputs["information_fractions"], inputs["z"]), inputs["drift"])
    yield from _rows(entry, "chance to stop there", found.high, expected["prob"], allowed)
    yield from _rows(entry, "power", found.power, expected["total"], allowed)


def _inflation(entry: Entry) -> Iterator[Compared]:
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    alpha, power = inputs["alpha_one_sided"], 1 - inputs["beta"]
    found = bounds(inputs["information_fractions"], alpha, two_sided=False)
    boundary = Boundary.of(found, two_sided=False)
    drift = drift_for_power(boundary, power)
    ours = inflation(drift, alpha, power, two_sided=False)
    yield from _rows(entry, "inflation", ours, expected["inflation"], allowed)
    for what, key, effect in (
        ("expected rows under H0 over the fixed test's", "EN_H0_ratio", 0.0),
        ("expected rows under H1 over the fixed test's", "EN_H1_ratio", drift),
    ):
        rows = ours * characteristics(boundary, effect).fraction
        yield from _rows(entry, what, rows, expected[key], allowed)


def _binding(entry: Entry) -> Iterator[Compared]:
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    found: FutilityBounds = futility_bounds(
        inputs["information_fractions"],
        inputs["alpha_one_sided"],
        inputs["beta"],
        futility=SPENDING["HSD"](-2),
        binding=True,
    )
    yield from _rows(entry, "upper z", found.boundary.high, expected["upper_z"], allowed)
    yield from _rows(entry, "lower z", found.boundary.low, expected["lower_z"], allowed)
    yield from _rows(entry, "inflation", found.inflation, expected["inflation"], allowed)


def _conditional(entry: Entry) -> Iterator[Compared]:
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    t, z = inputs["t"], inputs["z"]
    drifts = {
        "current_trend": current_trend(z, t),
        "design": inputs["design_drift"],
        "null": 0.0,
    }
    for name, drift in drifts.items():
        ours = conditional_power(_upper([1.0], [inputs["final_z"]]), t, z, drift)
        assert isinstance(ours, Outlook)
        yield from _rows(entry, f"conditional power, {name}", ours.high, expected[name], allowed)


def _stagewise(entry: Entry) -> Iterator[Compared]:
    inputs, expected, tolerance = entry["inputs"], entry["expected"], entry["tolerance"]
    boundary = _upper(inputs["information_fractions"], inputs["z_bounds"])
    # At full information with a standard error of 1, the effect is the drift.
    found = after_stopping(boundary, inputs["stopped_at"], estimate=inputs["z"], se=1, alpha=0.05)
    assert isinstance(found, AfterStopping)
    ours, allowed = found.adjusted, tolerance["drift_abs"]
    p = expected["p_one_sided"]
    yield from _rows(entry, "stage-wise p", ours.p_above, p, tolerance["p_abs"])
    middle = expected["drift_median_unbiased"]
    yield from _rows(entry, "median-unbiased drift", ours.estimate, middle, allowed)
    low, high = expected["drift_ci95"]
    yield from _rows(entry, "drift, lower end", ours.low, low, allowed)
    yield from _rows(entry, "drift, upper end", ours.high, high, allowed)
    yield from _rows(entry, "naive drift", found.naive.estimate, expected["naive_drift"], allowed)


def _analysis(entry: Entry) -> Iterator[Compared]:
    """What rpact reports of two looks.

    The entry's absolute tolerance (0.002) is for programs that use t instead of normal bounds;
    ours are normal, so that rpact's root search is what is left.
    """
    inputs, expected = entry["inputs"], entry["expected"]
    search, relative = 1e-6, entry["tolerance"]["p_rel"]
    found = bounds(inputs["information_fractions"], inputs["alpha_one_sided"], two_sided=False)
    for look in range(len(expected["z_overall"])):
        z, effect = expected["z_overall"][look], expected["effect_overall"][look]
        what = f"look {look + 1}"
        interval = repeated_interval(effect, effect / z, found[look])
        for side, ours in (("lower", interval.low), ("upper", interval.high)):
            reference = expected[f"rci_{side}"][look]
            yield from _rows(entry, f"repeated interval {side}, {what}", ours, reference, search)
        so_far = inputs["information_fractions"][: look + 1]
        p = repeated_p(stats.norm.sf(z), so_far, levels_of(look + 1, two_sided=False))
        reference = expected["repeated_p"][look]
        yield from _rows(entry, f"repeated p, {what}", p, reference, relative, relative=True)
    yield from _analysis_end(entry, found, effect, effect / z)


def _analysis_end(
    entry: Entry, found: tuple[Bound, ...], effect: float, se: float
) -> Iterator[Compared]:
    expected, tolerance = entry["expected"], entry["tolerance"]
    boundary, stage = Boundary.of(found, two_sided=False), expected["final_stage"]
    end = after_stopping(boundary, stage, estimate=effect, se=se, alpha=0.05)
    assert isinstance(end, AfterStopping)
    p, ours = expected["final_p"], end.adjusted
    yield from _rows(entry, "stage-wise p", ours.p_above, p, tolerance["p_rel"], relative=True)
    low, high = expected["final_ci"]
    middle, search = expected["median_unbiased"], 1e-6
    yield from _rows(entry, "median-unbiased estimate", ours.estimate, middle, search)
    yield from _rows(entry, "final interval lower", ours.low, low, search)
    yield from _rows(entry, "final interval upper", ours.high, high, search)


def _sequential_p(entry: Entry) -> Iterator[Compared]:
    inputs = entry["inputs"]
    fractions = [n / inputs["n_max"] for n in inputs["n"]]
    p = stats.norm.sf(inputs["Z"]).tolist()
    ours = sequential_p(p, fractions, levels_of(len(p), two_sided=False))
    reference, allowed = entry["expected"]["p"], entry["tolerance"]["rel"]
    yield from _rows(entry, "sequential p", ours, reference, allowed, relative=True)


def _peeking(entry: Entry) -> Iterator[Compared]:
    expected, tolerance, looks = entry["expected"], entry["tolerance"], entry["inputs"]["K"]
    ours = error_of_peeking([(look + 1) / looks for look in range(looks)], 0.05)
    yield from _rows(entry, "type-I error", ours, expected["type1"], tolerance["abs"])
    what, published = "type-I error, published", expected["published_3dp"]
    yield from _rows(entry, what, ours, published, tolerance["published_abs"])


def _sample_size(entry: Entry) -> Iterator[Compared]:
    """Two arms of standard deviation 1: the drift at n rows is d √n / 2."""
    inputs, expected, allowed = entry["inputs"], entry["expected"], entry["tolerance"]["abs"]
    alpha, power, looks = inputs["alpha_two_sided"], inputs["power"], inputs["K"]
    boundary = Boundary.of(bounds([(look + 1) / looks for look in range(looks)], alpha))
    drift = drift_for_power(boundary, power)
    most = (2 * drift / inputs["d"]) ** 2
    yield from _rows(entry, "planned rows", most, expected["max_n"], allowed)
    mean = most * characteristics(boundary, drift).fraction
    yield from _rows(entry, "expected rows under H1", mean, expected["EN_H1"], allowed)
    fixed = most / inflation(drift, alpha, power)
    yield from _rows(entry, "rows of the fixed test", fixed, expected["fixed_n"], allowed)


def _upper(fractions: list[float], z: list[float]) -> Boundary:
    return Boundary(tuple(fractions), (-float("inf"),) * len(z), tuple(z))


COMPARED: dict[str, Callable[[Entry], Iterator[Compared]]] = {
    r"gs\.spending\.": _spending,
    r"gs\.(ldof|ldp|hsd|kd|two_sided_obf|underrun)": _bounds,
    r"gs\.published\.gsDesign_snapshot": _snapshot,
    r"gs\.classic_": _classic,
    r"gs\.crossing_prob": _crossing,
    r"gs\.inflation": _inflation,
    r"gs\.futility_binding": _binding,
    r"gs\.condpower": _conditional,
    r"gs\.stagewise": _stagewise,
    r"gs\.rpact_analysis": _analysis,
    r"gs\.sequential_p": _sequential_p,
    r"gs\.naive_peeking": _peeking,
    r"gs\.samplesize_means": _sample_size,
}
