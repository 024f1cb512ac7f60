"""The commands about truth files, as a shell sees them."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from experiments.compiler import read_rows
from rehearsal.default_truth import default_truth
from rehearsal.truth_file import dump_truth
from tests.factories import EmptyStudyFactory, StudyFactory


def _run(name: str, *arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_a_truth_is_dumped_changed_and_validated(tmp_path: Path) -> None:
    text = dump_truth(default_truth(read_rows(StudyFactory(slug="park"))))
    path = tmp_path / "park.truth.yaml"
    assert _run("dump_truth", "park") == text
    assert _run("dump_truth", "park", output=path) == ""
    assert path.read_text() == text
    assert _run("validate_truth", "park", path) == f"{path}: OK for park\n"

    path.write_text("traits:\n  will: {mean: 4, sd: 1}\neffects:\n  wil: {reward.money: 1}\n")
    out = StringIO()
    with pytest.raises(CommandError, match=re.escape(f"{path}: 1 to mend.")):
        call_command("validate_truth", "park", str(path), stdout=out)
    assert out.getvalue() == (
        f"{path}:4: Nothing can move wil: it has no trait, nor just two options. — "
        "Did you mean will?\n"
    )
    with pytest.raises(CommandError, match=r"gone can't be read: No such file"):
        _run("validate_truth", "park", tmp_path / "gone")
    with pytest.raises(CommandError, match=r"truth can't be written: No such file"):
        _run("dump_truth", "park", output=tmp_path / "gone" / "truth")


@pytest.mark.django_db
def test_an_empty_draft_has_a_truth_too() -> None:
    EmptyStudyFactory(slug="nothing")
    assert _run("dump_truth", "nothing").startswith("styles: {reader: 0.03,")
