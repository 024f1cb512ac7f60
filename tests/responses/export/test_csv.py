"""The CSV of an export, whole file by whole file."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from experiments.design import Design, Randomisation
from experiments.models import Status
from responses.models import Mode
from tests.designs import likert, small
from tests.responses.export.reading import HEADER, export, rows
from tests.responses.export.rows import START, add_version, assigned, completed, enter, launched

# An export has a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

NASTY = [
    'She said "no",\r\nthen\nleft.',
    "=cmd|'/c calc'!A1",
    "+1",
    "-1",
    "@SUM(1)",
    "\ttab",
    "\r\nline",
    "＝1+1",
    "'quoted'",
    "공원이 좋아요 🌳",
    "مرحبا \u202eabc",
    "\\.",
    "",
    " ",
]
# The same as the file holds them.
GUARDED = [
    '"She said ""no"",\r\nthen\nleft."',
    "'=cmd|'/c calc'!A1",
    "'+1",
    "'-1",
    "'@SUM(1)",
    "'\ttab",
    '"\'\r\nline"',
    "'＝1+1",
    "''quoted'",
    "공원이 좋아요 🌳",
    "مرحبا \u202eabc",
    "\\.",
    '""',
    " ",
]


def test_csv_of_a_closed_study_is_complete() -> None:
    study = launched(status=Status.CLOSED)
    completed(study, 1, "money.high", first_look=1, answers={"comment": NASTY[0]})
    enter(
        study, 2, state="refused", consented_at=None, ended_at=START, page="welcome", language="ko"
    )
    enter(
        study,
        3,
        page="opinion",
        answers={"gender": "man", "education": "2", "motive1": "1"},
        assignments=assigned("none.low", probability="1/6", position=1),
        exposed_at=datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
    )
    assert export(study) == HEADER + (
        "00000000-0000-0000-0000-000000000001,live,1,en,completed,thanks,"
        "2026-03-01T09:31:00.000000Z,2026-03-01T09:31:00.000000Z,2026-03-01T09:32:30.000000Z,"
        "2026-03-01T09:39:00.000005Z,2026-03-01T09:39:00.000005Z,2026-03-01T09:31:00.000000Z,1,"
        ",,,,0,,,,,,,,,,,,,,,,"
        "money,high,money.high,0.25,gender=woman,0,"
        'woman,-9,4,2,2,6,7,money,"She said ""no"",\r\nthen\nleft.",4,4,6.5\r\n'
        "00000000-0000-0000-0000-000000000002,live,1,ko,refused,welcome,"
        "2026-03-01T09:32:00.000000Z,,,,2026-03-01T09:30:00.000000Z,2026-03-01T09:32:00.000000Z,,"
        ",gender education motive1 motive2 attention will1 will2 noticed comment"
        ",,,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"
        "00000000-0000-0000-0000-000000000003,live,1,en,answering,opinion,"
        "2026-03-01T09:33:00.000000Z,2026-03-01T09:33:00.000000Z,2026-03-01T23:59:59.999999Z,,,"
        "2026-03-01T09:33:00.000000Z,,,motive2 attention will1 will2 noticed comment"
        ",,,0,,,,,,,,,,,,,,,,none,low,none.low,0.16666666666666666667,gender=woman,1,"
        "man,2,1,,,,,,,,,\r\n"
    )


def test_csv_without_participants_is_the_header() -> None:
    assert export(launched()) == HEADER


def test_csv_keeps_nasty_texts_and_guards_formulas() -> None:
    study = launched(status=Status.CLOSED)
    for number, text in enumerate(NASTY, start=1):
        completed(study, number, "none.low", answers={"comment": text})
    file = export(study)
    fields = [field.split(",4,4,6.5\r\n")[0] for field in file.split(",money,")[1:]]
    assert fields == GUARDED


def test_csv_read_back_by_polars_gives_what_was_written() -> None:
    study = launched(status=Status.CLOSED)
    for number, text in enumerate(NASTY, start=1):
        completed(study, number, "none.low", answers={"comment": text})
    read = [row["comment"] or "" for row in rows(export(study))]
    assert [text.removeprefix("'") for text in read] == NASTY


def test_csv_guards_no_code() -> None:
    study = launched(status=Status.CLOSED)
    completed(study, 1, "none.low", answers={"education": {"missing": "dont_know"}})
    assert [row["education"] for row in rows(export(study))] == ["-9"]


def test_csv_has_one_row_for_every_participant_of_the_study_and_mode() -> None:
    study, other = launched(status=Status.CLOSED), launched(small(study="other"))
    for number in (3, 1, 2):
        enter(study, number)
    enter(study, 4, mode=Mode.PILOT)
    enter(other, 5)
    # In the order of entry, which is the order of their rows.
    assert [row["participant"][-1:] for row in rows(export(study)) if row["participant"]] == [
        "3",
        "1",
        "2",
    ]


@pytest.mark.parametrize(
    ("fraction", "decimal"),
    [
        ("1/6", "0.16666666666666666667"),
        ("1/4", "0.25"),
        ("1", "1"),
        ("1/700", "0.00142857142857142857"),
        ("2/3", "0.66666666666666666667"),
    ],
)
def test_csv_writes_probabilities_as_decimals(fraction: str, decimal: str) -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, assignments=assigned("none.low", probability=fraction))
    assert [row["probability"] for row in rows(export(study))] == [decimal]


def test_csv_of_a_design_without_items_and_randomisations_has_the_fixed_columns() -> None:
    design = small()
    bare = replace(
        design,
        randomisations=(),
        pages=tuple(replace(page, items=()) for page in design.pages),
    )
    study = launched(bare)
    enter(study, 1)
    fixed = HEADER.partition(",reward")[0]
    assert export(study) == (
        f"{fixed}\r\n00000000-0000-0000-0000-000000000001,live,1,en,answering,about,"
        "2026-03-01T09:31:00.000000Z,2026-03-01T09:31:00.000000Z,,,,2026-03-01T09:31:00.000000Z,"
        ",,,,,0,,,,,,,,,,,,,,,\r\n"
    )


def with_will3(design: Design) -> Design:
    """Another version: will3 in the place of will2, and before will1."""
    pages = tuple(
        replace(page, items=(likert("will3", "will"), page.items[0], *page.items[2:]))
        if page.code == "opinion"
        else page
        for page in design.pages
    )
    return replace(design, pages=pages)


def test_csv_without_participants_has_the_newest_versions_columns() -> None:
    study = launched()
    add_version(study, with_will3(small()))
    assert export(study) == HEADER.replace("will1,will2", "will3,will1")


def test_csv_of_two_versions_is_the_union_of_their_columns() -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, answers={"will1": "6", "will2": "7"})
    add_version(study, with_will3(small()))
    enter(study, 2, answers={"will1": "5", "will3": "1"})
    text = export(study)
    assert text.splitlines()[0] + "\r\n" == HEADER.replace(
        "will1,will2,noticed,comment,motive,care,will",
        "will3,will1,noticed,comment,motive,care,will,will2",
    )
    names = ("design_version", "will1", "will2", "will3")
    assert [tuple(row[name] for name in names) for row in rows(text)] == [
        ("1", "6", "7", None),
        ("2", "5", None, "1"),
    ]


def test_csv_leaves_out_columns_of_versions_without_participants_in_the_mode() -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, mode=Mode.PILOT)
    add_version(study, with_will3(small()))
    enter(study, 2)
    assert export(study).splitlines()[0] + "\r\n" == HEADER.replace("will1,will2", "will3,will1")
    assert export(study, Mode.PILOT).splitlines()[0] + "\r\n" == HEADER


def test_csv_finds_a_factor_in_the_randomisation_that_each_version_had_it_in() -> None:
    design = small()
    main = design.randomisations[0]
    study = launched(design, status=Status.CLOSED)
    enter(study, 1, assignments=assigned("money.high"))
    renamed: Randomisation = replace(main, code="second")
    add_version(study, replace(design, randomisations=(renamed,)))
    enter(study, 2, assignments={"second": assigned("none.low")["main"]})
    names = ("design_version", "reward", "voice", "arm")
    assert [tuple(row[name] for name in names) for row in rows(export(study))] == [
        ("1", "money", "high", "money.high"),
        ("2", "none", "low", "none.low"),
    ]


def test_csv_guards_an_item_that_was_free_text_in_any_version() -> None:
    design = small()
    study = launched(design, status=Status.CLOSED)
    enter(study, 1, answers={"comment": "=1+1"})
    pages = tuple(
        replace(page, items=(*page.items[:-1], likert("comment", "will")))
        if page.code == "opinion"
        else page
        for page in design.pages
    )
    add_version(study, replace(design, pages=pages))
    enter(study, 2, answers={"comment": "3"})
    assert [row["comment"] for row in rows(export(study))] == ["'=1+1", "3"]
