"""`manage.py export`: any format, whole or not at all, or to a pipe."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from experiments.models import Status, Study
from responses.models import ExportRecord, Mode
from tests.responses.export.reading import export
from tests.responses.export.rows import completed, enter, launched
from tests.responses.export.test_text_formats import written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study() -> Study:
    study = launched()
    completed(study, 1, "money.high", answers={"comment": "=1+1"})
    enter(study, 2, mode=Mode.PILOT)
    return study


def test_export_writes_csv_to_standard_output(
    study: Study, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    call_command("export", "park")
    assert capsysbinary.readouterr().out.decode() == export(study)


def test_export_makes_a_file_for_its_owner_alone(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "park.csv"
    file.write_text("an older one")
    call_command("export", "park", "--no-guard", "--bom", "--output", str(file))
    assert file.read_bytes() == written(study, "csv", guard=False, bom=True)
    assert (stat.S_IMODE(file.stat().st_mode), list(tmp_path.iterdir())) == (0o600, [file])
    assert ",=1+1," in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "name", "recorded"),
    [
        (["--format", "qualtrics", "--language", "ko"], "participants", "participants"),
        (["--format", "tsv", "--table", "answers"], "answers", "answers"),
        (["--format", "jsonl"], "participants", "participants submissions paradata"),
    ],
)
def test_export_writes_what_is_asked_for_and_records_it(
    study: Study, tmp_path: Path, arguments: list[str], name: str, recorded: str
) -> None:
    file = tmp_path / "park"
    call_command("export", "park", *arguments, "--output", str(file))
    assert file.read_bytes() == written(study, arguments[1], name, language="ko")
    assert list(ExportRecord.objects.values_list("format", "tables")) == [(arguments[1], recorded)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "There is no study 'nowhere'."),
        (["park", "--table", "answers", "--table", "paradata"], "A file of CSV holds one table"),
        (["park", "--format", "jsonl", "--table", "answers"], "JSON Lines always holds"),
        (["park", "--unblind"], "Unblinding needs a reason"),
        (["park", "--output", "/nowhere/park.csv"], "/nowhere/park.csv is in no folder"),
    ],
)
def test_export_refuses_in_one_line(study: Study, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("export", *arguments, stderr=StringIO())
    assert ExportRecord.objects.count() == 0


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_export_that_breaks_off_leaves_the_older_file(name: str, tmp_path: Path) -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1)
    enter(study, 2, assignments={"main": {"probability": "1/zero"}})
    file = tmp_path / "park"
    file.write_text("an older one")
    with pytest.raises(CommandError, match="The export broke off, the file is not whole"):
        call_command("export", "park", "--format", name, "--output", str(file))
    assert (file.read_text(), list(tmp_path.iterdir())) == ("an older one", [file])
