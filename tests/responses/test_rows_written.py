"""What is written of participants: which indexes know of it, and what no row may say."""

import re
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from responses import person, storing
from responses.models import Participant, State
from tests.responses.studies import entered, launched

# By Postgres' own account, those that an index orders by and those that it chooses rows by.
INDEXED = """
SELECT DISTINCT a.attname FROM pg_index i
JOIN pg_depend d ON d.objid = i.indexrelid AND d.refobjid = i.indrelid
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
WHERE i.indrelid = 'responses_participant'::regclass
UNION
SELECT a.attname FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = 'responses_participant'::regclass
"""
WRITTEN = re.compile(
    r"UPDATE responses_participant(?: p)? SET(.*?)(?:WHERE|FROM ledger)", re.DOTALL
)
# Of those who go on: an end is written to the indexes that know of ends.
OF_WHO_GOES_ON = {
    "a page stored": storing.STORE_ON_AS_SHOWN,
    "a page stored with a position": storing.ALLOCATE,
    "the vignette served": person.SERVE,
}
# Written there as it was, unless the study gives positions again.
KEPT = {"may_be_released"}


def indexed() -> set[str]:
    """The columns of participants that any index knows."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXED)
        return {name for (name,) in cursor.fetchall()}


def written(statement: str) -> set[str]:
    """The columns of participants that a statement writes."""
    (found,) = WRITTEN.findall(statement)
    return {name for name in re.findall(r"\b(\w+) =(?!=)", found) if name in columns()}


def columns() -> set[str]:
    """All columns of participants."""
    return {str(field.column) for field in Participant._meta.fields}


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_WHO_GOES_ON)
def test_no_index_is_written_to_as_somebody_goes_on(name: str) -> None:
    changes = written(OF_WHO_GOES_ON[name])
    assert len(changes) > 2
    assert changes & indexed() <= KEPT


@pytest.mark.django_db
def test_indexes_know_what_they_are_asked_for() -> None:
    assert indexed() >= {"id", "token_hash", "study_id", "state", "fingerprint", "may_be_released"}


def may_be(state: State, *, consented: bool, completed: bool, ended: bool) -> bool:
    """Whether somebody can be in that state with those times."""
    if state == State.REFUSED and consented:
        return False
    if state == State.COMPLETED and not consented:
        return False
    return completed == (state == State.COMPLETED) and ended == (state != State.ANSWERING)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "consented", "completed", "ended"), list(product(State, *[(True, False)] * 3))
)
def test_row_has_the_times_of_its_state_and_no_other(
    state: State, consented: bool, completed: bool, ended: bool
) -> None:
    launched()
    entered(Client())
    stamped = dict.fromkeys(("consented_at", "completed_at", "ended_at"), timezone.now())
    given = dict(zip(stamped, (consented, completed, ended), strict=True))
    row = {name: at if given[name] else None for name, at in stamped.items()}
    with transaction.atomic():
        if may_be(state, consented=consented, completed=completed, ended=ended):
            Participant.objects.update(state=state, **row)
            return
        with pytest.raises(IntegrityError, match="check constraint"):
            Participant.objects.update(state=state, **row)
        transaction.set_rollback(True)
