"""Looks, and the locks of what takes long, through PgBouncer in transaction mode."""

from analysis.locks import bundle_lock, rehearsal_lock
from analysis.look_log import verify
from responses.models import Participant
from tests.analysis.studies import complete, launched, spend


def test_looks_through_a_pooler_are_spent_once_each(pooled: str) -> None:
    study = launched()
    complete(study, 21)
    first = spend(study, 1)
    complete(study, 20, start=21)
    second = spend(study, 2)
    assert (first.n, second.n) == (20, 40)
    assert Participant.objects.filter(first_look=1).count() == 20
    assert verify(study.pk, "live").holds


def test_locks_of_what_takes_long_are_those_of_a_transaction(pooled: str) -> None:
    with bundle_lock(1) as mine, bundle_lock(1) as theirs, rehearsal_lock(1) as other:
        assert [held is None for held in (mine, theirs, other)] == [False, True, False]
        assert other
        other.tell("coprod rehearsal 1 2 6 1")
    with bundle_lock(1) as again:
        assert again
