"""Flags tell no arm: what only some arms were shown counts in no rule, ever."""

import pytest

from experiments.flags import RULES
from experiments.models import Status, Study
from responses.models import Paradata, Participant
from responses.quality import Record, Sent, flags_of, judged, refresh_flags
from tests.changed import changed
from tests.designs import both, small
from tests.responses.arms import PAID, by_arm, one_of_each
from tests.responses.studies import ABOUT, OPINION, launched

BOTH = {**ABOUT, **OPINION}
PASTED = {"note": {"changes": 1, "pastes": 1, "last": 99_000}}


def told(page: str, seconds: float, **facts: object) -> Sent:
    return Sent(page, seconds, {"w": 360, **facts})


ALIKE = (told("about", 60), told("story", 30), told("opinion", 20))
HASTY = told("paid", 0.1, hidden_ms=90_000, honeypot=True, items=PASTED)


def test_page_and_item_of_one_arm_count_in_no_rule() -> None:
    design, medians = judged(by_arm()), {"about": 60.0, "paid": 60.0, "opinion": 20.0}
    unpaid = Record(design, "en", BOTH, ALIKE, medians, 0)
    paid = Record(design, "en", {**BOTH, **PAID, "sign": "yes"}, (*ALIKE, HASTY), medians, 0)
    assert flags_of(unpaid) == flags_of(paid)
    assert flags_of(paid)["failed_comprehension"] is None
    assert flags_of(paid)["long_string"] is None


def test_page_that_asks_one_arm_more_has_no_time() -> None:
    design = judged(by_arm())
    assert design.timed == {"about", "story"}
    answers = {"will1": "6", "will2": "5"}
    record = Record(design, "en", answers, (told("opinion", 0.1),), {"opinion": 20.0})
    assert flags_of(record)["impossible_time"] is None


def test_page_that_reads_otherwise_in_another_arm_is_held_against_no_median() -> None:
    long = changed(small(), {"pages[2].body": both("word " * 119 + "{reward}", "낱말 {reward}")})
    record = Record(judged(long), "en", {}, (told("story", 1),), {"story": 30.0})
    found = flags_of(record)
    assert (found["fast_pages"], found["fast_reading"]) == (None, 1)


@pytest.mark.django_db
def test_flags_of_different_arms_are_the_same_before_and_after_the_study_closes() -> None:
    study = launched(by_arm())
    people = one_of_each()
    assert Paradata.objects.filter(page="paid").count() >= 1
    ids = [person.pk for person in people]
    for status in (Status.LIVE, Status.CLOSED):
        Study.objects.filter(pk=study.pk).update(status=status)
        refresh_flags(study_id=study.pk, mode="live")
        unpaid, paid = (Participant.objects.get(pk=pk).flags or {} for pk in ids)
        assert len(paid) == len(RULES)
        assert {**unpaid, "duplicate": 0} == {**paid, "duplicate": 0}
