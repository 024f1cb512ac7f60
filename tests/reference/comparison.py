"""Our numbers beside those of other programs, and the table of them in docs/statistics.md.

`python -m tests.reference.comparison`, run from the root of the repository, writes the table anew
between its two markers. The tests hold each row within its tolerance and the table up to date.
"""

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.association import Associations, associations
from analysis.statistics.effects import CellMean, CellMeans, cell_means, contrast, joint_test
from analysis.statistics.estimate import Estimate, Floats, JointTest
from analysis.statistics.scales import Reliability, reliability
from analysis.statistics.sequential import bounds
from tests.marked import Marked
from tests.reference import equivalence_rows, multiplicity_rows, power_rows, randomisation_rows
from tests.reference.anytime import compared_anytime
from tests.reference.compared import Compared, near
from tests.reference.group_sequential import carried
from tests.reference.models import compared_models
from tests.reference.rpact import rpact_numbers

HERE = Path(__file__).parent
TABLE = Marked(HERE.parent.parent / "docs" / "statistics.md", "comparison")


def six_arms() -> dict[str, Any]:
    """The columns of six_arms.csv: `arm` as strings, the others as floats."""
    with (HERE / "six_arms.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, Any] = {
        name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "arm"
    }
    return columns | {"arm": np.array([row["arm"] for row in rows])}


def r_numbers() -> dict[str, Any]:
    """What make_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "r.json").read_text())
    return numbers


def compared() -> Iterator[Compared]:
    """All comparisons."""
    data, r = six_arms(), r_numbers()
    z = np.column_stack([data["psm"], data["income"]])
    plain = cell_means(data["outcome"], data["arm"], r["arms"])
    adjusted = cell_means(data["outcome"], data["arm"], r["arms"], covariates=z)
    robust = f"{r['versions']['estimatr']} lm_robust"
    yield from _effects("OLS, HC2", plain, r["unadjusted"], r["rows"], robust)
    yield from _effects("Lin, HC2", adjusted, r["adjusted"], r["rows"], robust)
    yield from _lin(adjusted, r)
    yield from _association(data, r["association"], robust)
    yield from _reliability(data, r)
    yield from _sequential_r(r)
    yield from carried()
    yield from rpact_numbers()
    for single in (multiplicity_rows, equivalence_rows, power_rows, randomisation_rows):
        yield from (Compared(*row) for row in single.rows())
    yield from compared_models(data)
    yield from compared_anytime()


def _effects(
    name: str, means: CellMeans, r: dict[str, Any], rows: dict[str, list[float]], program: str
) -> Iterator[Compared]:
    for mean, m, se in zip(means.means, r["means"], r["se"], strict=True):
        assert isinstance(mean, CellMean)
        yield near(f"{name}: mean of {mean.cell}", mean.mean, m, program)
        yield near(f"{name}: se of {mean.cell}", mean.se, se, program)
    for code, weights in rows.items():
        # make_r.R prints thirds to 15 digits; the weights meant are exact.
        exact = [round(w * 6) / 6 for w in weights]
        ours = contrast(means, exact)
        assert isinstance(ours, Estimate)
        for field in ("estimate", "se", "statistic", "df", "p", "low", "high"):
            reference = r["contrasts"][code][field]
            yield near(f"{name}: {code} {field}", getattr(ours, field), reference, program)
    test = joint_test(means, [rows["interaction_monetary"], rows["interaction_nonmonetary"]])
    assert isinstance(test, JointTest)
    for field in ("statistic", "df_numerator", "df_denominator", "p"):
        reference = r["interaction"][field]
        yield near(f"{name}: interaction, F {field}", getattr(test, field), reference, program)


def _lin(adjusted: CellMeans, r: dict[str, Any]) -> Iterator[Compared]:
    program, lin = f"{r['versions']['estimatr']} lm_lin", r["adjusted"]["lm_lin"]
    for index, arm in enumerate(r["arms"][1:], start=1):
        weights = [0.0] * len(r["arms"])
        weights[0], weights[index] = -1, 1
        ours = contrast(adjusted, weights)
        assert isinstance(ours, Estimate)
        for field in ("estimate", "se", "p"):
            what = f"Lin, HC2: {arm} − {r['arms'][0]} {field}"
            yield near(what, getattr(ours, field), lin[field][index - 1], program)


def _association(data: dict[str, Any], r: dict[str, Any], program: str) -> Iterator[Compared]:
    names = ("psm", "education", "income")
    ours = associations(data["outcome"], {name: data[name] for name in names})
    assert isinstance(ours, Associations)
    for index, association in enumerate(ours.associations):
        assert isinstance(association.slope, Estimate)
        for field in ("estimate", "se", "p", "low", "high"):
            what = f"association: {association.predictor} {field}"
            yield near(what, getattr(association.slope, field), r[field][index], program)


def _reliability(data: dict[str, Any], r: dict[str, Any]) -> Iterator[Compared]:
    items: Floats = np.column_stack([data[f"item{i}"] for i in range(1, 5)])
    ours = reliability(items)
    assert isinstance(ours, Reliability)
    for field in ("alpha", "low", "high"):
        what, reference = f"reliability: {field}", r["reliability"][field]
        yield near(what, getattr(ours, field), reference, r["versions"]["psych"])


def _sequential_r(r: dict[str, Any]) -> Iterator[Compared]:
    for case in r["sequential"]:
        # rpact stops its root search at about 1e-7 in z.
        fractions, program = case["fractions"], r["versions"]["rpact"]
        for bound, z in zip(bounds(fractions, case["alpha"]), case["two_sided"], strict=True):
            what = f"bounds, alpha {case['alpha']} two-sided, {_looks(fractions)}"
            yield Compared(f"{what}: z at {bound.fraction:.3g}", bound.z, z, program, 1e-6)


def _looks(fractions: list[float]) -> str:
    return "looks at " + ", ".join(f"{t:.3g}" for t in fractions)


def table() -> str:
    """The table as Markdown. Differences are rounded up to a power of ten, as machines differ."""
    lines = [
        "| number | ours | reference | program | relative difference |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.ours:.6g} | {row.reference:.6g} | {row.program} | {_below(row)} |"
        for row in compared()
    ]
    return "\n".join(lines)


def _below(row: Compared) -> str:
    difference = abs(row.ours - row.reference) / max(abs(row.reference), 1e-300)
    # Below 1e-9 it is rounding, which differs from machine to machine.
    return f"< 1e{max(-9, math.floor(math.log10(max(difference, 1e-300))) + 1)}"


def main() -> None:
    """Writes the table into the docs."""
    TABLE.write(table())


if __name__ == "__main__":
    main()
