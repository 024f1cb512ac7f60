"""A ledger with rows: participants who are to be allocated, and the lists that they are put on."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from experiments.models import Study
from responses.allocation import Holder, ListName, allocate
from responses.models import Mode, Participant, State
from tests.responses.studies import launched


def people(study: Study, number: int) -> list[Participant]:
    """Participants who consented and were not allocated yet, in two strata."""
    return Participant.objects.bulk_create(
        Participant(
            study=study,
            version=study.live_version,
            mode=Mode.LIVE,
            token_hash=place.to_bytes(32, "big"),
            state=State.ANSWERING,
            page="about",
            language="en",
            consented_at="2026-11-23T00:00:00Z",
        )
        for place in range(number)
    )


def list_of(study: Study, stratum: str = "gender=woman", mode: str = Mode.LIVE) -> ListName:
    """The list of the study's only randomisation for a stratum and a mode."""
    version = study.live_version
    assert version
    return ListName(version, version.design.randomisations[0], mode, stratum)


def holder_of(person: Participant) -> Holder:
    """The participant as a holder of a row."""
    return Holder(person.pk, person.reference, person.revision)


def tampered(statement: str, parameters: Sequence[Any] | None = None) -> int:
    """Does what triggers refuse, as somebody who owns the database; returns the rows changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def allocated(number: int = 10) -> Study:
    """A launched study of which so many women are allocated."""
    study = launched()
    for person in people(study, number):
        allocate(holder=holder_of(person), name=list_of(study))
    return study
