"""`manage.py export_csv`, called and as a process of its own."""

import os
import subprocess
import sys
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from coprod_site.embedded import ROOT
from experiments.models import Status, Study
from responses.models import ExportRecord, Mode
from tests.responses.export.reading import HEADER, export
from tests.responses.export.rows import completed, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> "subprocess.Popen[bytes]":
    """The command as a process on the test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    address = address._replace(path=f"/{connection.settings_dict['NAME']}")
    return subprocess.Popen(
        [sys.executable, "manage.py", "export_csv", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address.geturl()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_command_writes_the_live_data(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    study = launched()
    completed(study, 1, "money.high")
    enter(study, 2, mode=Mode.PILOT)
    call_command("export_csv", "park")
    assert capsysbinary.readouterr().out.decode() == export(study)


def test_command_writes_the_mode_asked_for(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    study = launched()
    enter(study, 1)
    enter(study, 2, mode=Mode.PILOT)
    call_command("export_csv", "park", "--mode", "pilot")
    assert capsysbinary.readouterr().out.decode() == export(study, Mode.PILOT)


def test_command_unblinds_with_a_reason_and_says_who(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "hana")
    study = launched()
    completed(study, 1, "money.high")
    call_command("export_csv", "park", "--unblind", "--reason", "The board asked.")
    assert b",money.high," in capsysbinary.readouterr().out
    assert list(
        ExportRecord.objects.values_list("study", "mode", "unblinded", "reason", "actor")
    ) == [(study.pk, "live", True, "The board asked.", "hana (shell)")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "There is no study 'nowhere'."),
        (["draft"], "The study draft was never launched: it has no data."),
        (
            ["park", "--unblind"],
            "Unblinding needs a reason: say why the arms must be seen now.",
        ),
        (
            ["park", "--reason", "Curious."],
            "A reason is given, but nothing is to be unblinded.",
        ),
    ],
)
def test_command_refuses_in_one_line(arguments: list[str], message: str) -> None:
    launched()
    Study.objects.create(slug="draft", languages=["en"])
    with pytest.raises(CommandError) as refused:
        call_command("export_csv", *arguments, stderr=StringIO())
    assert (str(refused.value), ExportRecord.objects.count()) == (message, 0)


@pytest.mark.slow
def test_command_ends_with_1_and_one_line_when_the_export_breaks_off() -> None:
    study = launched(status=Status.CLOSED)
    enter(study, 1, assignments={"main": {"probability": "1/zero"}})
    process = run("park")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output.decode(), errors.decode()) == (
        1,
        "",
        "CommandError: The export broke off, the file is not whole: "
        'invalid input syntax for type numeric: "zero"\n',
    )


@pytest.mark.slow
def test_command_ends_quietly_when_its_reader_leaves() -> None:
    study = launched(status=Status.CLOSED)
    for number in range(100):
        enter(study, number, answers={"comment": "x" * 2000})
    process = run("park")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().decode() == HEADER
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (141, b"")
