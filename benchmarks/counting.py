"""What the databases hold after a run, to be held against what the respondents were told."""

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class Counted:
    """Participants who completed, submissions, and whether the allocation ledger holds.

    `ledger` is the verdict's line; the floor has no ledger, and says so.
    """

    completed: int
    submissions: int
    holds: bool
    ledger: str


def counted_in_product(slug: str) -> Counted:
    """Counts a study of the database that Django is set up for, and replays its ledger."""
    from experiments.models import Study  # noqa: PLC0415 # models need Django to be set up
    from experiments.seed import seed_of  # noqa: PLC0415
    from responses.models import Participant, State, Submission  # noqa: PLC0415
    from responses.verification import verify  # noqa: PLC0415

    study = Study.objects.get(slug=slug)
    verdict = verify(study, seed_of(study))
    return Counted(
        completed=Participant.objects.filter(study=study, state=State.COMPLETED).count(),
        submissions=Submission.objects.filter(participant__study=study).count(),
        holds=verdict.holds,
        ledger=verdict.line,
    )


def counted_in_floor(url: str) -> Counted:
    """Counts the tables of the floor."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE number = (SELECT max(number) FROM floor_page)),"
            " (SELECT count(*) FROM floor_submission) FROM floor_participant"
        ).fetchone()
    completed, submissions = row or (0, 0)
    return Counted(completed, submissions, True, "The floor has no ledger.")
