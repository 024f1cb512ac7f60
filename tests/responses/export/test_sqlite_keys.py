"""The tables of the SQLite file have keys, and say whose their rows are."""

import sqlite3
from pathlib import Path

import pytest

from experiments.models import Status
from experiments.variables.tables import KEYS
from responses.export.tables import NAMES
from tests.decks import deck_design
from tests.responses.export.rows import enter, launched
from tests.responses.export.tabled import send
from tests.responses.export.test_binary_formats import file_of
from tests.responses.export.test_vignettes import ANSWERS, dealt

pytestmark = pytest.mark.django_db(transaction=True)


def test_sqlite_has_the_keys_of_every_table(tmp_path: Path) -> None:
    study = launched(deck_design(), Status.LIVE)
    for number in (1, 2):
        person = enter(study, number, answers=ANSWERS, assignments=dealt("none.low", "money.high"))
        for revision, page in enumerate(("about", "opinion_1", "opinion_2"), start=1):
            send(person, revision, page, {})
    with sqlite3.connect(file_of(study, "sqlite", tmp_path)) as read:
        assert {name: _key(read, name) for name in NAMES} == KEYS
        counts = [read.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in NAMES]
        assert min(counts) > 1
        assert read.execute("PRAGMA foreign_key_check").fetchall() == []
        linked = {name: _linked(read, name) for name in (*NAMES, "variable_labels", "value_labels")}
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed: vignettes"):
            read.execute("INSERT INTO vignettes SELECT * FROM vignettes")
    of_people = {("participants", "participant", "participant")}
    of_variables = {("variables", "table", "table"), ("variables", "name", "name")}
    assert linked == {
        "participants": set(),
        "answers": of_people,
        "vignettes": of_people,
        "submissions": of_people,
        "paradata": of_people,
        "variable_labels": of_variables,
        "value_labels": of_variables,
    }


def _key(read: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table's primary key, in its order."""
    columns = read.execute(f"PRAGMA table_info({table})").fetchall()
    return tuple(name for place, name in sorted((each[5], each[1]) for each in columns) if place)


def _linked(read: sqlite3.Connection, table: str) -> set[tuple[str, str, str]]:
    """The other table, our column and theirs, of each foreign key."""
    return {each[2:5] for each in read.execute(f"PRAGMA foreign_key_list({table})").fetchall()}
