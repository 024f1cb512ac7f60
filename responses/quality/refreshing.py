"""Applies the quality rules to the participants of a study, and stores what they find."""

import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from responses.designs import version_of
from responses.pacing import FIRST_PIECE, Pace, next_piece
from responses.quality.basis import Basis, Medians, keep, known, medians_of, rules
from responses.quality.judged import Judged, judged
from responses.quality.record import Record, Sent
from responses.quality.rules import flags_of

BATCH = 1000

# Who shares a fingerprint is found by it alone, which OFFSET 0 holds to: without statistics the
# index of all that came before looks as good, and each of the batch went through them.
READ = """
SELECT p.id, p.revision, p.version_id, p.language, p.answers, p.not_shown, p.flags,
    CASE WHEN p.fingerprint IS NOT NULL THEN (
        SELECT count(*) FROM (
            SELECT id, mode FROM responses_participant
            WHERE study_id = p.study_id AND fingerprint = p.fingerprint OFFSET 0
        ) e WHERE e.mode = p.mode AND e.id < p.id
    ) END,
    coalesce((
        SELECT jsonb_agg(jsonb_build_array(d.page, d.seconds::float, d.facts) ORDER BY d.id)
        FROM responses_paradata d WHERE d.participant_id = p.id
    ), '[]'), p.known_browser, p.flagged_revision
FROM responses_participant p
WHERE p.study_id = %(study)s AND p.mode = %(mode)s AND p.id > %(after)s AND p.id <= %(up_to)s
    AND p.state <> 'withdrawn' AND (%(everybody)s OR p.flagged_revision IS DISTINCT FROM p.revision
        OR (%(somebody_withdrew)s AND (p.flags ->> 'duplicate')::int > 0))
ORDER BY p.id LIMIT %(batch)s
"""

# Who sent another page or withdrew meanwhile is left to the next time.
WRITE = """
UPDATE responses_participant p SET flags = found.flags, flagged_revision = found.revision
FROM unnest(%(ids)s::bigint[], %(revisions)s::int[], %(flags)s::jsonb[])
    AS found(id, revision, flags)
WHERE p.id = found.id AND p.revision = found.revision
"""


def refresh_flags(*, study_id: int, mode: str, pace: Pace | None = None) -> int:
    """Computes the flags anew of those for whom something changed: how many have other flags.

    One SQL statement if nothing changed. Else one for the medians, if these are to be taken anew,
    one to read a batch of 1,000 people, one to write those of it who changed, and one to keep what
    they rest on; with a pace there are more of each. Everybody is looked at anew if a median
    changed; while a study collects, medians are taken anew when one page in a hundred is new. Who
    withdrew keeps no flags.
    """
    # Before anything else is read: what comes later is of the next time.
    now = known(study_id=study_id, mode=mode, pace=pace)
    if now.is_current:
        return 0
    kept = now.kept
    if kept is not None and now.has_medians:
        medians, taken = kept.medians, kept.taken
    else:
        medians = medians_of(study_id=study_id, mode=mode, last=now.last, pace=pace)
        taken = now.standing
    asked = {
        "study": study_id,
        "mode": mode,
        "everybody": kept is None or medians != kept.medians,
        # Who came after somebody from the same device is one less of these then.
        "somebody_withdrew": kept is not None and now.standing.withdrew != kept.standing.withdrew,
    }
    changed = _computed(asked, medians, now.last, pace)
    keep(study_id=study_id, mode=mode, basis=Basis(rules(), now.standing, medians, taken))
    return changed


def _computed(asked: Mapping[str, Any], medians: Medians, last: int, pace: Pace | None) -> int:
    changed, after = 0, 0
    clock = pace.clock if pace else time.monotonic
    many = FIRST_PIECE if pace else last
    while after < last:
        up_to = min(after + many, last)
        began = clock()
        rows = _people({**asked, "after": after, "up_to": up_to})
        read = clock()
        found = [(row[0], row[1], _flags(row, medians), _read(row[6]), row[-1]) for row in rows]
        computed = clock()
        _write([each[:3] for each in found if each[2] != each[3] or each[1] != each[4]])
        changed += sum(flags != old for _, _, flags, old, _ in found)
        after = rows[-1][0] if len(rows) == BATCH else up_to
        if pace is not None:
            worked = read - began + clock() - computed
            pace.worked(worked)
            many = next_piece(many, worked, pace.burst)
    return changed


def _people(asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(READ, {**asked, "batch": BATCH})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _flags(row: tuple[Any, ...], medians: Medians) -> dict[str, int | None]:
    _, _, version_id, language, answers, not_shown, _, earlier, sent, known_browser, _ = row
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


def _write(found: list[tuple[int, int, dict[str, int | None]]]) -> None:
    if not found:
        return
    people, revisions, flags = zip(*found, strict=True)
    parameters = {
        "ids": list(people),
        "revisions": list(revisions),
        "flags": [Jsonb(each) for each in flags],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, parameters)
