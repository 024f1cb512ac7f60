"""What a look says in sentences."""

from dataclasses import replace

import pytest

from analysis.conclusions import conclusions
from analysis.found import Found
from analysis.results import ContrastResult
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.wording import Wording
from experiments.design import Design
from tests.analysis.hand_made import EXPECTED, estimate, hand_made_design


def design(smallest: float | None) -> Design:
    """The hand-made study with that smallest effect of interest."""
    found = hand_made_design()
    return replace(found, plan=replace(found.plan, smallest_effect=smallest))


def said(contrast: ContrastResult, smallest: float | None = None, language: str = "en") -> str:
    """The paragraph of that one contrast at a look of before there were decisions."""
    results = replace(EXPECTED, contrasts=(contrast,), decision=None)
    (paragraph,) = conclusions(results, Wording(design(smallest), language))
    return paragraph


def main_effect(b: float, se: float, *, crossed: bool) -> ContrastResult:
    """The contrast of money with another estimate."""
    contrast = EXPECTED.contrasts[0]
    row = replace(contrast.rows[0], unadjusted=estimate(b, se, 12))
    return replace(contrast, rows=(row,), crossed=crossed)


@pytest.mark.parametrize(
    ("b", "se", "smallest", "sentence"),
    [
        (0.1, 0.05, 0.3, "lies inside ±0.30, the smallest effect of interest: these data speak"),
        (0.1, 0.2, 0.3, "reaches beyond ±0.30, the smallest effect of interest: an effect that"),
        (1.0, 0.2, 0.3, "lies beyond ±0.30, the smallest effect of interest, on one side."),
        (-1.0, 0.2, 0.3, "lies beyond ±0.30, the smallest effect of interest, on one side."),
    ],
)
def test_main_effect_is_held_against_the_smallest_effect(
    b: float, se: float, smallest: float, sentence: str
) -> None:
    assert sentence in said(main_effect(b, se, crossed=False), smallest)


def test_nothing_is_said_of_a_smallest_effect_that_the_plan_does_not_name() -> None:
    assert "smallest effect" not in said(main_effect(0.1, 0.2, crossed=False))


def test_crossed_bound_is_a_finding_and_one_not_crossed_is_no_absence() -> None:
    assert said(main_effect(3.0, 0.2, crossed=True)) == (
        "Money: distinguishable from zero at this look; its p crosses the bound of .0031 "
        "(|z| ≥ 2.963). b = 3.00, nominal 95% CI [2.56, 3.44], t(12) = 15.00, nominal p < .001."
    )
    null = said(main_effect(0.0, 0.2, crossed=False))
    assert "not distinguishable from zero at this look" in null
    assert "no effect" not in null


def test_what_is_not_estimable_is_said_in_words() -> None:
    why = NotEstimable(Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1).")
    contrast = EXPECTED.contrasts[0]
    row = replace(contrast.rows[0], unadjusted=Found(why_not=why))
    assert said(replace(contrast, rows=(row,), crossed=None), 0.3) == (
        "Money: not estimable: one participant or cluster alone would decide it."
    )
    joint = replace(EXPECTED.contrasts[1], joint=Found(why_not=why), crossed=None)
    assert said(joint) == "Both: not estimable: one participant or cluster alone would decide it."


def test_labels_are_the_designs_in_the_readers_language_or_its_first() -> None:
    assert said(main_effect(0.0, 0.2, crossed=False), language="ko").startswith("돈: ")
    assert said(main_effect(0.0, 0.2, crossed=False), language="en-gb").startswith("Money: ")
    assert said(main_effect(0.0, 0.2, crossed=False), language="fr").startswith("Money: ")
