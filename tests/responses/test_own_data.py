"""What is kept of somebody is handed to them whole, but for what is still secret."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from experiments.launch import close
from responses.models import IdentityReading, Participant
from responses.own_data import KEPT_BACK
from tests.responses.arriving import FROM_PANEL
from tests.responses.studies import ABOUT, OPINION, launched, walked
from tests.responses.ways import of_a_panel

pytestmark = pytest.mark.django_db


def told(token: str, folder: Path) -> dict[str, Any]:
    file = folder / "own.json"
    file.unlink(missing_ok=True)
    call_command("own_data", "park", token, output=file)
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_everything_of_a_participant_is_handed_to_them_once_nothing_is_secret(
    tmp_path: Path,
) -> None:
    study = launched(replace(of_a_panel(), title={"en": "Park", "ko": "공원"}))
    token = walked(Client(), link=FROM_PANEL)
    person = Participant.objects.get()
    close(study=study)
    found = told(token, tmp_path)
    assert (found["panel_id"], found["state"]) == ("pid1", "completed")
    assert found["answers"] == person.answers
    assert found["assignments"] == person.assignments
    assert found["completion_code"] == person.completion_code
    assert found["parameters"] == {"prolific_study": "st1", "prolific_session": "se1"}
    pages = [each["page"] for each in found["submissions"]]
    assert pages == ["welcome", "about", "story", "opinion"]
    assert [each["page"] for each in found["paradata"]] == pages
    assert "kept_back" not in found
    assert found == told(str(person.reference), tmp_path)
    readings = IdentityReading.objects.values_list("way", "people")
    assert list(readings) == [("participant", 1), ("participant", 1)]


def test_what_tells_the_arm_is_kept_back_while_it_is_secret(tmp_path: Path) -> None:
    launched()
    found = told(walked(Client()), tmp_path)
    assert found["kept_back"] == KEPT_BACK
    assert not {"assignments", "orders", "exposed_at"} & set(found)
    # A manipulation check nearly gives the arm away.
    assert "noticed" in OPINION
    assert "noticed" not in json.dumps(found)
    assert found["answers"]["gender"] == ABOUT["gender"]
    times = {each["page"]: each["received_at"] for each in found["submissions"]}
    assert times["about"] is not None
    assert times["opinion"] is None


def test_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    launched()
    token = walked(Client())
    (tmp_path / "own.json").write_text("mine")
    with pytest.raises(CommandError, match="can't be written"):
        call_command("own_data", "park", token, output=tmp_path / "own.json")


def test_nobody_of_that_code_is_nobody(tmp_path: Path) -> None:
    launched()
    with pytest.raises(CommandError, match="no participant of that resume code or reference"):
        call_command("own_data", "park", "ABCD-EFGH-JKMN", output=tmp_path / "own.json")
