"""Applies the quality rules to the participants of a study, and stores what they find."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from responses.designs import version_of
from responses.quality.judged import Judged, judged
from responses.quality.record import Record, Sent
from responses.quality.rules import flags_of
from responses.quality.speed import LEAST_PEOPLE

BATCH = 1000

# All that one person spent on a page counts, however often they sent it, or left it by going back;
# who never sent it does not count.
MEDIANS = """
SELECT version_id, page, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::float
FROM (
    SELECT p.version_id, d.page, sum(d.seconds) AS seconds
    FROM responses_paradata d JOIN responses_participant p ON p.id = d.participant_id
    WHERE p.study_id = %(study)s AND p.mode = %(mode)s
    GROUP BY p.version_id, d.page, p.id HAVING bool_or(d.facts <> '{}')
) AS each
GROUP BY version_id, page HAVING count(*) >= %(least)s
"""

READ = """
SELECT p.id, p.revision, p.version_id, p.language, p.answers, p.not_shown, p.flags,
    CASE WHEN p.fingerprint IS NOT NULL THEN (
        SELECT count(*) FROM responses_participant e
        WHERE e.study_id = p.study_id AND e.fingerprint = p.fingerprint
            AND e.mode = p.mode AND e.id < p.id
    ) END,
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(d.page, d.seconds::float, d.facts) ORDER BY d.id)
        FROM responses_paradata d WHERE d.participant_id = p.id
    ), '[]'), p.known_browser
FROM responses_participant p
WHERE p.study_id = %(study)s AND p.mode = %(mode)s AND p.id > %(after)s
    AND p.state <> 'withdrawn'
ORDER BY p.id LIMIT %(batch)s
"""

# Who sent another page or withdrew meanwhile is left to the next time.
WRITE = """
UPDATE responses_participant p SET flags = found.flags
FROM unnest(%(ids)s::bigint[], %(revisions)s::int[], %(flags)s::jsonb[])
    AS found(id, revision, flags)
WHERE p.id = found.id AND p.revision = found.revision
"""

# All that rules read is written with a new revision, or by somebody's coming or withdrawing.
BASIS = """
SELECT concat_ws(' ', %(rules)s, count(*), sum(revision), max(id), max(last_seen_at)), (
    SELECT basis FROM responses_flagsbasis WHERE study_id = %(study)s AND mode = %(mode)s
)
FROM responses_participant
WHERE study_id = %(study)s AND mode = %(mode)s AND state <> 'withdrawn'
"""

KEEP = """
INSERT INTO responses_flagsbasis (study_id, mode, basis)
VALUES (%(study)s, %(mode)s, %(basis)s)
ON CONFLICT (study_id, mode) DO UPDATE SET basis = excluded.basis, computed_at = now()
"""

# By version, then by page.
_Medians = Mapping[int, Mapping[str, float]]


def refresh_flags(*, study_id: int, mode: str) -> int:
    """Computes the flags of everybody in the mode anew: how many rows changed.

    One SQL statement if nothing that they rest on has changed since. Else one more for the medians,
    one to read a batch of 1,000 people, one to write those of it whose flags changed, and one to
    keep what they rest on. Who withdrew keeps no flags.
    """
    asked: dict[str, Any] = {"study": study_id, "mode": mode, "rules": _rules()}
    with connection.cursor() as cursor:
        # Before anything else is read: what comes later is of the next time.
        cursor.execute(BASIS, asked)
        ((basis, kept),) = cursor.fetchall()
        if basis == kept:
            return 0
        changed = _computed(study_id, mode)
        cursor.execute(KEEP, {**asked, "basis": basis})
    return changed


def _computed(study_id: int, mode: str) -> int:
    changed = 0
    medians = _medians(study_id, mode)
    for rows in _batches(study_id, mode):
        found = [(row[0], row[1], _flags(row, medians), _read(row[6])) for row in rows]
        new = [(person, revision, flags) for person, revision, flags, old in found if flags != old]
        if new:
            changed += _write(new)
    return changed


@cache
def _rules() -> str:
    """The digest of the rules' own sources: a release with other rules computes anew."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()


def _medians(study_id: int, mode: str) -> _Medians:
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS, {"study": study_id, "mode": mode, "least": LEAST_PEOPLE})
        medians: dict[int, dict[str, float]] = {}
        for version, page, median in cursor.fetchall():
            medians.setdefault(version, {})[page] = median
        return medians


def _batches(study_id: int, mode: str) -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    while True:
        asked: dict[str, Any] = {"study": study_id, "mode": mode, "after": after, "batch": BATCH}
        with connection.cursor() as cursor:
            cursor.execute(READ, asked)
            rows = cursor.fetchall()
        if rows:
            yield rows
            after = rows[-1][0]
        if len(rows) < BATCH:
            return


def _flags(row: tuple[Any, ...], medians: _Medians) -> dict[str, int | None]:
    _, _, version_id, language, answers, not_shown, _, earlier, sent, known_browser = row
    hidden = set(_read(not_shown))
    record = Record(
        judged=_judged(version_id),
        language=language,
        answers={code: answer for code, answer in _read(answers).items() if code not in hidden},
        everything_sent=tuple(
            # What is sent has its device at least.
            Sent(page, seconds, facts, left=not facts)
            for page, seconds, facts in _read(sent)
        ),
        medians=medians.get(version_id, {}),
        earlier=earlier,
        known_browser=known_browser,
    )
    return flags_of(record)


@lru_cache(maxsize=256)
def _judged(version_id: int) -> Judged:
    return judged(version_of(version_id).design)


def _read(value: str | None) -> Any:
    """JSON as a bare cursor gives it."""
    return json.loads(value) if value is not None else None


def _write(found: list[tuple[int, int, dict[str, int | None]]]) -> int:
    people, revisions, flags = zip(*found, strict=True)
    parameters = {
        "ids": list(people),
        "revisions": list(revisions),
        "flags": [Jsonb(each) for each in flags],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, parameters)
        return int(cursor.rowcount)
