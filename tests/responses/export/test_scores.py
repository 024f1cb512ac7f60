"""Scores of scales in an export: what a look computes, empty where it has no number."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from analysis.dataset import columns
from experiments.design import Design, Missing, Option
from experiments.expansion import expanded
from experiments.models import Status
from experiments.variables import Type, variables
from experiments.variables.tables import PARTICIPANTS
from responses.export.csv import snapshot
from responses.export.tables import tables
from responses.models import Mode
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import agreement, both, likert, small
from tests.responses.export.reading import export, rows
from tests.responses.export.rows import add_version, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)

SCORES = ("motive", "care", "will")


def seven_items() -> Design:
    """`small()` with seven items in `motive`, two of them reversed, and codes from -3 to 11."""
    more = tuple(likert(f"more{at}", "motive", reverse=at == 2) for at in range(5))
    unsure = Option("-99", both("Don’t know", "모름"), Missing.DONT_KNOW)
    wide = tuple(replace(o, code=str(int(o.code) * 7 - 24)) for o in agreement(5))
    return changed(
        small(),
        {"pages[1].items": lambda items: (*items, *more), "scales[0].options": (*wide, unsure)},
    )


def some_answers(design: Design, chance: Random) -> dict[str, Any]:
    """Answers to the items of scales; now and then none of that kind."""
    answers: dict[str, Any] = {}
    for item in expanded(design).items():
        if item.scale:
            codes = [o.code for o in expanded(design).options(item) if o.missing is Missing.NONE]
            answers[item.code] = chance.choice(codes)
            if chance.random() < 0.03:
                answers[item.code] = chance.choice([None, {"missing": "dont_know"}])
    for code in [code for code in answers if chance.random() < 0.03]:
        del answers[code]
    return answers


@pytest.mark.parametrize("design", [small(), seven_items(), deck_design()])
def test_scores_are_the_looks_to_the_last_digit(design: Design) -> None:
    study, chance = launched(design, status=Status.CLOSED), Random(6)
    given = [some_answers(design, chance) for _ in range(80)]
    hidden = [list(answers)[:1] if chance.random() < 0.1 else [] for answers in given]
    for number, (answers, not_shown) in enumerate(zip(given, hidden, strict=True)):
        enter(study, number, answers=answers, not_shown=not_shown)
    counted = [
        {code: answer for code, answer in answers.items() if code not in not_shown}
        for answers, not_shown in zip(given, hidden, strict=True)
    ]
    scores = [v.name for v in variables(expanded(design)) if v.scored]
    file = rows(export(study))
    read = {name: [float(row[name] or "nan") for row in file] for name in scores}
    looks = {
        name: np.asarray(columns(expanded(design), counted, name)[name]).tolist() for name in scores
    }
    assert len(scores) in (3, 4)
    np.testing.assert_array_equal([*read.values()], [*looks.values()])


def test_scores_are_numbers_and_have_the_scales_labels() -> None:
    told = [v for v in variables(small()) if v.scored]
    assert [(v.name, v.type, v.label) for v in told] == [
        ("motive", Type.NUMBER, both("Motive", "동기")),
        ("care", Type.NUMBER, both("Care", "배려")),
        ("will", Type.NUMBER, both("Willingness", "의향")),
    ]


def test_scores_of_secret_items_are_secret() -> None:
    design = changed(small(), {"pages[3].items[1].shown_if": "reward == 'money'"})
    study = launched(design)
    for number, look in enumerate((1, None)):
        enter(study, number, first_look=look, answers={"will1": "2", "will2": "5"})
    assert [[row[name] for name in ("will1", "will2", "will")] for row in rows(export(study))] == [
        ["2", "5", "3.5"],
        ["2", None, None],
    ]
    with snapshot() as connection:
        table = tables(connection, study_id=study.pk, mode=Mode.LIVE)[PARTICIPANTS]
        place = [column.name for column in table.columns].index("will")
        assert [row[place] for row in connection.execute(table.query)] == [3.5, None]


def test_scores_of_versions_with_other_items_are_each_their_own() -> None:
    study = launched(status=Status.CLOSED)
    answers = {"will1": "1", "will2": "2", "will3": "6"}
    enter(study, 1, answers=answers)

    add_version(
        study, changed(small(), {"pages[3].items": lambda i: (*i, likert("will3", "will"))})
    )
    enter(study, 2, answers=answers)
    assert [row["will"] for row in rows(export(study))] == ["1.5", "3"]


def test_scores_and_lists_of_the_largest_page_are_made() -> None:
    items = tuple(likert(f"many{at}", "motive", reverse=at % 2 == 0) for at in range(880))
    study = launched(changed(small(), {"pages[1].items": items}), Status.CLOSED)
    enter(study, 1, answers=dict.fromkeys((item.code for item in items), "4"))
    enter(study, 2)
    one, two = rows(export(study))
    assert (one["motive"], one["not_reached"]) == ("3", "will1 will2 noticed comment")
    assert (two["not_reached"] or "").split() == [
        *(i.code for i in items),
        "will1",
        "will2",
        "noticed",
        "comment",
    ]
