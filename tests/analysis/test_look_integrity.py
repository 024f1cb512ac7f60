"""The integrity that a look stores: what held when it ran, and what its report tells of it."""

import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from analysis.integrity_results import Among
from analysis.ledger_rows import minimised_profiles
from analysis.models import Look
from analysis.report import report
from analysis.results import from_builtins
from analysis.robustness_results import Redrawn
from experiments.launch import close
from experiments.models import Study
from responses.allocation import Basis, allocate
from responses.models import State
from tests.analysis.audited import EXPECTED, audited_design, compared, leaky
from tests.analysis.hand_made import rounded
from tests.analysis.looking import figure_of, report_of, text
from tests.analysis.studies import START, answers, launched, spend
from tests.analysis.test_robustness import minimising
from tests.responses.ledger import holder_of, list_of, people

pytestmark = pytest.mark.django_db

# The cut is the first five rounds of completes: of each arm two have more schooling, three of the
# last.
STEP = replace(EXPECTED.steps[0], balances=(compared(Among.CUT, [5] * 4, [2, 2, 2, 3]),))


def look_of_the_eighty() -> Look:
    """Look 1 of the eighty: twenty of the fifty who completed."""
    study = launched(audited_design())
    leaky(study)
    return spend(study, 1)


def test_look_stores_attrition_and_ratios_of_all_and_the_balance_of_its_cut() -> None:
    look = look_of_the_eighty()
    look.refresh_from_db()
    assert rounded(look.results["integrity"]) == rounded(msgspec.to_builtins((STEP,)))
    assert from_builtins(look.results).integrity is not None


def test_report_tells_no_arm_beyond_the_cut_until_the_study_is_closed(admin_client: Client) -> None:
    look = look_of_the_eighty()
    address = reverse("admin:analysis_look_change", args=[look.pk])
    collecting = text(admin_client, address)
    close(study=look.study)
    closed = text(admin_client, address)
    always = (
        "Integrity of the randomisation, as it was when this look ran",
        "Covariates by arm: analysed by this look",
        "Analysed by this look 0.5",
    )
    whole = (
        "Money · High 20 20 5 0",
        "Lost after exposure 16.00 3 .001 80 chi-square",
        "Completed 6.00 3 .112 50 chi-square .636",
    )
    sums = ("Assigned 80 –", "Exposed 80 none", "Completed 50 none")
    assert [part for part in (*always, *sums) if part not in collecting] == []
    assert [part for part in whole if part in collecting] == []
    assert [part for part in (*always, *whole) if part not in closed] == []


def test_way_of_each_arm_is_drawn_once_the_study_is_closed(admin_client: Client) -> None:
    look = look_of_the_eighty()
    picture, page = figure_of(look, "arms"), report_of(look)
    assert admin_client.get(picture).status_code == 404
    assert picture not in admin_client.get(page).content.decode()
    close(study=look.study)
    svg = admin_client.get(picture).content.decode()
    for arm, completed in (("None · Low", 15), ("Money · High", 5)):
        way = f"{arm}: Allocated 20, Saw the vignette 20, Completed {completed}, "
        assert f"{way}Excluded by the plan 0, Analysed 5" in svg
    shown = text(admin_client, page)
    headers = "Arm Allocated Saw the vignette Completed Excluded by the plan Analysed"
    assert f"{headers} None · Low 20 20 15 0 5" in shown


def test_look_of_before_integrity_was_stored_is_read_and_shown() -> None:
    look = look_of_the_eighty()
    plain = {name: value for name, value in look.results.items() if name != "integrity"}
    assert from_builtins(plain) == replace(from_builtins(look.results), integrity=None)
    look.results = plain
    assert report(look, "en").integrity == ()


def test_captions_of_a_report_are_each_their_own() -> None:
    look = look_of_the_eighty()
    close(study=look.study)
    look.study = Study.objects.get(pk=look.study.pk)
    shown = report(look, "en")
    codes = [table.code for section in shown.integrity for table in section.tables]
    codes += [table.code for table in (shown.estimates, *shown.tables)]
    assert len(codes) == len(set(codes)) > 6
    assert [code for code in codes if re.search(r"[^\w-]", code)] == []


def test_look_of_minimised_arms_minimises_everybody_of_the_ledger_again() -> None:
    study = launched(minimising())
    for place, person in enumerate(people(study, 24)):
        code = ("woman", "man")[place % 2]
        given = allocate(
            holder=holder_of(person), name=list_of(study, ""), basis=Basis(f"gender={code}")
        )
        assert given is not None
        # The last four were given an arm and went away.
        if place < 20:
            person.answers = answers(place) | {"gender": code}
            person.page, person.state, person.assignments = "thanks", State.COMPLETED, given
            person.completed_at = person.ended_at = START + timedelta(minutes=place)
            person.save()
    rows = minimised_profiles(study, "live")
    assert list(rows.values()) == [[{"gender": "woman"}, {"gender": "man"}] * 12]
    found = from_builtins(spend(study, 1).results).robustness
    assert found
    test = found.rows[0].randomisation.value
    assert test
    assert (test.how, test.test.assignments, test.test.n) == (Redrawn.MINIMISED, 399, 20)
