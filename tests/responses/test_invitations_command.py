"""`manage.py invite`."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from responses.models import Invitation
from tests.responses.studies import launched
from tests.responses.ways import by_invitation

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, str]:
    err = StringIO()
    call_command("invite", *map(str, arguments), stderr=err)
    return "", err.getvalue()


def test_command_writes_the_links(tmp_path: Path) -> None:
    launched(by_invitation())
    labels, output = tmp_path / "labels.csv", tmp_path / "links.csv"
    labels.write_text("label\nAnn\nBob\n")
    _, err = run("park", labels, "--output", output, "--site", "https://s.example")
    assert err == "2 invited to park.\n"
    ann, bob = list(csv.DictReader(output.read_text(encoding="utf-8-sig").splitlines()))
    assert (ann["label"], bob["label"]) == ("Ann", "Bob")
    assert ann["link"] == f"https://s.example/s/park/?i={ann['token']}"


def test_command_writes_to_standard_output(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    launched()
    labels = tmp_path / "labels.csv"
    labels.write_text("Ann\n")
    run("park", labels)
    out = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert out.startswith("label,token,link\r\nAnn,")
    assert out.endswith("\r\n")


def test_command_that_cannot_write_the_links_makes_none(tmp_path: Path) -> None:
    launched()
    labels, output = tmp_path / "labels.csv", tmp_path / "links.csv"
    labels.write_text("Ann\n")
    output.write_text("older links")
    with pytest.raises(CommandError, match="can't be written: File exists"):
        run("park", labels, "--output", output)
    with pytest.raises(CommandError, match="can't be written: No such file"):
        run("park", labels, "--output", tmp_path / "none" / "links.csv")
    assert Invitation.objects.count() == 0
    assert output.read_text() == "older links"


def test_command_says_what_is_wrong(tmp_path: Path) -> None:
    launched()
    labels = tmp_path / "labels.csv"
    labels.write_text("label\nAnn\nAnn\n")
    with pytest.raises(CommandError, match="Line 3: the label Ann stands on line 2 already"):
        run("park", labels)
    with pytest.raises(CommandError, match=r"nonesuch.csv can't be read: No such file"):
        run("park", tmp_path / "nonesuch.csv")
    with pytest.raises(CommandError, match="There is no study nonesuch"):
        run("nonesuch", labels)
    with pytest.raises(CommandError, match="--site must be an address"):
        run("park", labels, "--site", "s.example")
    assert Invitation.objects.count() == 0
