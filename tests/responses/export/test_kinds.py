"""Kinds of missing stay apart: as lists in every wide table, as codes where a format has them."""

from datetime import date
from typing import Any

import pytest

from experiments.design import Option
from experiments.models import Status, Study
from experiments.variables import variables
from experiments.variables.tables import PARTICIPANTS
from responses.export.csv import snapshot
from responses.export.kinds import missing_codes
from responses.export.table import Table
from responses.export.tables import tables
from responses.models import Mode
from tests.changed import add, changed
from tests.designs import both, small
from tests.responses.every_kind import kinds_design
from tests.responses.export.reading import export, rows
from tests.responses.export.rows import add_version, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS: dict[str, Any] = {
    "gender": {"missing": "prefer_not_to_say"},
    "education": {"missing": "dont_know"},
    "motive1": {"missing": "dont_know"},
    "motive2": None,
    "attention": "1",
    "will1": "3",
}
EVERY: dict[str, Any] = {
    "some": ["park", "pool"],
    "years": "12",
    "distance": "2.50",
    "mood": {"missing": "untouched"},
    "order": ["library", "park", "pool"],
    "day": "2026-03-31",
    "points": {"park": 60, "library": 40, "pool": 0},
}
SAID = ("gender", "education", "motive1", "motive2", "attention", "will1", "will2", "will")


def wide(study: Study, *, kinds: bool = True) -> tuple[Table, list[dict[str, Any]]]:
    """The participants' table and its rows."""
    with snapshot() as connection:
        table = tables(connection, study_id=study.pk, mode=Mode.LIVE, kinds=kinds)[PARTICIPANTS]
        names = [column.name for column in table.columns]
        return table, [
            dict(zip(names, row, strict=True)) for row in connection.execute(table.query)
        ]


def answering() -> Study:
    study = launched(status=Status.CLOSED)
    enter(study, 1, answers=ANSWERS, not_shown=["will1"])
    enter(study, 2, state="withdrawn", answers={}, ended_at="2026-03-01T12:00Z")
    return study


def test_kinds_are_told_apart_by_lists() -> None:
    lists = ("state", "not_shown", "not_reached", "skipped", "untouched")
    assert [[row[name] for name in lists] for row in rows(export(answering()))] == [
        ["answering", "will1", "will2 noticed comment", "motive2", None],
        ["withdrawn", None, None, None, None],
    ]


def test_kinds_are_codes_in_the_numeric_items_of_a_table_that_has_them() -> None:
    table, found = wide(answering())
    assert table.kinds == {
        "not_reached": -9901,
        "not_shown": -9902,
        "skipped": -9903,
        "prefer_not_to_say": -9904,
        "dont_know": -9905,
        "untouched": -9906,
        "withdrawn": -9907,
    }
    assert [[row[name] for name in SAID] for row in found] == [
        ["no_answer", -9, -9905, -9903, 1, -9902, -9901, None],
        [None, -9907, -9907, -9907, -9907, -9907, -9907, None],
    ]


def test_kinds_are_null_in_a_table_without_codes() -> None:
    table, found = wide(answering(), kinds=False)
    assert (table.kinds, [[row[name] for name in SAID] for row in found]) == (
        {},
        [["no_answer", -9, None, None, 1, None, None, None], [None] * 8],
    )


def test_kinds_leave_secret_cells_and_items_of_other_versions_empty() -> None:
    study = launched(changed(small(), {"pages[3].items[0].shown_if": "reward == 'money'"}))
    enter(study, 1, answers=ANSWERS)
    add_version(study, changed(small(), {"pages[3].items": lambda items: items[:1]}))
    enter(study, 2, answers=ANSWERS, first_look=1)
    assert [(row["will1"], row["will2"]) for row in wide(study)[1]] == [(None, -9901), (3, None)]


def test_kinds_and_types_of_every_kind_of_item() -> None:
    study = launched(kinds_design(), Status.CLOSED)
    enter(study, 1, answers=EVERY)
    enter(study, 2, answers={**dict.fromkeys(EVERY), "years": {"missing": "prefer_not_to_say"}})
    table, found = wide(study)
    names = [v.name for v in table.columns if v.source[:1] == ("answers",) and v.source[1] in EVERY]
    read = {name: tuple(row[name] for row in found) for name in names}
    assert {name: read.pop(name) for name in list(read) if not name.startswith("points_")} == {
        "some_park": (1, -9903),
        "some_library": (0, -9903),
        "some_pool": (1, -9903),
        "some_none": (0, -9903),
        "years": (12.0, -9.0),
        "distance": (2.5, -9903.0),
        "mood": (-9906.0, -9903.0),
        "order_park": (2, -9903),
        "order_library": (1, -9903),
        "order_pool": (3, -9903),
        "day": (date(2026, 3, 31), None),
    }
    assert [*read.values()] == [(60, -9903), (40, -9903), (0, -9903)]


def test_codes_are_no_value_of_any_variable() -> None:
    design = changed(
        small(), {"pages[1].items[1].options": add(Option("-9903", both("Other", "기타")))}
    )
    assert missing_codes([design], variables(design)).codes["not_reached"] == -99901
    bounded = changed(design, {"pages[1].items[4].minimum": -100_000.0})
    assert missing_codes([bounded], variables(bounded)).codes["withdrawn"] == -999907
