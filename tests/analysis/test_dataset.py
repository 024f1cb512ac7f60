"""Answers as arrays."""

import numpy as np
import pytest

from analysis.dataset import Assignments, Dataset, columns, joined, scale_matrix
from experiments.answers import Answer, Answers
from tests.changed import changed
from tests.designs import small

DESIGN = small()
NAN = float("nan")


def same(found: object, expected: object) -> None:
    """Both hold the same numbers, NaN where there is NaN."""
    np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))


def test_ordinal_item_enters_as_its_codes_and_no_answer_as_nan() -> None:
    unknown = {"missing": "dont_know"}
    answers: list[Answers] = [{"education": code} for code in ("1", "2", unknown, None)]
    answers.append({})
    same(columns(DESIGN, answers, "education")["education"], [1, 2, NAN, NAN, NAN])


def test_nominal_item_enters_as_indicators_with_refusal_as_a_category() -> None:
    refused = {"missing": "prefer_not_to_say"}
    answers: list[Answers] = [{"gender": "woman"}, {"gender": "man"}, {"gender": refused}, {}]
    found = columns(DESIGN, answers, "gender")
    assert list(found) == ["gender=man", "gender=no_answer"]
    same(found["gender=man"], [0, 1, 0, NAN])
    same(found["gender=no_answer"], [0, 0, 1, NAN])


def test_scale_turns_reverse_items_and_scores_their_mean() -> None:
    answers = [{"motive1": "5", "motive2": "1"}, {"motive1": "4", "motive2": "5"}, {"motive1": "3"}]
    same(scale_matrix(DESIGN, answers, "motive"), [[5, 5], [4, 1], [3, NAN]])
    same(columns(DESIGN, answers, "motive")["motive"], [5, 2.5, NAN])
    same(columns(DESIGN, answers, "care")["care"], [5, 2.5, NAN])


def test_dataset_holds_the_plans_variables_of_each_participant() -> None:
    given = {"main": {"arm": "money.high", "levels": {"reward": "money", "voice": "high"}}}
    people = [{"will1": "7", "will2": "6"}, {"will1": "1"}]
    data = Dataset(DESIGN, people, [given, {}])
    assert data.n == 2
    same(data.outcome, [6.5, NAN])
    assert data.arms("main").tolist() == ["money.high", ""]
    assert data.levels("reward", ["none", "money"]).tolist() == [1, -1]
    assert data.armed("main").tolist() == [True, False]
    assert list(data.columns(("motive", "gender"))) == ["motive", "gender=man", "gender=no_answer"]


def test_dataset_refuses_an_unknown_variable() -> None:
    with pytest.raises(KeyError, match="nobody"):
        columns(DESIGN, [], "nobody")


def test_rows_are_tied_by_the_clusters_that_were_assigned() -> None:
    (step,) = DESIGN.randomisations
    given: list[Assignments] = [
        {"main": {"arm": "a", "levels": {}, "cluster": code}} for code in ("x", "y", "x")
    ]
    data = Dataset(DESIGN, [{}] * 4, [*given, {"main": {"arm": "a", "levels": {}}}])
    found = data.clusters(step)
    assert found is not None
    assert found.tolist() == ["x", "y", "x", "alone 3"]
    assert Dataset(DESIGN, [{}], [{}]).clusters(step) is None


def test_groups_that_cross_come_to_what_both_tie() -> None:
    schools, districts = np.array(list("aabbcd")), np.array(list("122233"))
    groups = joined([schools, districts])
    assert [groups.tolist().index(each) for each in groups] == [0, 0, 0, 0, 4, 4]
    assert joined([schools]).tolist() == list("aabbcd")


def test_outcome_of_two_answers_is_the_second_one_or_not() -> None:
    design = changed(small(), {"plan.outcome": "gender"})
    given: list[Answer] = ["woman", "man", {"missing": "prefer_not_to_say"}, None]
    data = Dataset(design, [{"gender": each} for each in given], [{}] * 4)
    assert data.outcome.tolist()[:2] == [0.0, 1.0]
    assert np.isnan(data.outcome[2:]).all()
