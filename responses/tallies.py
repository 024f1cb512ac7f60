"""Counts of participants that are kept as they go, so that no page of the desk counts them all.

What is counted the functions of the database say (`responses/migrations/`, `coprod_place` and
`coprod_facts`): a trigger notes what a statement changes in it, here the notes are folded into the
tallies. Tallies and notes together are exact at any time; the fold only keeps the notes few.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from experiments.models import Study

# Nobody else writes tallies, so that folds and mends don't wait for each other's rows.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('responses_tally'))"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('responses_tally'))"

# Many notes say the same, so they are summed before they are taken apart. Keys are compared byte by
# byte, which costs a fraction of what the words of a language do.
NOTED = """
SELECT study_id, mode, split_part(key, ':', 1) AS kind, substr(key, strpos(key, ':') + 1) AS key, n
FROM (
    SELECT study_id, mode, key, sum(n) AS n FROM (
        SELECT study_id, mode, unnest(lost) COLLATE "C" AS key, -1 AS n FROM {notes}
        UNION ALL SELECT study_id, mode, unnest(gained) COLLATE "C", 1 FROM {notes}
    ) AS noted GROUP BY study_id, mode, key
) AS summed
"""

FOLD = f"""
WITH notes AS (
    DELETE FROM responses_tallychange RETURNING study_id, mode, lost, gained
), folded AS (
    INSERT INTO responses_tally (study_id, mode, kind, key, people)
    SELECT study_id, mode, kind, key, sum(n) FROM ({NOTED.format(notes="notes")}) AS each
    -- A study that is gone has no participants left to be counted.
    WHERE EXISTS (SELECT FROM experiments_study s WHERE s.id = study_id)
    GROUP BY study_id, mode, kind, key HAVING sum(n) <> 0
    ON CONFLICT ON CONSTRAINT one_tally
    DO UPDATE SET people = responses_tally.people + excluded.people
    RETURNING id, people
)
SELECT (SELECT count(*) FROM notes), coalesce(array_agg(id) FILTER (WHERE people = 0), '{{}}')
FROM folded
"""  # noqa: S608 # all parts are constants
EMPTY = "DELETE FROM responses_tally WHERE id = ANY(%s) AND people = 0"
BEAT = """
INSERT INTO responses_heartbeat (name) VALUES (%s)
ON CONFLICT (name) DO UPDATE SET beaten_at = statement_timestamp()
"""
HEARTBEAT = "fold"

# One statement sees participants, tallies and notes as they were at one moment.
COMPARE = f"""
SELECT study_id, mode, kind, key, coalesce(told.people, 0)::bigint AS told,
    coalesce(counted.people, 0) AS counted
FROM (
    SELECT study_id, mode, kind, key, sum(n) AS people FROM (
        SELECT study_id, mode, kind, key COLLATE "C" AS key, people AS n FROM responses_tally
        UNION ALL {NOTED.format(notes="responses_tallychange")}
    ) AS each WHERE study_id = %(study)s GROUP BY study_id, mode, kind, key
) AS told FULL JOIN (
    SELECT study_id, mode, split_part(key, ':', 1) AS kind,
        substr(key, strpos(key, ':') + 1) COLLATE "C" AS key, people
    FROM coprod_counted(%(study)s)
) AS counted USING (study_id, mode, kind, key)
WHERE coalesce(told.people, 0) <> coalesce(counted.people, 0)
"""  # noqa: S608 # all parts are constants

# What differs is added, so that notes which come meanwhile stay right.
MEND = f"""
WITH differing AS ({COMPARE}), mended AS (
    INSERT INTO responses_tally (study_id, mode, kind, key, people)
    SELECT study_id, mode, kind, key, counted - told FROM differing
    ON CONFLICT ON CONSTRAINT one_tally
    DO UPDATE SET people = responses_tally.people + excluded.people
)
SELECT mode, kind, key, told, counted FROM differing ORDER BY mode, kind, key
"""  # noqa: S608 # all parts are constants
CHECK = f"SELECT mode, kind, key, told, counted FROM ({COMPARE}) AS each ORDER BY mode, kind, key"  # noqa: S608 # all parts are constants


# The keys are few: who failed which checks of a version. The notes are taken apart for these alone.
READ_CHECKED = """
WITH each AS (
    SELECT study_id, mode, key COLLATE "C" AS key, people AS n FROM responses_tally
    WHERE study_id = ANY(%(studies)s) AND kind = 'checks'
    UNION ALL
    SELECT study_id, mode, substr(key, 8), n FROM (
        SELECT study_id, mode, unnest(lost) COLLATE "C" AS key, -1 AS n FROM responses_tallychange
        UNION ALL
        SELECT study_id, mode, unnest(gained) COLLATE "C", 1 FROM responses_tallychange
    ) AS noted WHERE study_id = ANY(%(studies)s) AND starts_with(key, 'checks:')
), summed AS MATERIALIZED (
    SELECT study_id, mode, key, sum(n)::bigint AS people FROM each
    GROUP BY study_id, mode, key HAVING sum(n) <> 0
)
SELECT s.study_id, s.mode, v.checks, string_to_array(split_part(s.key, '|', 2), ','), s.people
FROM summed s JOIN experiments_designversion v ON v.id = split_part(s.key, '|', 1)::bigint
ORDER BY s.study_id, s.mode, s.key
"""


@dataclass(frozen=True)
class Checked:
    """How many completes of a version failed just these of its checks; `checks` has them all.

    A check stands there by its item's code, with the answer that it expects.
    """

    study_id: int
    mode: str
    checks: Mapping[str, str]
    failed: frozenset[str]
    people: int


@dataclass(frozen=True)
class Difference:
    """A tally that is not what counting everybody gives."""

    mode: str
    kind: str
    key: str
    told: int
    counted: int


@transaction.atomic
def fold_tallies() -> int:
    """Takes up what was noted since the last time, and says that it ran: how many notes.

    None are left for later but those of statements that have not committed. Does nothing while
    another fold runs.
    """
    with connection.cursor() as cursor:
        cursor.execute(TRY_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(BEAT, [HEARTBEAT])
        cursor.execute(FOLD)
        notes, empty = cursor.fetchone()
        if empty:
            cursor.execute(EMPTY, [empty])
    return int(notes)


def read_checked(studies: Sequence[int]) -> tuple[Checked, ...]:
    """The completes of those studies by the checks that they failed; one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(READ_CHECKED, {"studies": list(studies)})
        return tuple(
            Checked(study_id, mode, json.loads(checks), frozenset(failed), people)
            for study_id, mode, checks, failed, people in cursor.fetchall()
        )


def wrong_tallies(study: Study) -> tuple[Difference, ...]:
    """The tallies of a study that differ from a count of everybody; one SQL statement."""
    return _differences(CHECK, study)


@transaction.atomic
def mend_tallies(*, study: Study) -> tuple[Difference, ...]:
    """Makes a study's tallies what counting everybody gives: those that differed."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    return _differences(MEND, study)


def _differences(statement: str, study: Study) -> tuple[Difference, ...]:
    parameters: dict[str, Any] = {"study": study.pk}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return tuple(Difference(*row) for row in cursor.fetchall())
