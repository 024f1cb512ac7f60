"""The committed rehearsals of the shipped study against its power analysis, and some again."""

import json
from math import sqrt

import pytest

from experiments.design import digest
from rehearsal.often import TOGETHER
from rehearsal.replicate_counts import replicated_from_builtins
from rehearsal.replicates import replicated
from tests.rehearsal.predicted import predicted, told
from tests.rehearsal.shipped_studies import (
    PLANTED,
    RESULT,
    SEED,
    STUDIES,
    committed,
    measured,
    shipped_truth,
    variant,
)
from tests.rehearsal.shipped_table import TABLE, effect_there, table

# How many Monte Carlo standard errors a share may part from what is predicted.
ERRORS = 3
PRIMARY = ("monetary_vs_none", "nonmonetary_vs_none", "legitimacy_high_vs_low")


def within(count: int, of: int, low: float, high: float) -> bool:
    """Whether a share of so many studies is what chances between these may give."""
    ends = [ERRORS * sqrt(chance * (1 - chance) / of) for chance in (low, high)]
    return low - ends[0] <= count / of <= high + ends[1]


def test_runs_are_of_the_study_that_ships() -> None:
    written = json.loads(RESULT.read_text())["variants"]
    for name, studies in STUDIES.items():
        assert committed(name).studies == studies
        assert written[name]["design_digest"] == digest(variant(name).design)
        assert written[name]["seed"] == SEED


@pytest.mark.parametrize("contrast", PRIMARY)
@pytest.mark.parametrize("name", STUDIES)
def test_shares_of_verdicts_are_those_of_the_power_analysis(name: str, contrast: str) -> None:
    found = committed(name)
    expected, said = predicted(contrast, effect_there(found, contrast)), found.verdicts[contrast]
    first, alone = (each[-1] for each in expected.different)
    n = found.studies
    assert within(said.different + said.both, n, first, alone)
    assert within(said.equivalent + said.both, n, expected.equivalent, expected.equivalent)
    assert within(said.undecided, n, *expected.undecided)


def test_planted_effect_is_found_at_the_look_that_its_power_predicts() -> None:
    found = committed("planted")
    assert variant("planted").planted["monetary_vs_none"] == (PLANTED,)
    expected = predicted("monetary_vs_none", effect_there(found, "monetary_vs_none"))
    rejected = found.counts.contrasts["monetary_vs_none"].rejected
    # Holm’s first share until another contrast is rejected, which is nil.
    for look, (first, alone) in enumerate(zip(*expected.different, strict=True), start=1):
        assert within(sum(rejected[:look]), found.studies, first, alone)
    most = [sum(rejected[:look]) > found.studies / 2 for look in (1, 2, 3)]
    assert most == [chance > 0.5 for chance in expected.different[0]] == [False, True, True]


def test_errors_without_an_effect_are_within_their_bounds() -> None:
    found = committed("null")
    assert found.studies == 1000
    assert within(found.counts.familywise, 1000, 0.0, 0.05)
    for code, said in found.verdicts.items():
        assert within(said.different + said.both, 1000, 0.0, 0.05), code
    for rows in found.rows.values():
        for row in rows:
            assert row.estimate.mean is not None
            assert row.estimate.mean.low - 0.01 < 0 < row.estimate.mean.high + 0.01
            assert within(row.repeated, 1000, 0.95, 1.0)


@pytest.mark.parametrize("name", STUDIES)
def test_motivation_goes_along_and_education_and_income_little(name: str) -> None:
    found = committed(name)
    assert found.slopes["psm"].distinct == found.studies
    for code in ("education", "income"):
        slope = found.slopes[code]
        assert slope.estimate.n == found.studies
        assert slope.estimate.mean is not None
        assert abs(slope.estimate.mean.mean) < 0.03


def test_table_in_the_docs_is_that_of_the_run() -> None:
    assert TABLE.read() == table()


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
def test_first_studies_come_out_as_they_were_committed(name: str) -> None:
    first = replicated_from_builtins(json.loads(RESULT.read_text())["variants"][name]["first"])
    found = replicated(variant(name), SEED, range(TOGETHER))
    assert found.verdicts == first.verdicts
    assert (found.people, found.arms) == (first.people, first.arms)
    for code, rows in found.rows.items():
        for mine, theirs in zip(rows, first.rows[code], strict=True):
            assert mine.covered == theirs.covered
            # Another machine's linear algebra differs in the last digits.
            assert mine.estimate.total == pytest.approx(theirs.estimate.total, abs=1e-6)
            assert mine.there.total == pytest.approx(theirs.there.total, abs=1e-6)


@pytest.mark.slow
def test_people_are_as_the_power_analysis_was_told() -> None:
    found = measured(variant("null").design, variant("null").truth)
    assert (found.sd, found.r2) == pytest.approx((told().sd, told().r2), abs=1e-6)
    assert shipped_truth().traits["wtc"].sd == pytest.approx(found.sd, abs=0.1)
