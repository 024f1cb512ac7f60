"""Marks for exclusion and looks: nothing announced changes, and what they would change is told."""

from dataclasses import replace

import pytest
from django.test import Client

from analysis.results import from_builtins
from responses.models import Participant
from tests.analysis.hand_made import EXPECTED, hand_made, hand_made_design, rounded
from tests.analysis.looking import report_of, spent, text
from tests.analysis.studies import launched
from tests.responses.marking import marked

pytestmark = pytest.mark.django_db


def test_look_counts_who_is_marked_and_tells_the_contrasts_without_them(
    admin_client: Client,
) -> None:
    study = launched(hand_made_design())
    hand_made(study)
    richest = [
        person
        for person in Participant.objects.order_by("pk")
        if (person.assignments["main"]["arm"], person.answers["will1"]) == ("money.high", "7")
    ]
    marked(study, *richest)
    marked(study, richest[0], reason="")
    look = spent(study)
    found = from_builtins(look.results)
    assert found.unmarked is not None
    assert (found.unmarked.marked, found.unmarked.n) == (1, 15)
    money = found.unmarked.rows[0].unadjusted.value
    assert money is not None
    # Of 5, 5 and 7 the mean is 17/3: (3 + 17/3) / 2 − (3 + 4) / 2.
    assert money.n == 15
    # Tolerance: the order of sums.
    assert money.estimate == pytest.approx(5 / 6, rel=1e-12)
    assert found.flow
    without = replace(found, missing=None, consistency=(), robustness=None, moderation=())
    without = replace(without, flow=replace(found.flow, until=None))
    assert rounded(replace(without, unmarked=None)) == rounded(EXPECTED)
    shown = text(admin_client, report_of(look))
    assert "Of those analysed marked for exclusion by hand 1" in shown
    assert "Money Unadjusted 0.83" in shown
    assert "1 of those analysed was marked for exclusion by hand; the others are 15." in shown
