"""What Excel, Stata and SPSS can't hold as it is, and what becomes of it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest
from psycopg.sql import SQL, Composed

from experiments.design import Missing, Option
from experiments.models import Status
from experiments.variables import Role, Type, Variable
from responses.export.csv import snapshot
from responses.export.excel import write_excel
from responses.export.labelled import write_spss, write_stata
from responses.export.options import Options
from responses.export.table import Table
from tests.changed import add, changed
from tests.designs import both, small
from tests.responses.export.rows import launched
from tests.responses.export.test_binary_formats import file_of

pytestmark = pytest.mark.django_db(transaction=True)


def variable(name: str, type_: Type, *codes: str) -> Variable:
    values = tuple(Option(code, {"en": code.title()}) for code in codes)
    return Variable(name, {"en": name.title()}, type_, Role.DESIGN, (name,), values)


def test_days_and_numbers_that_excel_would_change_are_texts() -> None:
    query = "SELECT '1890-05-01'::date AS day, 9007199254740993::bigint AS large, 5 AS small"
    types = {"day": Type.DATE, "large": Type.INTEGER, "small": Type.INTEGER}
    columns = tuple(variable(name, type_) for name, type_ in types.items())
    file = io.BytesIO()
    with snapshot() as connection:
        made = Table("made", columns, Composed([SQL(query)]))
        assert write_excel(connection, {"made": made}, file, Options()) == {"made": 1}
    row = next(openpyxl.load_workbook(file)["made"].iter_rows(min_row=2))
    assert [cell.value for cell in row] == ["1890-05-01", "9007199254740993", 5]


@pytest.mark.parametrize(
    ("write", "read"),
    [(write_stata, pyreadstat.read_dta), (write_spss, pyreadstat.read_sav)],
    ids=["dta", "sav"],
)
def test_code_that_only_an_older_version_had_keeps_its_name(
    write: Callable[..., Any], read: Callable[..., Any], tmp_path: Path
) -> None:
    columns = (variable("arm", Type.CODE, "low", "high"),)
    made = Table("made", columns, Composed([SQL("SELECT 'gone'::text AS arm")]))
    path = tmp_path / "made"
    with path.open("wb") as file, snapshot() as connection:
        write(connection, {"made": made}, file, Options())
    frame, about = read(str(path))
    assert about.variable_value_labels["arm"] == {1: "Low", 2: "High", 3: "gone"}
    assert frame["arm"].tolist() == [3]


def test_spss_keeps_both_of_the_studys_own_codes_apart_from_answers(tmp_path: Path) -> None:
    refused = Option("-8", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY)
    design = changed(small(), {"pages[1].items[1].options": add(refused)})
    path = file_of(launched(design, Status.CLOSED), "sav", tmp_path)
    about = pyreadstat.read_sav(str(path), user_missing=True)[1]
    assert about.missing_ranges["education"] == [{"lo": -9907, "hi": -9}, {"lo": -8, "hi": -8}]


def test_labels_are_cut_by_what_the_format_counts(tmp_path: Path) -> None:
    design = changed(small(), {"pages[1].items[0].text": lambda text: {**text, "ko": "가" * 200}})
    study = launched(design, Status.CLOSED)
    told = {}
    for name, reader in (("dta", pyreadstat.read_dta), ("sav", pyreadstat.read_sav)):
        about = reader(str(file_of(study, name, tmp_path, language="ko")))[1]
        told[name] = about.column_names_to_labels["gender"]
    # 80 characters, and 255 bytes of which a syllable takes three and the ellipsis too.
    assert told == {"dta": "가" * 79 + "…", "sav": "가" * 84 + "…"}
