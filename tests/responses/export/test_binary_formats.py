"""Parquet, Excel, SQLite, Stata's and SPSS' files, read back by programs that we did not write."""

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas
import polars
import pyreadstat
import pytest
from pyarrow import parquet

from experiments.models import Status, Study
from responses.export import excel, labelled
from responses.export.csv import snapshot
from responses.export.formats import FORMATS
from responses.export.limits import TooLargeForFormatError
from responses.export.options import Options
from responses.export.tables import NAMES, tables
from responses.models import Mode
from tests.responses.export.hostile import HOSTILE
from tests.responses.export.rows import completed, launched
from tests.responses.export.tabled import send
from tests.responses.export.test_histories import person as sent_by
from tests.responses.export.test_text_formats import hostile, unguarded

pytestmark = pytest.mark.django_db(transaction=True)

BINARY = [name for name in FORMATS if not FORMATS[name].is_text]
# SPSS holds texts of 32,767 bytes, and takes away the spaces at their end.
FIT = [text for text in HOSTILE if len(text.encode()) < 32_767 and text == text.rstrip(" ")]
LONG = "🌳 말 x\n" * 2000


def file_of(
    study: Study, name: str, folder: Path, table: str = "participants", **options: Any
) -> Path:
    """The file of a format."""
    path = folder / f"{table}{FORMATS[name].suffix}"
    chosen = FORMATS[name]
    with path.open("wb") as file, snapshot() as connection:
        found = tables(connection, study_id=study.pk, mode=Mode.LIVE, kinds=chosen.kinds)
        wanted = found if chosen.many else {table: found[table]}
        chosen.write(connection, wanted, file, Options(**options))
    return path


def writing(texts: list[str]) -> Study:
    """A closed study whose participants wrote those texts."""
    study = launched(status=Status.CLOSED)
    for number, text in enumerate(texts, start=1):
        completed(study, number, "none.low", answers={"comment": text})
    return study


def as_excel_has_it(text: str) -> str:
    """Line breaks are LF there, and control characters are written out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\uffff", "\ufffd")
    return text.replace("\x01", "_x0001_").replace("\x1f", "_x001F_")


def test_texts_survive_parquet(tmp_path: Path) -> None:
    path = file_of(hostile(), "parquet", tmp_path)
    assert polars.read_parquet(path)["comment"].to_list() == HOSTILE
    assert pandas.read_parquet(path)["comment"].to_list() == HOSTILE
    told = duckdb.connect().execute("SELECT comment FROM read_parquet(?)", [str(path)]).fetchall()
    assert [text for (text,) in told] == HOSTILE


@pytest.mark.parametrize("guard", [True, False])
def test_texts_survive_excel_with_its_own_line_breaks(guard: bool, tmp_path: Path) -> None:
    path = file_of(hostile(), "xlsx", tmp_path, guard=guard)
    read = pandas.read_excel(path, dtype=str, keep_default_na=False)["comment"]
    expected = [as_excel_has_it(text) for text in HOSTILE]
    assert [unguarded(text) if guard else text for text in read] == expected
    sheet = openpyxl.load_workbook(path)["participants"]
    # None is a formula, whether guarded or not.
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_texts_survive_sqlite(tmp_path: Path) -> None:
    path = file_of(hostile(), "sqlite", tmp_path)
    with sqlite3.connect(path) as read:
        texts = [text for (text,) in read.execute("SELECT comment FROM participants")]
        pages = [json.loads(a) for (a,) in read.execute("SELECT answers FROM submissions")]
    assert texts == HOSTILE
    assert pages == [{"comment": text} for text in HOSTILE]


def test_texts_survive_stata(tmp_path: Path) -> None:
    path = file_of(hostile(), "dta", tmp_path)
    assert path.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
    assert pyreadstat.read_dta(str(path))[0]["comment"].tolist() == HOSTILE
    assert pandas.read_stata(path)["comment"].tolist() == HOSTILE


def test_texts_survive_spss_as_long_as_it_holds_them(tmp_path: Path) -> None:
    texts = [*FIT, LONG]
    assert len(LONG.encode()) > 20_000
    frame, _ = pyreadstat.read_sav(str(file_of(writing(texts), "sav", tmp_path)))
    assert frame["comment"].tolist() == texts
    study = Study.objects.get()
    completed(study, 99, "none.low", answers={"comment": "말" * 11_000})
    with pytest.raises(TooLargeForFormatError, match="33000 bytes, and this format holds 32767"):
        file_of(study, "sav", tmp_path)


def answered(status: Status = Status.CLOSED) -> Study:
    """Two participants: one who answered, and one who left."""
    study = launched(status=status)
    sent_by(study, 1, not_shown=["motive1"], page="opinion")
    sent_by(study, 2)
    return study


def test_parquet_has_types_and_what_is_known_of_a_column(tmp_path: Path) -> None:
    study = answered()
    path = file_of(study, "parquet", tmp_path)
    read = polars.read_parquet(path)
    types = {name: str(read.schema[name]) for name in ("will1", "probability", "entered_at", "arm")}
    assert types == {
        "will1": "Int64",
        "probability": "Float64",
        "entered_at": "Datetime(time_unit='us', time_zone='UTC')",
        "arm": "String",
    }
    assert (read["probability"][0], read["will"][0], read["education"][0]) == (0.25, None, -9)
    about = json.loads((parquet.read_schema(path).field("education").metadata or {})[b"coprod"])
    assert (about["label"]["en"], about["values"][2]) == (
        "Your schooling?",
        {"code": "-9", "label": {"en": "Don’t know", "ko": "모름"}, "missing": "dont_know"},
    )


def test_parquet_of_nobody_has_the_columns(tmp_path: Path) -> None:
    path = file_of(launched(), "parquet", tmp_path)
    assert polars.read_parquet(path).shape[0] == 0
    assert "will1" in polars.read_parquet(path).columns


def test_excel_says_what_its_columns_are(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(file_of(answered(), "xlsx", tmp_path, language="ko"))
    rows = [[cell.value for cell in row] for row in book["variables"].iter_rows()]
    place = rows.index(["gender", "성별은?", "code", "pre_treatment", None, None, None])
    assert rows[place + 3] == [
        *("gender", None, None, None, "no_answer", "답하지 않음", "prefer_not_to_say")
    ]
    sheet = book["participants"]
    names = [cell.value for cell in sheet[1]]
    entered = sheet.cell(2, names.index("entered_at") + 1)
    assert (str(entered.value), entered.is_date) == ("2026-03-01 09:31:00", True)


def test_sqlite_has_every_table_and_the_labels_of_all_languages(tmp_path: Path) -> None:
    with sqlite3.connect(file_of(answered(), "sqlite", tmp_path)) as read:
        for name in NAMES:
            ((count,),) = read.execute(f"SELECT count(*) FROM {name}").fetchall()
            assert count > 0
        labels = read.execute(
            "SELECT language, label FROM variable_labels WHERE name = 'gender' "
            "AND \"table\" = 'participants'"
        ).fetchall()
    assert labels == [("en", "Your gender?"), ("ko", "성별은?")]


def test_stata_has_labels_and_keeps_the_kinds_of_missing_apart(tmp_path: Path) -> None:
    path = str(file_of(answered(), "dta", tmp_path, language="ko"))
    frame, about = pyreadstat.read_dta(path, user_missing=True)
    labels = about.variable_value_labels
    assert about.column_names_to_labels["gender"] == "성별은?"
    assert labels["gender"] == {1: "여성", 2: "남성", "a": "답하지 않음"}
    assert [labels["motive1"].get(value) for value in frame["motive1"]] == [
        "표시되지 않음",
        "도달하지 않음",
    ]
    # Who takes no heed of user-missing values sees none of their codes.
    plain, _ = pyreadstat.read_dta(path)
    assert plain["motive1"].isna().all()


def test_spss_has_labels_and_keeps_the_kinds_of_missing_apart(tmp_path: Path) -> None:
    path = str(file_of(answered(), "sav", tmp_path))
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    labels = about.variable_value_labels
    assert labels["gender"] == {1: "Woman", 2: "Man", 3: "Rather not say"}
    assert about.missing_ranges["gender"] == [{"lo": 3, "hi": 3}]
    assert frame["motive1"].map(labels["motive1"]).tolist() == ["not shown", "not reached"]
    assert about.missing_ranges["education"] == [{"lo": -9907, "hi": -9901}, {"lo": -9, "hi": -9}]
    assert frame["education"].tolist()[0] == -9
    assert about.variable_measure["motive1"] == "ordinal"
    plain, _ = pyreadstat.read_sav(path)
    assert plain["motive1"].isna().all()


@pytest.mark.parametrize("name", BINARY)
def test_same_rows_have_the_same_bytes(name: str, tmp_path: Path) -> None:
    study = answered()
    first = file_of(study, name, tmp_path).read_bytes()
    assert file_of(study, name, tmp_path).read_bytes() == first


@pytest.mark.parametrize("name", [name for name in BINARY if name != "sqlite"])
def test_every_table_is_written_by_every_binary_format(name: str, tmp_path: Path) -> None:
    study = answered()
    with snapshot() as connection:
        found = tables(connection, study_id=study.pk, mode=Mode.LIVE)
        count = {each: len(connection.execute(found[each].query).fetchall()) for each in NAMES}
    readers: dict[str, Any] = {
        "parquet": pandas.read_parquet,
        "xlsx": pandas.read_excel,
        "dta": pandas.read_stata,
        "sav": pandas.read_spss,
    }
    for table in NAMES:
        read = readers[name](file_of(study, name, tmp_path, table))
        assert list(read.columns) == [column.name for column in found[table].columns]
        assert len(read) == count[table]


@pytest.mark.parametrize("name", BINARY)
def test_what_is_secret_is_in_no_binary_format(name: str, tmp_path: Path) -> None:
    study = launched()
    person = completed(study, 1, "money.high", answers={"noticed": "money", "comment": "hello"})
    send(person, 1, "opinion", {"noticed": "money", "comment": "hello"})
    for status, shown in ((Status.LIVE, False), (Status.CLOSED, True)):
        Study.objects.update(status=status)
        rows = _rows(file_of(study, name, tmp_path), name)
        assert ([row["arm"] for row in rows] == ["money.high"] or rows[0]["arm"] == 4) == shown
        secret = ("arm", "reward", "voice", "probability", "position", "noticed")
        empty = [pandas.isna(rows[0][each]) or rows[0][each] == "" for each in secret]
        assert empty == [not shown] * len(secret)
        assert rows[0]["comment"] == "hello"


def _rows(path: Path, name: str) -> list[dict[Any, Any]]:
    if name == "sqlite":
        with sqlite3.connect(path) as read:
            frame = pandas.read_sql("SELECT * FROM participants", read)
    elif name == "parquet":
        frame = pandas.read_parquet(path)
    elif name == "xlsx":
        frame = pandas.read_excel(path)
    else:
        reader = pyreadstat.read_dta if name == "dta" else pyreadstat.read_sav
        frame, _about = reader(str(path))
    return [dict(row) for row in frame.to_dict("records")]


def test_excel_and_labelled_files_refuse_what_they_can_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = answered()
    monkeypatch.setattr(excel, "MOST_ROWS", 2)
    monkeypatch.setattr(labelled, "MOST_CELLS", 20)
    with pytest.raises(TooLargeForFormatError, match="has 2 rows, and a sheet 2 at most with its"):
        file_of(study, "xlsx", tmp_path)
    for name in ("dta", "sav"):
        with pytest.raises(TooLargeForFormatError, match="more than 20 cells"):
            file_of(study, name, tmp_path)
    monkeypatch.undo()
    completed(study, 99, "none.low", answers={"comment": "x" * 33_000})
    with pytest.raises(TooLargeForFormatError, match="33000 characters, and a cell 32767 at most"):
        file_of(study, "xlsx", tmp_path)


def test_parquet_groups_have_one_size_and_hold_every_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responses.export.parquet.ROWS", 4)
    for bytes_at_once in ("TOLD", "TOGETHER"):
        monkeypatch.setattr(f"responses.export.ahead.{bytes_at_once}", 4096)
    study = writing([f"text {number}" for number in range(30)])
    file = parquet.ParquetFile(io.BytesIO(file_of(study, "parquet", tmp_path).read_bytes()))
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    assert (sizes, sum(sizes)) == ([4] * 7 + [2], 30)
    assert file.read()["comment"].to_pylist() == [f"text {number}" for number in range(30)]
