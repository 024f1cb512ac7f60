"""The list of docs/operations.md for when something is wrong: its commands, run as they stand."""

import io
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from analysis.models import ApiToken
from coprod_site.embedded import ROOT
from experiments.models import Status, Study
from tests.chaos.faults import FAULTS
from tests.responses.studies import launched, walked

TEXT = (ROOT / "docs" / "operations.md").read_text()


def section() -> str:
    """What stands under the list's heading."""
    return TEXT.partition("## When something is wrong\n")[2].partition("\n## ")[0]


@pytest.mark.django_db(transaction=True)
def test_commands_of_the_list_do_what_they_say(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    study = launched()
    walked(client)
    User.objects.create_superuser("ada")
    told = io.StringIO()
    owner = ["ada", "a test", "--study", study.slug, "--scope", ApiToken.Scope.values[0]]
    call_command("api_token", "make", *owner, stdout=told)
    names = {"STUDY": study.slug, "NAME": "ada", "ID": ApiToken.objects.get().public_id}
    commands = re.findall(r"(?:^ *|`)python manage\.py ([^`\n]+)", section(), re.M)
    run = []
    for line in commands:
        name, *words = [names.get(word, word) for word in line.split()]
        call_command(name, *words, stdout=told)
        run.append(name)
    assert run == [
        *("pause_study", "backup", "verify_site", "verify_allocation", "looks", "check_tallies"),
        *("update_site", "check_tallies", "axes_list_attempts", "axes_reset_username"),
        *("forget_second_factor", "api_token", "api_token", "verify_site", "resume_study"),
    ]
    assert Study.objects.get().status == Status.LIVE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before.dump", "before.dump.json"]


def test_operations_name_tests_that_exist() -> None:
    tests = set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT))
    assert [name for name in sorted(tests) if not (ROOT / name).exists()] == []


def test_list_names_who_tried_each_step() -> None:
    rows = re.findall(r"^ *\|[^|]*\|[^|]*\|([^|]*)\|$", section(), re.M)[2:]
    faults = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert faults == set(FAULTS) - {"web", "export", "lines"}
    assert all("`" in row for row in rows)
