"""What the databases hold after a run, to be held against what the respondents were told."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

# By participant, how many submissions there are: how many participants have so many.
FLOOR_SUBMITTED = """
SELECT n, count(*) FROM (
    SELECT count(*) AS n FROM floor_submission GROUP BY participant_id
) each GROUP BY n
"""
SUBMITTED = """
SELECT n, count(*) FROM (
    SELECT count(*) AS n FROM responses_submission s JOIN responses_participant p
    ON p.id = s.participant_id WHERE p.study_id = %s AND p.id > %s GROUP BY p.id
) each GROUP BY n
"""
TWICE = """
SELECT count(*) FROM (
    SELECT 1 FROM responses_submission s JOIN responses_participant p ON p.id = s.participant_id
    WHERE p.study_id = %s AND p.id > %s GROUP BY p.id, s.page HAVING count(*) > 1
) each
"""


@dataclass(frozen=True)
class Counted:
    """Participants who completed, submissions, and whether the allocation ledger holds.

    `submitted` says how many participants have so many submissions: two that were lost and doubled
    do not make up for each other there. `twice` is how many pages somebody has stored more than
    once, where a page is asked once. `ledger` is the verdict's line; the floor has no ledger.
    """

    completed: int
    submissions: int
    submitted: dict[int, int]
    twice: int
    holds: bool
    ledger: str


def counted_in_product(slug: str, after: int = 0) -> Counted:
    """Counts a study of the database that Django is set up for, and replays its ledger.

    Of participants with a number above `after`, where others were there before; their rows of the
    ledger come from no list then, and it is not replayed.
    """
    from django.db import connection  # noqa: PLC0415 # Django has to be set up

    from experiments.models import Study  # noqa: PLC0415
    from experiments.seed import seed_of  # noqa: PLC0415
    from responses.models import Participant, State  # noqa: PLC0415
    from responses.verification import verify  # noqa: PLC0415

    study = Study.objects.get(slug=slug)
    people = Participant.objects.filter(study=study, pk__gt=after)
    with connection.cursor() as cursor:
        cursor.execute(SUBMITTED, [study.pk, after])
        submitted: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(TWICE, [study.pk, after])
        twice = cursor.fetchone()[0]
    verdict = None if after else verify(study, seed_of(study))
    return Counted(
        completed=people.filter(state=State.COMPLETED).count(),
        submissions=_sum(submitted.items()),
        submitted=submitted,
        twice=twice,
        holds=verdict is None or verdict.holds,
        ledger=verdict.line if verdict else "",
    )


def counted_in_floor(url: str) -> Counted:
    """Counts the tables of the floor."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM floor_participant"
            " WHERE number = (SELECT max(number) FROM floor_page)"
        ).fetchone()
        submitted: dict[int, int] = dict(connection.execute(FLOOR_SUBMITTED).fetchall())
    completed = row[0] if row else 0
    submissions = _sum(submitted.items())
    return Counted(completed, submissions, submitted, 0, True, "The floor has no ledger.")


def _sum(submitted: Iterable[tuple[int, int]]) -> int:
    return sum(each * people for each, people in submitted)
