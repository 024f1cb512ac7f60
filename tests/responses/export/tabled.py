"""Tables of an export, read by their queries, and the rows of pages that they are tried on."""

from datetime import datetime, timedelta
from typing import Any

from experiments.models import Study
from responses.export.csv import snapshot
from responses.export.tables import tables
from responses.models import Mode, Paradata, Participant, Submission
from tests.responses.export.rows import START

Rows = list[dict[str, Any]]


def read(study: Study, name: str, **asked: Any) -> Rows:
    """The rows of a table of the live mode, as dicts."""
    with snapshot() as connection:
        table = tables(connection, study_id=study.pk, mode=Mode.LIVE, **asked)[name]
        cursor = connection.execute(table.query)
        names = [column.name for column in table.columns]
        assert [each.name for each in cursor.description or ()] == names
        return [dict(zip(names, row, strict=True)) for row in cursor]


def minute(number: int) -> datetime:
    """So many minutes after the study began."""
    return START + timedelta(minutes=number)


def send(
    participant: Participant, revision: int, page: str, answers: dict[str, Any], **facts: Any
) -> None:
    """A page as it was sent at the minute of its revision, with what the browser told."""
    participant.answers |= answers
    participant.save()
    of_both = {"participant": participant, "revision": revision, "page": page}
    Submission.objects.create(
        **of_both, language="en", answers=answers, received_at=minute(revision)
    )
    Paradata.objects.create(**of_both, seconds="12.345", facts=facts, received_at=minute(revision))
