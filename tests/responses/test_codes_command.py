"""`manage.py check_codes`."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.responses.panels import as_csv, code_of, link, panel
from tests.responses.studies import launched, walked


def run(*arguments: object) -> str:
    err = StringIO()
    call_command("check_codes", *map(str, arguments), stderr=err)
    return err.getvalue()


@pytest.mark.django_db
def test_command_writes_the_list_and_says_what_it_read(tmp_path: Path) -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    source, output = tmp_path / "panel.csv", tmp_path / "checked.csv"
    source.write_bytes(as_csv(("s1", "pid1", "", code_of("pid1")), ("s2", "pid2", "", "X")))
    assert run("park", source, "--output", output) == (
        "Code: Completion code; id: Participant id.\nyes: 1, no: 1, look: 0\n"
    )
    rows = list(csv.DictReader(output.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["coprod_pay"] for row in rows] == ["yes", "no"]


@pytest.mark.django_db
def test_command_takes_names_of_columns_and_writes_to_standard_output(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    launched()
    source = tmp_path / "panel.csv"
    source.write_text("a,b\nX,p\n")
    told = run("park", source, "--code-column", "a", "--id-column", "b")
    assert told == "Code: a; id: b.\nyes: 0, no: 1, look: 0\n"
    out = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert out.splitlines()[0] == "a,b,coprod_pay,coprod_why,coprod_state"
    with pytest.raises(CommandError, match="There is no column c"):
        run("park", source, "--code-column", "c")
    with pytest.raises(CommandError, match="can't be read: No such file"):
        run("park", tmp_path / "nonesuch.csv")
