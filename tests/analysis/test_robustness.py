"""The contrasts by other analyses than the announced one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.dataset import Dataset
from analysis.estimation import arm_means
from analysis.look_redraws import look_redraws
from analysis.results import from_builtins
from analysis.robustness import robustness
from analysis.robustness_results import Analysis, Odds, Redrawn, Robustness
from analysis.robustness_told import robustness_table
from analysis.statistics.binary import average_effect, log_odds_ratio, logit_cells
from analysis.statistics.effect_size import standardised_contrast
from analysis.statistics.effects import cell_means, contrast
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.linear import Robust
from analysis.statistics.ordinal import ordered_cells, proportional_odds, shift
from analysis.statistics.weighted import blocked_means, hajek_means
from analysis.wording import Wording
from experiments.design import Design, Method, StandardErrors
from tests.analysis.hand_made import EXPECTED
from tests.analysis.studies import answers, assignment, complete, launched, spend
from tests.changed import changed
from tests.designs import small

ARMS = ("none.low", "none.high", "money.low", "money.high")
MAIN = (-0.5, -0.5, 0.5, 0.5)
Held = Callable[[int], dict[str, Any]]


def rows(design: Design, n: int = 64, held: Held = lambda place: {}) -> Dataset:
    """`n` participants, four arms in turn; `held` changes what each has of the ledger."""
    given = [{"main": assignment(design, place) | held(place)} for place in range(n)]
    return Dataset(design, [answers(place) for place in range(n)], given)


def found(data: Dataset, seed: bytes = b"some seed") -> Robustness:
    return robustness(data, *arm_means(data), [1] * data.n, seed)


def two_strata(place: int) -> dict[str, Any]:
    """Two lists of the same length, and in each the arms with other probabilities."""
    second = place // 4 % 2
    return {
        "stratum": f"gender={second}",
        "position": place // 8 * 4 + place % 4,
        "probability": "1/8" if second and place % 2 else "1/4",
    }


def test_main_effect_is_told_by_every_analysis_that_the_design_has_a_use_for() -> None:
    data = rows(small(), held=two_strata)
    row = found(data).rows[0]
    y, arm = data.outcome, data.arms("main")
    z = np.column_stack(list(data.columns(["motive", "education"]).values()))
    chance = np.array([1 / 8 if at // 4 % 2 and at % 2 else 1 / 4 for at in range(64)])
    strata = np.array([str(at // 4 % 2) for at in range(64)])
    expected = {
        Analysis.HC2: cell_means(y, arm, ARMS),
        Analysis.HC3: cell_means(y, arm, ARMS, robust=Robust.HC3),
        Analysis.LIN_HC2: cell_means(y, arm, ARMS, covariates=z),
        Analysis.LIN_HC3: cell_means(y, arm, ARMS, covariates=z, robust=Robust.HC3),
        Analysis.HAJEK: hajek_means(y, arm, ARMS, chance),
        Analysis.LIN_HAJEK: hajek_means(y, arm, ARMS, chance, covariates=z),
        Analysis.BLOCKED: blocked_means(y, arm, ARMS, strata),
    }
    assert {each.analysis: each.estimate.value for each in row.estimates} == {
        analysis: contrast(means, MAIN) for analysis, means in expected.items()
    }
    groups = [y[arm == code] for code in ARMS]
    assert row.standardised.value == standardised_contrast(
        [float(group.mean()) for group in groups],
        [float(group.std(ddof=1)) for group in groups],
        [16] * 4,
        MAIN,
    )
    assert row.odds == ()


def test_errors_are_those_that_are_named_whichever_the_plan_announces() -> None:
    by_plan = [
        found(rows(changed(small(), {"plan.standard_errors": errors}))).rows[0].estimates
        for errors in StandardErrors
    ]
    assert by_plan[0] == by_plan[1]


def test_equal_chances_and_one_list_need_no_weights_and_no_blocks() -> None:
    (row, interaction) = found(rows(small())).rows
    assert [each.analysis for each in row.estimates] == [
        *(Analysis.HC2, Analysis.HC3, Analysis.LIN_HC2, Analysis.LIN_HC3)
    ]
    assert (row.whole, interaction.whole) == (True, False)


def test_redraws_are_of_the_lists_and_the_same_whenever_the_seed_is() -> None:
    data = rows(small(), held=two_strata)
    once, again, other = (found(data, seed).rows[0].randomisation for seed in (b"a", b"a", b"b"))
    assert once == again != other
    assert once.value
    assert (once.value.how, once.value.test.assignments) == (Redrawn.LISTS, 399)
    assert abs(once.value.test.p - (other.value.test.p if other.value else 9)) < 0.15


@pytest.mark.parametrize("method", [Method.SIMPLE, Method.COMPLETE, Method.PERMUTED_BLOCKS])
def test_redraws_hold_the_margins_that_their_method_holds(method: Method) -> None:
    design = changed(
        small(), {"randomisations[0].method": method, "randomisations[0].block_sizes": (4,)}
    )
    data = rows(design, n=48)
    redraws = look_redraws(data, design.randomisations[0], [1] * 48, b"seed")
    assert not isinstance(redraws, NotEstimable)
    counts = np.array([np.bincount(drawn, minlength=4) for drawn in redraws.assignments.arms])
    even = (counts == 12).all()
    assert even == (method is not Method.SIMPLE)
    assert counts.mean(axis=0) == pytest.approx([12] * 4, abs=0.6)


@pytest.mark.parametrize(
    ("step", "redrawn"),
    [(1, (Redrawn.LISTS, 399)), (200, (Redrawn.LISTS, 209)), (600, (Redrawn.STRATA, 399))],
)
def test_few_people_far_down_their_lists_cost_no_more_than_many(
    step: int, redrawn: tuple[Redrawn, int]
) -> None:
    # Of a list all positions up to the last one are drawn, whoever of them is looked at.
    design = small()
    data = rows(design, n=32, held=lambda place: {"position": place * step})
    redraws = look_redraws(data, design.randomisations[0], [1] * 32, b"seed")
    assert not isinstance(redraws, NotEstimable)
    assert (redraws.how, len(redraws.assignments.arms)) == redrawn


def test_versions_have_lists_of_their_own() -> None:
    design = small()
    data = rows(design, n=8, held=lambda place: {"position": place % 4})
    redraws = look_redraws(data, design.randomisations[0], [1] * 4 + [2] * 4, b"seed")
    assert not isinstance(redraws, NotEstimable)
    drawn = redraws.assignments.arms
    assert (drawn[:, :4] != drawn[:, 4:]).any()


def minimising() -> Design:
    """`small()` that keeps gender in balance by minimisation."""
    step: dict[str, Any] = {"method": Method.MINIMISATION, "strata": (), "block_sizes": ()}
    step |= {"covariates": ("gender",)}
    return changed(small(), {f"randomisations[0].{name}": value for name, value in step.items()})


def test_minimised_arms_are_minimised_again_with_the_same_people() -> None:
    design = minimising()
    data = rows(design, n=40)
    (step,) = design.randomisations
    # Two more were given an arm and did not complete; minimisation looked back on them too.
    profiles = [{"gender": ("woman", "man")[place % 3 == 0]} for place in range(42)]
    redraws = look_redraws(data, step, [7] * 40, b"seed", {(7, "main"): profiles})
    assert not isinstance(redraws, NotEstimable)
    drawn = redraws.assignments.arms
    assert (redraws.how, drawn.shape) == (Redrawn.MINIMISED, (399, 40))
    women = [place for place in range(40) if place % 3]
    # A coin of 0.8 holds the arms of each gender nearer together than chance would: √(26 · 3/16).
    spread = np.array([np.bincount(each[women], minlength=4) for each in drawn]).std(axis=0)
    assert (spread < 1.6).all()
    again = look_redraws(data, step, [7] * 40, b"seed", {(7, "main"): profiles})
    assert not isinstance(again, NotEstimable)
    assert (again.assignments.arms == drawn).all()


def test_minimised_people_who_are_not_all_known_have_arms_in_another_order() -> None:
    design = minimising()
    data = rows(design, n=40)
    short = {(7, "main"): [{"gender": "man"}] * 39}
    redraws = look_redraws(data, design.randomisations[0], [7] * 40, b"seed", short)
    assert not isinstance(redraws, NotEstimable)
    assert redraws.how is Redrawn.STRATA


def test_methods_that_look_back_have_arms_in_another_order_within_strata() -> None:
    method = {"randomisations[0].method": Method.TOWARD_COMPLETES}
    data = rows(changed(small(), method), held=two_strata)
    test = found(data).rows[0].randomisation.value
    assert test
    assert test.how is Redrawn.STRATA


def test_one_ordered_answer_is_told_as_a_ratio_of_odds_too() -> None:
    data = rows(changed(small(), {"plan.outcome": "will1"}))
    told = found(data)
    y, arm = data.outcome, data.arms("main")
    (odds,) = told.rows[0].odds
    model = ordered_cells(y, arm, ARMS)
    assert not isinstance(model, NotEstimable)
    assert (odds.kind, odds.estimate.value) == (Odds.ORDERED, shift(model, MAIN))
    assert told.proportional_odds
    answer = proportional_odds(y, arm, ARMS)
    assert answer in (told.proportional_odds.value, told.proportional_odds.why_not)


def test_yes_or_no_is_told_as_a_logit_too() -> None:
    data = rows(changed(small(), {"plan.outcome": "noticed"}))
    told = found(data)
    model = logit_cells(data.outcome, data.arms("main"), ARMS)
    assert not isinstance(model, NotEstimable)
    assert [(odds.kind, odds.estimate.value) for odds in told.rows[0].odds] == [
        (Odds.AVERAGE_EFFECT, average_effect(model, MAIN)),
        (Odds.LOG_ODDS, log_odds_ratio(model, MAIN)),
    ]
    assert told.proportional_odds is None


def test_clusters_have_their_own_errors_and_reasons_for_the_rest() -> None:
    design = changed(small(), {"plan.outcome": "will1"})
    data = rows(design, held=lambda place: {"cluster": f"school {place % 16}"})
    told = found(data)
    row = told.rows[0]
    assert [each.analysis for each in row.estimates] == [Analysis.CR2, Analysis.LIN_CR2]
    assert told.proportional_odds
    reasons = [
        each.why_not.reason if each.why_not else None
        for each in (row.randomisation, row.standardised, told.proportional_odds)
    ]
    assert reasons == [Reason.ROWS_TOGETHER] * 3
    assert row.odds[0].estimate.why_not == told.proportional_odds.why_not


@pytest.mark.django_db
def test_look_stores_its_robustness_and_reports_it() -> None:
    study = launched()
    complete(study, 20)
    results = from_builtins(spend(study, 1).results)
    assert results.robustness
    words = Wording(small(), "en")
    told = robustness_table(results, words)
    assert [row[:2] for row in told.rows[:6]] == [
        ("Money", "Unadjusted, HC2"),
        ("Money", "Unadjusted, HC3"),
        ("Money", "Adjusted (Lin), HC2"),
        ("Money", "Adjusted (Lin), HC3"),
        ("Money", "Randomisation inference"),
        ("Money", "Standardised (Hedges’ g)"),
    ]
    assert "from 399 redraws of the allocation lists" in told.notes[1]
    assert robustness_table(replace(EXPECTED, robustness=None), words).rows == ()
