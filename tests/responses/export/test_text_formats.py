"""CSV, Qualtrics' CSV, TSV and JSON Lines, read back by programs that we did not write."""

import csv
import io
import json
import re
from collections.abc import Mapping
from itertools import product
from typing import Any

import pandas
import polars
import pytest

from experiments.models import Status, Study
from responses.export.csv import snapshot
from responses.export.formats import FORMATS
from responses.export.options import Options
from responses.export.tables import NAMES, tables
from responses.models import Mode
from tests.responses.export.hostile import HOSTILE
from tests.responses.export.rows import completed, launched
from tests.responses.export.tabled import send
from tests.responses.export.test_histories import FACTS
from tests.responses.export.test_histories import person as sent_by

pytestmark = pytest.mark.django_db(transaction=True)

SEPARATED = {"csv": ",", "tsv": "\t", "qualtrics": ","}


def written(study: Study, name: str, table: str = "participants", **options: Any) -> bytes:
    """The file of a format."""
    file = io.BytesIO()
    with snapshot() as connection:
        found = tables(connection, study_id=study.pk, mode=Mode.LIVE)
        wanted = {each: found[each] for each in FORMATS[name].needs or (table,)}
        FORMATS[name].write(connection, wanted, file, Options(**options))
    return file.getvalue()


def hostile(status: Status = Status.CLOSED) -> Study:
    """A study whose participants wrote what formats stumble over."""
    study = launched(status=status)
    for number, text in enumerate(HOSTILE, start=1):
        person = completed(study, number, "none.low", answers={"comment": text})
        send(person, 1, "opinion", {"comment": text})
    return study


def unguarded(text: str) -> str:
    return text.removeprefix("'")


@pytest.mark.parametrize("name", ["csv", "tsv"])
@pytest.mark.parametrize("guard", [True, False])
def test_texts_survive_separated_files_as_polars_reads_them(name: str, guard: bool) -> None:
    file = written(hostile(), name, guard=guard)
    read = polars.read_csv(io.BytesIO(file), separator=SEPARATED[name], infer_schema=False)
    texts = read["comment"].to_list()
    assert [unguarded(text) if guard else text for text in texts] == HOSTILE


@pytest.mark.parametrize("name", ["csv", "tsv", "qualtrics"])
@pytest.mark.parametrize("bom", [True, False])
def test_texts_survive_separated_files_as_pandas_reads_them(name: str, bom: bool) -> None:
    read = pandas.read_csv(
        io.BytesIO(written(hostile(), name, bom=bom)),
        sep=SEPARATED[name],
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig" if bom else "utf-8",
        skiprows=[1, 2] if name == "qualtrics" else None,
    )
    assert [*read.columns[:2]] == ["participant", "mode"]
    assert [unguarded(text) for text in read["comment"]] == HOSTILE


def test_texts_survive_json_lines() -> None:
    lines = written(hostile(), "jsonl").decode().split("\n")
    people = [json.loads(line) for line in lines[:-1]]
    assert [person["comment"] for person in people] == HOSTILE
    assert [person["submissions"][0]["answers"] for person in people] == [
        {"comment": text} for text in HOSTILE
    ]
    assert lines[-1] == ""
    read = polars.read_ndjson(io.BytesIO(written(Study.objects.get(), "jsonl")))
    assert read["comment"].to_list() == HOSTILE


def test_json_lines_nest_pages_and_timings_and_have_types() -> None:
    study = launched(status=Status.CLOSED)
    sent_by(study, 1, not_shown=["motive1"], page="opinion")
    sent_by(study, 2)
    one, two = map(json.loads, written(study, "jsonl").decode().splitlines())
    assert (one["participant"][-1], two["participant"][-1]) == ("1", "2")
    names = ("design_version", "not_shown", "education", "will1", "will")
    assert {name: one[name] for name in names} == {
        "design_version": 1,
        "not_shown": ["motive1"],
        "education": -9,
        "will1": 3,
        "will": None,
    }
    assert (one["probability"], one["entered_at"]) == (0.25, "2026-03-01T09:31:00.000000Z")
    assert one["submissions"][1] == {
        "revision": 2,
        "page": "about",
        "language": "en",
        "received_at": "2026-03-01T09:32:00.000000Z",
        "answers": {"gender": "man"},
    }
    assert [each["page"] for each in two["paradata"]] == ["about", "about", "story", "opinion"]
    assert two["paradata"][3]["items"] == FACTS["items"]


def test_qualtrics_has_names_questions_and_import_ids() -> None:
    study = launched()
    header: Mapping[str, tuple[str, str]] = {}
    for language, text in (("en", "Your gender?"), ("ko", "성별은?"), ("de", "Your gender?")):
        text_of = written(study, "qualtrics", language=language).decode()
        rows = list(csv.reader(io.StringIO(text_of, newline="")))
        names, texts, ids = rows
        header = {name: (label, id_) for name, label, id_ in zip(*rows, strict=True)}
        assert header["gender"] == (text, '{"ImportId":"gender"}')
        assert len(names) == len(texts) == len(ids)
    assert header["entered_at"][1] == '{"ImportId":"entered_at","timeZone":"Z"}'


def test_every_table_is_written_by_every_separated_format() -> None:
    study = launched(status=Status.CLOSED)
    sent_by(study, 1)
    with snapshot() as connection:
        found = tables(connection, study_id=study.pk, mode=Mode.LIVE)
        count = {name: len(connection.execute(found[name].query).fetchall()) for name in NAMES}
    for name, table in product(SEPARATED, NAMES):
        file = io.BytesIO(written(study, name, table))
        read = polars.read_csv(file, separator=SEPARATED[name], infer_schema=False)
        assert read.columns == [column.name for column in found[table].columns]
        assert len(read) == count[table] + (2 if name == "qualtrics" else 0)


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].is_text])
def test_what_is_secret_is_in_no_text_format(name: str) -> None:
    study = launched()
    sent_by(study, 1)
    for table in NAMES:
        file = written(study, name, table).decode()
        rows = file.split("\n")[3 if name == "qualtrics" else 0 :]
        assert re.findall(r"money|0\.25|\"noticed\"(?!:null)", "".join(rows)) == []
    Study.objects.update(status=Status.CLOSED)
    for table in NAMES[:-1]:
        assert "money" in written(study, name, table).decode()
