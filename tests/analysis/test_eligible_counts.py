"""Eligible completes as the tallies have them are those that counting everybody finds."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.eligible_counts import People, count_people, read_counts
from experiments.design import Exclusion
from experiments.launch import launch
from experiments.rowwriting import write_rows
from responses.models import Mode, Participant, State
from responses.tallies import fold_tallies, wrong_tallies
from responses.withdrawal import withdraw
from tests.analysis.studies import complete, launched
from tests.changed import changed
from tests.designs import plan, small

pytestmark = pytest.mark.django_db

EXPECTED = "pages[1].items[4].expected"
EXCLUDING = replace(small(), plan=replace(plan(), exclusions=(Exclusion.FAILED_ATTENTION,)))


def test_counts_are_read_from_tallies_as_if_everybody_were_counted() -> None:
    """Whatever becomes of a participant, folded or not, and no participant is read for it."""
    study = launched(EXCLUDING)
    people = People(study.pk, Mode.LIVE, EXCLUDING), People(study.pk, Mode.REHEARSAL, EXCLUDING)
    assert read_counts(people) == {each.key: (0, 0) for each in people}
    ids = [each.pk for each in complete(study, 9, failed=[1, 2, 3, 4])]
    complete(study, 3, mode=Mode.REHEARSAL, start=9, failed=[9])
    put = partial(Participant.objects.filter, pk__in=ids[:1])
    for change in (
        fold_tallies,
        # Not asked; asked and not to be shown in the end; left empty.
        lambda: Participant.objects.filter(pk=ids[1]).update(answers={}),
        lambda: Participant.objects.filter(pk=ids[2]).update(not_shown=["attention"]),
        lambda: put().update(answers={"attention": None}),
        lambda: put().update(state=State.ANSWERING, completed_at=None, ended_at=None),
        lambda: withdraw(participant_id=ids[3]),
        lambda: withdraw(participant_id=ids[8]),
        fold_tallies,
    ):
        change()
        assert read_counts(people) == count_people(people)
    assert count_people(people) == {people[0].key: (6, 5), people[1].key: (3, 2)}
    assert wrong_tallies(study) == ()
    with CaptureQueriesContext(connection) as asked:
        read_counts(people)
    assert len(asked) == 1
    assert "responses_participant" not in asked[0]["sql"]


def test_who_began_on_a_version_with_another_check_is_counted() -> None:
    """Version 1 governs: its answer to the check is expected of everybody."""
    study = launched(EXCLUDING)
    complete(study, 4, failed=[0])
    other = changed(EXCLUDING, {EXPECTED: "1"})
    complete(launch(study=write_rows(design=other), reason="A slip.").study, 3, start=4, failed=[5])
    people = (People(study.pk, Mode.LIVE, EXCLUDING),)
    with CaptureQueriesContext(connection) as asked:
        assert read_counts(people) == {people[0].key: (7, 5)}
    assert len(asked) == 2
    # A plan that excludes nobody asks for no check.
    everybody = replace(EXCLUDING, plan=replace(EXCLUDING.plan, exclusions=()))
    assert read_counts([replace(people[0], design=everybody)]) == {people[0].key: (7, 7)}
