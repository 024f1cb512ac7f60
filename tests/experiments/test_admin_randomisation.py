"""The form of a randomisation: what it makes of arms that are left out, and what it refuses."""

import pytest

from experiments.compiler import write_rows
from experiments.models import Arm, Randomisation
from experiments.studyrows import read_rows
from tests.decks import deck_design
from tests.designs import small
from tests.desk import desk, form_of, text_of

pytestmark = pytest.mark.django_db


def saved(row: Randomisation, **values: str) -> str:
    """Saves the form with these values and no arms: what the page says, empty if it is kept."""
    client, address = desk(), f"/admin/experiments/randomisation/{row.pk}/change/"
    fields = form_of(client.get(address), "randomisation_form") | values
    fields |= {"arms-TOTAL_FORMS": "0", "arms-INITIAL_FORMS": "0"}
    response = client.post(address, fields)
    return "" if response.status_code == 302 else text_of(response)


def arms(row: Randomisation) -> list[str]:
    return [str(arm) for arm in Arm.objects.filter(randomisation=row)]


def test_arms_that_are_left_out_are_made_without_the_impossible_ones() -> None:
    row = write_rows(design=small()).randomisations.get()
    row.arms.all().delete()
    assert saved(row, impossible='reward == "none" and voice == "high"\r\n\r\n') == ""
    row.refresh_from_db()
    assert row.impossible == ['reward == "none" and voice == "high"']
    assert arms(row) == ["none.low", "money.low", "money.high"]


def test_deck_of_a_size_is_searched_for() -> None:
    row = write_rows(design=deck_design()).randomisations.get()
    row.arms.all().delete()
    assert saved(row, deck_size="3") == ""
    assert len(arms(row)) == 3


def test_condition_that_can_not_be_read_is_said() -> None:
    row = write_rows(design=small()).randomisations.get()
    row.arms.all().delete()
    assert "After “==” comes nothing." in saved(row, impossible="reward ==")


def test_numbers_that_are_left_empty_are_as_if_nobody_had_touched_them() -> None:
    study = write_rows(design=small())
    row = study.randomisations.get()
    row.arms.all().delete()
    assert saved(row, coin="", draws="", deck_size="", reuse_after_minutes="") == ""
    assert read_rows(study).randomisations == small().randomisations
