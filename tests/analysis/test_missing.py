"""Missing outcomes: why they are, and how far they could move the contrasts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.dataset import Dataset
from analysis.integrity_results import ArmFlow, StepIntegrity
from analysis.missing import missing_outcomes, outcome_ends
from analysis.missing_results import ArmGaps
from analysis.missing_told import missing_table, worst_table
from analysis.results import Results
from analysis.secrets_kept import as_may_be_seen
from analysis.stacking import stacked
from analysis.statistics.bounds import trimming, worst_case
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.wording import Wording
from experiments.answers import as_missing
from experiments.design import Design, ItemKind, Measure
from tests.analysis.hand_made import EXPECTED
from tests.analysis.judging import dealt, judged
from tests.analysis.studies import answers, assignment
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small

DESIGN = small()
ARMS = ("none.low", "none.high", "money.low", "money.high")
LOST = {"none.low": 2, "none.high": 0, "money.low": 1, "money.high": 0}


def rows(n: int, **changes: Any) -> Dataset:
    """`n` participants whose arms go in turn; `p3={"will1": None}` changes the fourth’s answers."""
    given = [answers(place) | changes.get(f"p{place}", {}) for place in range(n)]
    return Dataset(DESIGN, given, [{"main": assignment(DESIGN, place)} for place in range(n)])


def flows() -> tuple[StepIntegrity, ...]:
    """A ledger that gave ten to each arm and lost what `LOST` says."""
    arms = tuple(ArmFlow(arm, 1, 10, 0, 10, 10 - LOST[arm]) for arm in ARMS)
    (step,) = DESIGN.randomisations
    return (StepIntegrity("main", (1,), step.method, arms, (), ()),)


def test_gaps_are_counted_once_for_each_row_with_what_all_its_items_lack() -> None:
    refused = as_missing("prefer_not_to_say")
    data = rows(
        16,
        p0={"will1": None, "will2": None},
        p4={"will1": refused},
        p8={"will1": refused, "will2": None},
        p1={"will2": as_missing("dont_know")},
        p2={"will2": "no such option"},
    )
    del data.answers[3]["will1"]  # type: ignore[attr-defined]
    assert missing_outcomes(data, flows()).arms == (
        ArmGaps(
            *("main", "none.low", 4, 3),
            {"left_empty": 1, "prefer_not_to_say": 1, "several": 1},
            lost=2,
        ),
        ArmGaps("main", "none.high", 4, 1, {"dont_know": 1}, lost=0),
        ArmGaps("main", "money.low", 4, 1, {"no_value": 1}, lost=1),
        ArmGaps("main", "money.high", 4, 1, {"not_shown": 1}, lost=0),
    )


def test_bounds_fill_gaps_and_those_whom_the_arms_lost() -> None:
    data = rows(24, p5={"will1": None})
    (found,) = missing_outcomes(data, flows()).contrasts
    arm, lost = data.arms("main"), ["none.low"] * 2 + ["money.low"]
    outcome = np.r_[data.outcome, [np.nan] * 3]
    weights = [-0.5, -0.5, 0.5, 0.5]
    level = [each.partition(".")[0] for each in [*arm, *lost]]
    assert found.analysed.value == worst_case(data.outcome, arm, ARMS, weights, ends=(1, 7))
    assert found.allocated.value == worst_case(outcome, [*arm, *lost], ARMS, weights, ends=(1, 7))
    assert found.trimmed.value == trimming(outcome, level, ("none", "money"))
    assert found.allocated.value
    # Three of 15 rows against none and one of 13 for it, each worth up to 6 points.
    assert (found.allocated.value.n, found.allocated.value.missing) == (27, 4)


@pytest.mark.parametrize("deck", [True, False])
def test_rows_that_err_together_have_a_reason_instead_of_bounds(deck: bool) -> None:
    data = rows(8)
    if deck:
        places = range(6)
        data = stacked(deck_design(), [judged(p) for p in places], [dealt(p) for p in places])
    else:
        for given in data.assignments:
            given["main"]["cluster"] = given["main"]["arm"]  # type: ignore[index]
    found = missing_outcomes(data, ()).contrasts[0]
    why = NotEstimable(Reason.ROWS_TOGETHER, "The bounds’ errors are those of independent rows.")
    assert [each.why_not for each in (found.analysed, found.allocated, found.trimmed)] == [why] * 3


def test_without_a_ledger_only_those_analysed_have_bounds() -> None:
    (found,) = missing_outcomes(rows(8), ()).contrasts
    why = NotEstimable(Reason.NO_ROWS, "The ledger knows nobody of main.")
    assert found.analysed.value
    assert (found.allocated.why_not, found.trimmed.why_not) == (why, why)


def number_outcome(minimum: float | None = None, maximum: float | None = None) -> Design:
    """`small()` whose outcome is a number, in a field that had a comment."""
    place = next(i for i, page in enumerate(DESIGN.pages) if page.code == "opinion")
    item = DESIGN.item("comment")
    asked = replace(
        item,
        kind=ItemKind.NUMBER,
        measure=Measure.INTERVAL,
        minimum=minimum,
        maximum=maximum,
    )
    return changed(DESIGN, {f"pages[{place}].items[3]": asked, "plan.outcome": "comment"})


def test_outcome_has_the_ends_of_its_answer_scale() -> None:
    unbounded = NotEstimable(Reason.NO_LIMITS, "comment has no least or greatest value.")
    assert outcome_ends(DESIGN) == (1, 7)
    assert outcome_ends(number_outcome(minimum=0, maximum=100)) == (0, 100)
    assert outcome_ends(number_outcome()) == unbounded


def told(data: Dataset, integrity: tuple[StepIntegrity, ...]) -> Results:
    return replace(EXPECTED, missing=missing_outcomes(data, integrity))


def test_report_tells_gaps_by_arm_and_bounds_only_where_somebody_is_missing() -> None:
    words = Wording(DESIGN, "en")
    some = told(rows(16, p0={"will1": None, "will2": None}), flows())
    assert missing_table(some, words).rows[:2] == (
        ("None · Low", "4", "1", "25.0%", "left empty: 1", "2"),
        ("None · High", "4", "0", "0.0%", "–", "0"),
    )
    (shown,) = worst_table(some, words).rows
    (kept,) = worst_table(as_may_be_seen(some, blinded=True), words).rows
    secret = "not shown: arms beyond this look are secret until the study closes"
    assert kept == (*shown[:3], secret, "–", secret, "–", "–")
    assert missing_table(as_may_be_seen(some, blinded=True), words).rows[0][-1] == "–"
    assert as_may_be_seen(some, blinded=False) == some
    assert worst_table(told(rows(16), ()), words).rows == ()
    assert missing_table(EXPECTED, words).rows == ()
