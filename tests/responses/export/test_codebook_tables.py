"""A codebook describes every table that an export writes: all their columns, in every format."""

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree, html

from experiments.models import Status, Study
from responses.export.codebook.entry import Codebook
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.csv import snapshot
from responses.export.tables import tables
from responses.models import Mode
from tests.changed import changed
from tests.decks import deck_design
from tests.reference.ddi25 import violations
from tests.responses.export.booked import book_of, first_version
from tests.responses.export.rows import add_version, enter, launched
from tests.responses.export.test_vignettes import ANSWERS, dealt

pytestmark = pytest.mark.django_db(transaction=True)


def two_versions() -> Study:
    """A deck whose second version asks one thing more about each vignette, and one less."""
    study = launched(deck_design(), Status.LIVE)
    enter(study, 1, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
    add_version(study, changed(deck_design(), {"pages[3].items[3].code": "remark"}))
    enter(study, 2, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
    return study


def test_codebook_has_the_columns_of_every_table_in_all_formats() -> None:
    study = two_versions()
    with snapshot() as connection:
        found = tables(connection, study_id=study.pk, mode=Mode.LIVE)
    expected = {name: [each.name for each in table.columns] for name, table in found.items()}
    book = book_of(study)
    assert _described(book) == expected
    assert {"comment", "remark"} < set(expected["vignettes"])
    assert _in_csv(book) == expected
    assert _in_jsonld(book) == expected
    assert _in_ddi(book) == expected
    page = html.fromstring(_written(book, "html"))
    assert [name for names in expected.values() for name in names] == [
        each.text_content().strip() for each in page.xpath("//h3")
    ]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    told = _written(book, "md").decode()
    assert [line[5:-1] for line in told.splitlines() if line.startswith("### ")] == [
        name for names in expected.values() for name in names
    ]
    assert "No two rows have the same participant, deck and draw." in told


def test_vignettes_are_described_as_their_questions_are_written() -> None:
    book = first_version(deck_design())
    (table,) = [each for each in book.others if each.about.name == "vignettes"]
    will1 = next(each for each in table.entries if each.name == "will1")
    assert will1.asked is not None
    assert (will1.asked.item, will1.asked.page, str(will1.when)) == (
        *("will1", "opinion"),
        "post-treatment",
    )
    assert [option.code for option in will1.variable.values] == list("1234567")
    will = next(each for each in table.entries if each.name == "will")
    assert [scored.item for scored in will.variable.scored] == ["will1", "will2"]


def test_what_tells_the_arm_is_marked_secret_in_every_table() -> None:
    book = book_of(two_versions())
    secret = {
        table.about.name: {each.name for each in table.entries if each.secret}
        for table in book.others
    }
    assert secret == {
        "answers": set(),
        "vignettes": {"reward", "voice", "arm", "probability", "position", "noticed"},
        "submissions": set(),
        "paradata": set(),
    }


def _described(book: Codebook) -> dict[str, list[str]]:
    return {
        "participants": [each.name for each in book.entries],
        **{table.about.name: [each.name for each in table.entries] for table in book.others},
    }


def _written(book: Codebook, name: str) -> bytes:
    return BOOK_FORMATS[name].write(book)


def _in_csv(book: Codebook) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(_written(book, "csv").decode(), newline="")):
        if row["row"] == "variable":
            found.setdefault(row["table"], []).append(row["variable"])
    return found


def _in_jsonld(book: Codebook) -> dict[str, list[str]]:
    data: dict[str, Any] = json.loads(_written(book, "jsonld"))
    parts = [("participants", data), *((each["identifier"], each) for each in data["hasPart"])]
    return {name: [each["propertyID"] for each in part["variableMeasured"]] for name, part in parts}


def _in_ddi(book: Codebook) -> dict[str, list[str]]:
    tree = etree.fromstring(_written(book, "ddi"))
    assert violations(tree) == []
    files = {file.get("ID"): file for file in tree.iter("{*}fileDscr")}
    found = {
        name: [var.get("name") for var in tree.iter("{*}var") if var.get("files") == name]
        for name in files
    }
    quantities = {name: file.findtext(".//{*}varQnty") for name, file in files.items()}
    assert quantities == {name: str(len(names)) for name, names in found.items()}
    return found
