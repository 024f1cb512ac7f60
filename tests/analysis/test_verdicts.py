"""What a look says of its hypotheses and recommends."""

from dataclasses import replace

import pytest

from analysis.decision import Action, Decision, Hypothesis
from analysis.decision_tables import decisions_table, intervals_told, spending_told
from analysis.found import Found
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.stagewise import AfterStopping, Answer
from analysis.verdicts import further, recommendation, verdict
from analysis.wording import Wording
from experiments.design import Equivalence, Family, Monitoring, Plan, Spending, Stopping
from tests.analysis.deciding import looked, plan, standing
from tests.analysis.hand_made import EXPECTED, hand_made_design


def open_one(**more: object) -> Hypothesis:
    """A primary hypothesis with a third of alpha."""
    found = Hypothesis("a", Family.PRIMARY, alpha=0.05 / 3, level=0.0004, adjusted_p=Found(0.2))
    return replace(found, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hypothesis", "said"),
    [
        (
            open_one(),
            "Money: not distinguishable from zero so far; its p does not reach .00040, which its "
            "share of alpha (.01667) asks for at this look; adjusted p = .200.",
        ),
        (
            open_one(rejected_at=2, crossed_at=2),
            "Money: distinguishable from zero, rejected at look 2 with a share of alpha of .01667; "
            "adjusted p = .200.",
        ),
        (
            open_one(rejected_at=3, crossed_at=2),
            "Money: distinguishable from zero, rejected at look 3 with a share of alpha of .01667; "
            "adjusted p = .200. It is the p of look 2 that reaches the bound, since others handed "
            "their alpha on.",
        ),
        (
            Hypothesis("a", Family.SECONDARY, adjusted_p=Found(1.0)),
            "Money: not tested yet, it waits for the hypotheses before it.",
        ),
        (
            Hypothesis("a", Family.EXPLORATORY, adjusted_p=Found(0.04)),
            "Money: exploratory, tested by no rule of the plan; p adjusted for the false discovery "
            "rate = .040.",
        ),
    ],
)
def test_verdict_never_says_that_there_is_no_effect(hypothesis: Hypothesis, said: str) -> None:
    assert verdict(hypothesis, "Money") == said


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("stopping", list(Stopping))
def test_recommendation_says_what_it_does(action: Action, stopping: Stopping) -> None:
    said = recommendation(Decision(action, ()), plan(stopping=stopping))
    stops = action not in (Action.CONTINUE, Action.END)
    assert said.startswith("Stop") is stops
    assert ("pauses the study by itself" in said) is (stops and stopping is Stopping.PAUSE)
    assert ("That is a recommendation" in said) is (stops and stopping is Stopping.RECOMMEND)


def test_harm_at_the_last_look_is_not_worded_as_if_the_study_went_on() -> None:
    harm = Decision(Action.HARM, (), final=True)
    said = (
        "A primary contrast lies in the harmful direction beyond the plan’s harm rule. This was "
        "the last look of the plan."
    )
    assert recommendation(harm, plan(stopping=Stopping.RECOMMEND)) == said
    assert recommendation(harm, plan(stopping=Stopping.PAUSE)) == (
        f"{said} The plan pauses the study by itself; who is in the middle can finish."
    )


def test_equivalence_at_a_last_look_of_harm_is_still_by_two_tests() -> None:
    # An effect of −0.21 with so small an error is both: harmful, and smaller than 0.30.
    rule = plan(equivalence=Equivalence.TWO_ONE_SIDED, harm_level=0.3)
    look = looked(rule, [{"a": -1.2}] * 3, se=0.1)
    assert look.decision is not None
    assert (look.decision.action, look.decision.last) == (Action.HARM, True)
    assert "two one-sided tests at .05" in told(rule, [{"a": -1.2}] * 3, se=0.1)


def told(rule: Plan, zs: list[dict[str, float]], *, se: float) -> str:
    look = looked(rule, zs, se=se)
    results = replace(EXPECTED, contrasts=look.contrasts, decision=look.decision)
    return " ".join(further(standing(look)["a"], results, rule))


def test_equivalence_says_by_what_it_was_shown_or_not() -> None:
    rule = plan(equivalence=Equivalence.TWO_ONE_SIDED)
    early = told(rule, [{"a": 0.0}], se=0.3 / 2.97)
    assert early.startswith(
        "Shown at look 1 to be smaller than ±0.30, the smallest effect of interest (repeated "
        "interval at this look [−0.30, 0.30])."
    )
    wide = told(rule, [{"a": 0.0}], se=0.3)
    assert wide.startswith("Not shown to be smaller than ±0.30, the smallest effect of interest (")
    end = told(rule, [{"a": 0.0}] * 3, se=0.3 / 1.7)
    assert end.startswith(
        "Shown at look 3 to be smaller than ±0.30, the smallest effect of interest (two one-sided "
        "tests at .05: p = .045; interval [−0.29, 0.29])."
    )
    assert "Adjusted for the looks (stage-wise ordering): median-unbiased b = 0.00" in end


def test_reasons_and_rules_are_said_in_words() -> None:
    few = Found[float](why_not=NotEstimable(Reason.TOO_FEW_ROWS, "One row."))
    lost = replace(open_one(), equivalence=few)  # type: ignore[arg-type]
    assert further(lost, EXPECTED, plan()) == ["Equivalence: not estimable: too few participants."]
    futile = open_one(futile=True, conditional_power=Found(0.03), harmful=True)
    assert further(futile, EXPECTED, plan()) == [
        "Futile by the plan’s rule: were the effect the smallest of interest, it would be rejected "
        "at a look to come with probability .03.",
        "It lies in the harmful direction beyond the plan’s harm rule.",
    ]


@pytest.mark.parametrize("exact", [True, False])
def test_stage_wise_answers_are_called_exact_only_where_they_are(*, exact: bool) -> None:
    answer = Answer(0.01, 0.02, 0.4, 0.1, 0.7)
    ended = open_one(after_stopping=Found(AfterStopping(2, 2.5, 0.95, answer, answer)))
    results = replace(EXPECTED, decision=Decision(Action.END, (ended,), exact=exact))
    (said,) = further(ended, results, plan())
    assert said.startswith(
        "Adjusted for the looks (stage-wise ordering): median-unbiased b = 0.40, 95% CI "
        "[0.10, 0.70], p = .020."
    )
    assert ("they are an approximation" in said) is not exact


def test_table_of_hypotheses_has_where_each_stands() -> None:
    hypotheses = (
        open_one(contrast="money_vs_none", rejected_at=1, equivalent_at=1),
        Hypothesis("reward_by_voice", Family.SECONDARY, adjusted_p=Found(1.0)),
    )
    results = replace(EXPECTED, decision=Decision(Action.CONTINUE, hypotheses))
    assert decisions_table(results, Wording(hand_made_design(), "en")).rows == (
        (
            "Money",
            "primary",
            ".01667",
            ".00040",
            ".200",
            "rejected at look 1, equivalent at look 1",
        ),
        ("Both", "secondary", "–", "–", "> .999", "waiting"),
    )


def test_intervals_and_spending_are_told_as_the_plan_has_them() -> None:
    assert [
        spending_told(plan(spending=family, spending_parameter=shape))
        for family, shape in (
            (Spending.OBRIEN_FLEMING, None),
            (Spending.POCOCK, None),
            (Spending.HWANG_SHIH_DECANI, -4.0),
            (Spending.POWER, 3.0),
        )
    ] == [
        "Lan–DeMets, O’Brien–Fleming type",
        "Lan–DeMets, Pocock type",
        "Hwang–Shih–DeCani, gamma −4.00",
        "Kim–DeMets, power 3.00",
    ]
    always = replace(EXPECTED, bounds=(), monitoring=Monitoring.ANYTIME)
    assert "asymptotic confidence sequence" in intervals_told(always, plan())
