"""Clusters, parts of the participants, impossible cells, and positions that are given again."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from experiments.design import Method, Parameter
from tests.changed import changed, drop
from tests.designs import small

STEP = "randomisations[0]"
LISTED = "permuted_blocks, simple, complete"
SCHOOL = Parameter("school", "school", required=True, values=("north", "south"))


def found(values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    design = changed(small(), {f"{STEP}.strata": (), **values})
    return [(each.path, each.message, each.remedy) for each in problems(design)]


def test_clusters_of_a_listed_parameter_are_sound() -> None:
    assert found({"parameters": (SCHOOL,), f"{STEP}.cluster": "school"}) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"parameters": ()},
            (
                "cluster",
                "There is no parameter school.",
                "Name one that the study's link brings.",
            ),
        ),
        (
            {"parameters": (Parameter("school", "school", identifies=True, required=True),)},
            (
                "cluster",
                "school says who somebody is: every cluster would be one person.",
                "Name a parameter that many share.",
            ),
        ),
        (
            {"parameters": (Parameter("school", "school", values=("north", "south")),)},
            (
                "cluster",
                "school may be missing, or made up in a link.",
                "Make school required, and list its values: the clusters.",
            ),
        ),
        (
            {"parameters": (Parameter("school", "school", required=True),)},
            (
                "cluster",
                "school may be missing, or made up in a link.",
                "Make school required, and list its values: the clusters.",
            ),
        ),
        (
            {f"{STEP}.method": Method.TOWARD_COMPLETES, f"{STEP}.block_sizes": ()},
            (
                "method",
                "The method toward_completes does not draw for clusters.",
                f"Use one of: {LISTED}.",
            ),
        ),
        (
            {f"{STEP}.strata": ("gender",)},
            (
                "strata",
                "A cluster has no answers of its own to be a stratum by.",
                "Take the strata out.",
            ),
        ),
        (
            {f"{STEP}.reuse_after_minutes": 60},
            (
                "reuse_after_minutes",
                "Only lists of single participants give a position again.",
                f"Take it out, or use one of: {LISTED}.",
            ),
        ),
    ],
)
def test_clusters_that_can_not_be_drawn(
    values: Mapping[str, Any], expected: tuple[str, str, str]
) -> None:
    path, message, remedy = expected
    told = found({"parameters": (SCHOOL,), f"{STEP}.cluster": "school", **values})
    assert told == [(f"{STEP}.{path}", message, remedy)]


@pytest.mark.parametrize("minutes", [9, 43_201])
def test_positions_are_given_again_in_good_time(minutes: int) -> None:
    message = f"Positions would be given again after {minutes} minutes."
    expected = (f"{STEP}.reuse_after_minutes", message, "Give 10 to 43200 minutes.")
    assert found({f"{STEP}.reuse_after_minutes": minutes}) == [expected]
    assert found({f"{STEP}.reuse_after_minutes": 10}) == []


@pytest.mark.parametrize(
    ("condition", "message", "remedy"),
    [
        ("gender ==", "After “==” comes nothing.", None),
        (
            "will1 > 3",
            "will1 is asked too late for this to be decided.",
            "Name what is asked before.",
        ),
        (
            'reward == "none"',
            "The factor reward is not shown before this is decided.",
            "Use it on a later page than its vignette.",
        ),
        (
            'gender == "woman" and gender == "man"',
            "This can never come true.",
            "Change it, or take out what nobody would see.",
        ),
        ('gender == "child"', None, None),
    ],
)
def test_part_of_the_participants_is_known_before(
    condition: str, message: str | None, remedy: str | None
) -> None:
    ((path, told, how),) = found({f"{STEP}.assign_if": condition})
    assert path == f"{STEP}.assign_if"
    assert message in (None, told)
    assert remedy in (None, how)
    assert found({f"{STEP}.assign_if": 'gender == "woman"'}) == []


def test_condition_of_the_part_and_of_its_page_fit_together() -> None:
    long = " or ".join(['gender == "woman"'] * 30)
    told = found({f"{STEP}.assign_if": long, "pages[2].shown_if": long})
    message, remedy = "With the condition of story it is too long.", "Say both in 1000 characters."
    assert (f"{STEP}.assign_if", message, remedy) in told


def test_arms_are_possible() -> None:
    condition = 'reward == "none" and voice == "high"'
    left = {
        f"{STEP}.arms": drop(1),
        f"{STEP}.impossible": (condition,),
        f"{STEP}.block_sizes": (3,),
        "plan.contrasts": lambda contrasts: contrasts[:1],
    }
    assert found(left) == []
    told = found({f"{STEP}.impossible": (condition,)})
    message = f"The arm none.high is impossible: {condition}."
    assert (f"{STEP}.arms[1]", message, "Take it out, or the condition.") in told
    told = found({**left, "plan.contrasts": lambda contrasts: contrasts})
    message = "No arms differ in what reward_by_voice compares and in nothing else."
    remedy = "Leave fewer cells out, or take the contrast out of the plan."
    assert told == [("plan.contrasts[1]", message, remedy)]


@pytest.mark.parametrize(
    ("condition", "message", "remedy"),
    [
        ("reward", None, None),
        (
            'gender == "man"',
            "gender is no factor of main.",
            "Name its own: reward, voice.",
        ),
        ('reward == "gold"', None, None),
    ],
)
def test_impossible_cells_are_named_by_their_factors(
    condition: str, message: str | None, remedy: str | None
) -> None:
    ((path, told, how),) = found({f"{STEP}.impossible": (condition,)})
    assert path == f"{STEP}.impossible[0]"
    assert message in (None, told)
    assert remedy in (None, how)


@pytest.mark.parametrize("coin", [0.2, 1.1])
def test_coin_towards_completes_favours_an_arm(coin: float) -> None:
    values = {f"{STEP}.method": Method.TOWARD_COMPLETES, f"{STEP}.block_sizes": ()}
    message = f"The coin {coin} is no probability that favours an arm."
    expected = (f"{STEP}.coin", message, "Give one from 0.25 to 1, such as 0.8.")
    assert found({**values, f"{STEP}.coin": coin}) == [expected]


def test_level_may_be_none_of_all_where_a_part_is_assigned() -> None:
    neither = 'not (reward == "none" or reward == "money")'
    values: dict[str, Any] = {"pages[3].items[3].shown_if": neither}
    message = "This can never come true."
    assert [each[1] for each in found(values)] == [message]
    assert found({**values, f"{STEP}.assign_if": 'gender == "woman"'}) == []
