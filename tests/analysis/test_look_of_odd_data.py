"""What a look makes of data that lack something: a reason or a count, never a crash or a guess."""

import math
from dataclasses import replace

import pytest

from analysis.dataset import Dataset
from analysis.estimation import arm_means, check_results
from analysis.found import Found
from analysis.report import report
from analysis.results import Adjustment, from_builtins, to_builtins
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.answers import Answers
from experiments.design import Arm, Design, Option
from experiments.launch import close
from responses.models import Participant
from tests.analysis.hand_made import EXPECTED, hand_made, hand_made_design
from tests.analysis.studies import answers, assignment, complete, launched, spend
from tests.changed import changed
from tests.designs import both, small

pytestmark = pytest.mark.django_db


def with_covariates(*codes: str, study: str = "park") -> Design:
    """The small design, adjusting for those."""
    design = small(study=study)
    return replace(design, plan=replace(design.plan, covariates=codes))


def test_one_participant_gives_reasons_and_no_crash() -> None:
    study = launched()
    complete(study, 1)
    close(study=study)
    results = from_builtins(spend(study, 2).results)
    assert (results.outcome.n, results.outcome.mean, results.outcome.sd) == (1, None, None)
    assert results.contrasts[0].rows[0].unadjusted.why_not == NotEstimable(
        Reason.TOO_FEW_ROWS,
        "Cell none.low: 1 rows can't carry 1 coefficients and a standard error.",
    )
    assert [contrast.crossed for contrast in results.contrasts] == [None, None]


def test_outcome_that_does_not_vary_gives_reasons_and_no_crash() -> None:
    study = launched()
    complete(study, 20)
    for person in Participant.objects.all():
        person.answers |= {"will1": "4", "will2": "4"}
        person.save()
    results = from_builtins(spend(study, 1).results)
    (row,) = results.contrasts[0].rows
    reasons = {
        found.why_not.reason
        for found in (row.unadjusted, row.repeated, results.contrasts[1].joint)
        if found and found.why_not
    }
    assert reasons == {Reason.NO_VARIANCE}
    assert (results.outcome.mean, results.outcome.sd) == (4.0, 0.0)


def test_answers_that_are_all_missing_give_reasons_and_no_crash() -> None:
    study = launched()
    complete(study, 20)
    Participant.objects.update(answers={"attention": "2"})
    results = from_builtins(spend(study, 1).results)
    assert (results.outcome.n, results.outcome.missing) == (0, 20)
    assert results.contrasts[0].rows[0].unadjusted.why_not == NotEstimable(
        Reason.NO_ROWS, "Cell none.low has no rows."
    )


def test_rare_category_is_counted_with_the_reference() -> None:
    study = launched(with_covariates("gender"))
    people = complete(study, 20)
    for place, person in enumerate(people):
        # Every arm has two men at least; the only refusal would decide its arm's slope alone.
        refused = {"missing": "prefer_not_to_say"}
        person.answers["gender"] = refused if place == 19 else ("woman", "man")[place // 4 % 2]
        person.save()
    results = from_builtins(spend(study, 1).results)
    assert (results.adjustment.columns, results.adjustment.rare) == (
        ("gender=man",),
        ("gender=no_answer",),
    )
    assert results.contrasts[0].rows[0].adjusted.value is not None


def test_sentence_that_ends_with_a_question_ends_once() -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    adjustment = Adjustment(("motive", "education"), ("education", "attention"))
    look.results = to_builtins(replace(from_builtins(look.results), adjustment=adjustment))
    assert report(look, "en").estimates.notes[-2:] == (
        "Adjusted as in Lin (2013), every arm with its own slopes, for: Motive; Your schooling?",
        "Too rare in some arm, counted with the reference category: Your schooling?; "
        "Please choose Two.",
    )
    assert report(look, "ko").estimates.notes[-1].endswith("학력은?; 둘을 고르세요.")


def test_adjusted_estimates_use_the_plans_covariates() -> None:
    plain, adjusting = launched(with_covariates(study="a")), launched(with_covariates("motive"))
    for study in (plain, adjusting):
        complete(study, 20)
    without = from_builtins(spend(plain, 1).results).contrasts[0].rows[0]
    with_motive = from_builtins(spend(adjusting, 1).results).contrasts[0].rows[0]
    assert without.unadjusted == without.adjusted == with_motive.unadjusted
    assert with_motive.adjusted.value is not None
    assert with_motive.adjusted.value.df == 20 - 4 * 2


def test_association_with_an_option_that_nobody_chose_leaves_it_out_by_name() -> None:
    design = small()
    study = launched(replace(design, plan=replace(design.plan, associations=("motive", "gender"))))
    for place, person in enumerate(complete(study, 20)):
        person.answers["gender"] = ("woman", "man")[place % 3 % 2]
        person.save()
    look = spend(study, 1)
    found = from_builtins(look.results).associations
    assert found is not None
    assert found.value is not None
    assert [each.predictor for each in found.value.slopes] == ["motive", "gender=man"]
    assert found.value.constant == ("gender=no_answer",)
    table = next(table for table in report(look, "en").tables if table.code == "associations")
    assert table.notes[-1] == (
        "The same for everybody, so without a slope: Your gender? Rather not say."
    )


def test_participants_whose_arm_the_design_does_not_know_are_counted() -> None:
    study = launched()
    people = complete(study, 20)
    people[0].assignments["main"]["arm"] = "coins.low"
    people[1].assignments = {}
    for person in people[:2]:
        person.save()
    look = spend(study, 1)
    results = from_builtins(look.results)
    assert (results.n, results.without_arm) == (20, {"main": 2})
    assert sum(arm.n for arm in results.arms) == 18
    table = next(table for table in report(look, "en").tables if table.code == "arms")
    assert table.notes == ("In none of these arms, so in no mean and no contrast: 2.",)


def test_manipulation_check_whose_options_name_no_level_is_not_reported_as_wrong() -> None:
    # A launch refuses such a check; a version that was launched before it did has its looks too.
    options = (Option("yes", both("Yes", "예")), Option("none", both("No", "아니요")))
    design = changed(small(), {"pages[3].items[2].options": options})
    people: list[Answers] = [answers(place) | {"noticed": "yes"} for place in range(8)]
    given = [{"main": assignment(design, place)} for place in range(8)]
    (check,) = check_results(Dataset(design, people, given))
    assert check.shares == Found(
        why_not=NotEstimable(Reason.OPTIONS_ARE_NO_LEVELS, "No option of noticed is money.")
    )
    study = launched(hand_made_design())
    hand_made(study)
    look = spend(study, 1)
    look.results = to_builtins(replace(EXPECTED, checks=(check,)))
    table = next(table for table in report(look, "en").tables if table.code == "checks")
    assert table.rows == (
        ("What was paid?", "not reported: its options do not name the levels", "–", "–", "–"),
    )


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_results_that_json_can_not_hold_are_not_stored(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_builtins(replace(EXPECTED, outcome=replace(EXPECTED.outcome, mean=value)))
    bound = replace(EXPECTED.bounds[0], z=value)
    with pytest.raises(ValueError, match="JSON"):
        to_builtins(replace(EXPECTED, bounds=(bound,)))


def test_gap_that_one_arm_does_not_have_leaves_the_adjusted_mean_estimable() -> None:
    study = launched(with_covariates("education"))
    for place, person in enumerate(complete(study, 20)):
        person.answers["education"] = ("1", "2")[place // 4 % 2]
        # Three of five in one arm do not know, and nobody in the others.
        if place in (8, 12, 16):
            person.answers["education"] = {"missing": "dont_know"}
        person.save()
    results = from_builtins(spend(study, 1).results)
    assert results.contrasts[0].rows[0].adjusted.value is not None


def test_all_randomisations_adjust_for_the_same_columns() -> None:
    design = with_covariates("gender")
    (step,) = design.randomisations
    first = replace(step, code="first", factors=("reward",), arms=(Arm(("none",)), Arm(("money",))))
    later = replace(step, code="later", factors=("voice",), arms=(Arm(("low",)), Arm(("high",))))
    design = replace(design, randomisations=(first, later))
    people: list[Answers] = []
    given = []
    for place in range(40):
        # Every arm of the first step has men and women; of the second only one has men.
        high = place // 2 % 2
        people.append(answers(place) | {"gender": "man" if high and place < 20 else "woman"})
        arms = {"first": ("none", "money")[place % 2], "later": ("low", "high")[high]}
        given.append({code: {"arm": arm, "levels": {}} for code, arm in arms.items()})
    means, adjustment = arm_means(Dataset(design, people, given))
    assert adjustment == Adjustment((), ("gender=man", "gender=no_answer"))
    assert {code: each.adjusted.covariates for code, each in means.items()} == {
        "first": 0,
        "later": 0,
    }
