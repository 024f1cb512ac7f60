"""The table with a row for each vignette, under the codes that the design is written in."""

from typing import Any

import pytest

from experiments.models import Status
from experiments.variables.vignettes import vignette_rows
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.responses.export.rows import add_version, assigned, enter, launched
from tests.responses.export.tabled import read

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS: dict[str, Any] = {
    "gender": "woman",
    **{"will1_1": "2", "will2_1": "5", "noticed_1": "none", "comment_1": "=1"},
    **{"will1_2": "7", "will2_2": None, "noticed_2": "money"},
}
NAMES = (
    "deck",
    "draw",
    "reward",
    "voice",
    "arm",
    "probability",
    "will1",
    "will2",
    "will",
    "noticed",
)


def dealt(first: str, second: str) -> dict[str, Any]:
    """Two draws as the participant's row holds them."""
    held = {}
    for draw, arm in enumerate((first, second), start=1):
        step = assigned(arm, position=draw)["main"]
        levels = {f"{factor}_{draw}": level for factor, level in step["levels"].items()}
        held[f"deck_{draw}"] = step | {"levels": levels}
    return held


def test_vignettes_of_a_deck_have_a_row_for_each_draw() -> None:
    study = launched(deck_design(), Status.CLOSED)
    enter(study, 1, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
    enter(study, 2, answers={"gender": "man"})
    assert [[row[name] for name in NAMES] for row in read(study, "vignettes", kinds=True)] == [
        ["deck", 1, "none", "low", "none.low", 0.25, 2, 5, 3.5, "none"],
        ["deck", 2, "money", "high", "money.high", 0.25, 7, -9903, None, "money"],
    ]


def test_vignettes_name_what_was_asked_about_them_and_whose_they_are() -> None:
    study = launched(deck_design(), Status.CLOSED)
    enter(study, 1, answers=ANSWERS, assignments=dealt("none.low", "money.high"), first_look=2)
    assert list(read(study, "vignettes")[1].items()) == [
        ("participant", "00000000-0000-0000-0000-000000000001"),
        ("mode", "live"),
        ("design_version", 1),
        ("language", "en"),
        ("state", "answering"),
        ("first_look", 2),
        ("deck", "deck"),
        ("draw", 2),
        ("reward", "money"),
        ("voice", "high"),
        ("arm", "money.high"),
        ("probability", 0.25),
        ("stratum", "gender=woman"),
        ("position", 2),
        ("will1", 7),
        ("will2", None),
        ("noticed", "money"),
        ("comment", None),
        ("will", None),
    ]


def test_vignettes_whose_arm_is_secret_keep_it() -> None:
    study = launched(deck_design())
    enter(study, 1, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
    assert [[row[name] for name in NAMES] for row in read(study, "vignettes")] == [
        ["deck", 1, None, None, None, None, 2, 5, 3.5, None],
        ["deck", 2, None, None, None, None, 7, None, None, None],
    ]


def test_vignettes_between_participants_have_a_row_for_whom_was_assigned() -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, answers={"will1": "3"}, assignments=assigned("money.low"))
    enter(study, 2)
    assert [[row[name] for name in NAMES[:7]] for row in read(study, "vignettes")] == [
        ["", 1, "money", "low", "money.low", 0.25, 3]
    ]
    (rows,) = vignette_rows(small())
    assert [v.name for v in rows.variables][8:] == [
        *("reward", "voice", "arm", "probability", "stratum", "position"),
        *("will1", "will2", "noticed", "comment", "will"),
    ]


def test_vignettes_of_versions_with_and_without_a_deck_are_one_table() -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, answers={"will1": "3"}, assignments=assigned("money.low"))
    add_version(study, changed(deck_design(), {"study": "park"}))
    enter(study, 2, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
    names = ("design_version", "deck", "draw", "arm", "will1")
    assert [[row[name] for name in names] for row in read(study, "vignettes")] == [
        [1, "", 1, "money.low", 3],
        [2, "deck", 1, "none.low", 2],
        [2, "deck", 2, "money.high", 7],
    ]
