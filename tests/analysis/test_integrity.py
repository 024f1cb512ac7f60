"""The integrity of a randomisation from rows that are made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analysis.balances import balance, covariates_of
from analysis.found import Found
from analysis.integrity import Step, step_integrity, steps, watched
from analysis.integrity_results import Alarm, Among, BalanceCell, Omnibus
from analysis.integrity_rows import Row, Rows
from analysis.statistics.attrition import Stage
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Design, Method
from tests.designs import small

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
ARMS = ("none.low", "none.high", "money.low", "money.high")


def weighted(*weights: int, method: Method = Method.PERMUTED_BLOCKS) -> Design:
    """The small design with an arm for each weight."""
    (step,) = small().randomisations
    arms = tuple(replace(arm, weight=w) for arm, w in zip(step.arms, weights, strict=False))
    return replace(small(), randomisations=(replace(step, arms=arms, method=method),))


def step_of(design: Design) -> Step:
    """The design's one randomisation, of one version."""
    (found,) = steps({1: design})
    return found


def arrived(place: int, arm: str, *, exposed: bool = True, completed: bool = True) -> Row:
    """The row of the participant in that place, whose answers vary by it."""
    when = START + timedelta(minutes=place)
    return Row(
        arm,
        "1|gender=woman",
        when,
        held=True,
        exposed_at=when if exposed else None,
        completed_at=when + timedelta(seconds=30) if completed else None,
        in_cut=completed,
        answers={"gender": "woman", "education": str(1 + place % 3 % 2), "motive1": "3"},
    )


def flow(step: Step, rows: Sequence[Row]) -> dict[str, tuple[int, int, int | None, int]]:
    """Each arm's counts: assigned, cut off, exposed, completed."""
    found = step_integrity(step, Rows.of(rows))
    return {arm.arm: (arm.assigned, arm.cut_off, arm.exposed, arm.completed) for arm in found.arms}


def test_leak_in_one_arm_raises_the_alarm_and_both_tests_find_it() -> None:
    step = step_of(small())
    rows = [arrived(p, ARMS[p % 4], completed=p % 4 != 3) for p in range(120)]
    found = step_integrity(step, Rows.of(rows))
    way, ratio = found.passages[2], found.ratios[1]
    assert (way.start, way.end, ratio.stage) == (Stage.EXPOSED, Stage.COMPLETED, Stage.COMPLETED)
    assert way.test.value is not None
    assert ratio.once.value is not None
    # Of thirty an arm none, none, none and all are lost: X² is n itself.
    assert (round(way.test.value.statistic, 9), way.test.value.df) == (120, 3)
    # Of 90 completes 22.5 an arm are expected: (3 · 7.5² + 22.5²) / 22.5.
    assert (round(ratio.once.value.statistic, 9), ratio.once.value.df) == (30, 3)
    assert watched(found).alarms == (
        Alarm(Stage.EXPOSED, Found(False)),
        Alarm(Stage.COMPLETED, Found(True)),
    )


def test_sample_ratio_is_held_against_the_weights() -> None:
    step = step_of(weighted(3, 1))
    rows = [arrived(p, ARMS[p % 4 == 3]) for p in range(40)]
    once = step_integrity(step, Rows.of(rows)).ratios[1].once.value
    assert once is not None
    assert (once.statistic, once.df, once.least_expected) == (0.0, 1, 10.0)


def test_versions_are_pooled_by_what_they_draw() -> None:
    designs = {
        1: small(),
        2: weighted(2, 1, 1, 1),
        3: replace(small(), title={"en": "Another text"}),
        4: weighted(1, 1, 1),
        5: weighted(2, 2, 2, 2),
        6: weighted(1, 1, 1, 1, method=Method.SIMPLE),
    }
    assert [step.versions for step in steps(designs)] == [(1, 3, 5), (2,), (4,), (6,)]


def test_who_completed_counts_as_exposed_and_the_cut_off_as_assigned() -> None:
    rows = [
        arrived(0, "none.low", exposed=False),
        Row("none.low", "1|", START),
        arrived(2, "money.low", completed=False),
        arrived(3, "of an edited ledger"),
    ]
    assert flow(step_of(small()), rows) == {
        "none.low": (2, 1, 1, 1),
        "none.high": (0, 0, 0, 0),
        "money.low": (1, 0, 1, 0),
        "money.high": (0, 0, 0, 0),
    }


def test_nobody_gives_reasons() -> None:
    found = step_integrity(step_of(small()), Rows.of([]))
    tests = [*(each.test for each in found.passages), *(each.once for each in found.ratios)]
    assert {test.why_not.reason for test in tests if test.why_not} == {Reason.NO_ROWS}
    assert [test.value for test in tests] == [None] * 5


def test_exposure_to_a_later_randomisation_is_not_known() -> None:
    """The participant's one time of exposure is from before the second draw."""
    step = step_of(small())
    rows = [arrived(p, ARMS[p % 4]) for p in range(40)]
    early = [replace(row, exposed_at=row.allocated_at - timedelta(seconds=9)) for row in rows]
    found = step_integrity(step, Rows.of(early))
    reasons = [each.test.why_not and each.test.why_not.reason for each in found.passages]
    assert reasons == [Reason.NOT_RECORDED, Reason.NO_VARIANCE, Reason.NOT_RECORDED]
    assert [arm.exposed for arm in found.arms] == [None] * 4
    assert watched(found).exposed is None
    assert found.ratios[0].once.why_not == found.passages[0].test.why_not
    assert found.ratios[1].once.value is not None


@pytest.mark.parametrize(("weights", "is_tested"), [((1, 1, 1, 1), True), ((2, 1, 1, 1), False)])
def test_minimisation_has_fixed_shares_with_equal_weights_alone(
    weights: tuple[int, ...], is_tested: bool
) -> None:
    step = step_of(weighted(*weights, method=Method.MINIMISATION))
    found = step_integrity(step, Rows.of(arrived(p, ARMS[p % 4]) for p in range(40)))
    for ratio in found.ratios:
        reason = ratio.once.why_not and ratio.once.why_not.reason
        assert (ratio.once.value is not None) is is_tested
        assert reason == (None if is_tested else Reason.NO_FIXED_SHARES)
        assert (ratio.anytime.why_not, ratio.shares.why_not) == (ratio.once.why_not,) * 2


def test_covariates_are_the_plans_and_what_arms_were_drawn_by() -> None:
    (step,) = small().randomisations
    drawn = replace(step, covariates=("education", "attention"))
    design = replace(small(), randomisations=(drawn,))
    assert covariates_of(step_of(design)) == ("motive", "education", "gender", "attention")


def test_few_rows_are_permuted_and_the_same_rows_have_the_same_p() -> None:
    step = step_of(small())
    rows = [arrived(p, ARMS[p % 4]) for p in range(16)]
    found = balance(step, Rows.of(rows), Among.CUT)
    omnibus = found.omnibus.value
    assert omnibus is not None
    assert (omnibus.df, omnibus.draws, omnibus.n, omnibus.alone) == (None, 999, 16, 0)
    assert balance(step, Rows.of(rows), Among.CUT) == found
    assert [row.covariate for row in found.rows] == [
        *("motive", "education", "gender=man", "gender=no_answer")
    ]


def test_balance_compares_whom_it_says_and_leaves_out_who_is_erased() -> None:
    step = step_of(small())
    rows = [arrived(p, ARMS[p % 4], completed=p < 8) for p in range(12)]
    rows.append(Row("none.low", "1|", START))
    sizes = {
        among: [cell.n + cell.missing for cell in balance(step, Rows.of(rows), among).rows[1].arms]
        for among in Among
    }
    assert sizes == {
        Among.ASSIGNED: [3, 3, 3, 3],
        Among.COMPLETED: [2, 2, 2, 2],
        Among.CUT: [2, 2, 2, 2],
    }


def test_balance_without_covariates_or_rows_gives_reasons() -> None:
    (drawn,) = small().randomisations
    plan = replace(small().plan, covariates=())
    bare = replace(small(), plan=plan, randomisations=(replace(drawn, strata=()),))
    nothing = NotEstimable(Reason.NO_COVARIATES, "Neither the plan nor a list names a covariate.")
    assert balance(step_of(bare), Rows.of([arrived(0, ARMS[0])]), Among.ASSIGNED).rows == ()
    assert balance(step_of(bare), Rows.of([]), Among.ASSIGNED).omnibus == Found[Omnibus](
        why_not=nothing
    )
    nobody: Found[Omnibus] = Found(why_not=NotEstimable(Reason.NO_ROWS, "Nobody is compared."))
    found = balance(step_of(small()), Rows.of([]), Among.ASSIGNED)
    assert found.omnibus == nobody
    assert found.rows[1].arms[0] == BalanceCell(
        "none.low", 0, 0, found.rows[1].arms[0].mean, found.rows[1].arms[0].sd, None
    )
