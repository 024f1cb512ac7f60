"""A study of any size that collects: people who came over weeks and went as far as chance had it.

Imported once Django is set up.
"""

from itertools import product
from typing import Any

from django.db import connection

from benchmarks.product import STUDY
from experiments.models import DesignVersion, Study
from experiments.randomisation.naming import stratum_name
from responses.models import Mode, Participant, State
from responses.tallies import mend_tallies

DAYS = 60
TRIGGER = "ALTER TABLE responses_participant {} TRIGGER tallied"

# Of a hundred: 8 refuse, 12 stop on some page, 2 withdraw, the others complete; of these 10 failed
# the attention check.
PEOPLE = """
INSERT INTO responses_participant ({names}) SELECT {values}
FROM responses_participant p, LATERAL (
    SELECT place, random() AS fate, random() AS chance,
        statement_timestamp() - random() * interval '{days} days' AS came
    FROM generate_series(%(there)s + 2, %(there)s + %(people)s) AS place
) AS each
WHERE p.id = %(first)s
"""
OWN = {
    "reference": "gen_random_uuid()",
    "token_hash": "sha256(p.token_hash || int8send(place))",
    "state": "CASE WHEN fate < .08 THEN 'refused' WHEN fate < .2 THEN 'answering' "
    "WHEN fate < .22 THEN 'withdrawn' ELSE 'completed' END",
    "page": "(%(pages)s::text[])[1 + floor(chance * cardinality(%(pages)s::text[]))::int]",
    "language": "CASE WHEN chance < .3 THEN 'en' ELSE 'ko' END",
    "device": "(ARRAY['phone', 'desktop', 'tablet'])[1 + floor(chance * chance * 3)::int]",
    "entered_at": "came",
    "last_seen_at": "came",
    "consented_at": "CASE WHEN fate >= .08 THEN came END",
    "exposed_at": "CASE WHEN fate >= .15 THEN came + interval '3 minutes' END",
    "ended_at": "CASE WHEN fate < .08 OR fate >= .2 THEN came + interval '12 minutes' END",
    "completed_at": "CASE WHEN fate >= .22 THEN came + interval '4 minutes' "
    "+ chance * chance * interval '20 minutes' END",
    "flags": "jsonb_build_object('fast_pages', floor(chance * 3)::int, "
    "'failed_attention', (chance > .95)::int, 'long_string', NULL)",
    "answers": "jsonb_build_object(%(check)s::text, "
    "CASE WHEN chance < .9 THEN %(expected)s::text ELSE 'another' END)",
    "assignments": "CASE WHEN fate >= .15 AND fate NOT BETWEEN .2 AND .22 "
    "THEN jsonb_build_object(%(step)s::text, jsonb_build_object('key', gen_random_uuid(), "
    "'stratum', (%(strata)s::text[])[1 + mod(place, cardinality(%(strata)s::text[]))], "
    "'position', place, 'probability', '1/6', 'levels', '{}'::jsonb, 'arm', "
    "(%(arms)s::text[])[1 + floor(random() * cardinality(%(arms)s::text[]))::int])) ELSE '{}' END",
}

# Digests and holders are none: nothing here verifies the ledger. Positions have gaps, so the lists
# are as long as if all had been allocated.
SENT = (
    "INSERT INTO responses_submission (participant_id, revision, page, language, answers) "
    "SELECT id, n, page, language, answers FROM responses_participant, generate_series(1, 4) AS n "
    "WHERE study_id = %(study)s AND id > %(after)s",
    "INSERT INTO responses_paradata (participant_id, revision, page, seconds, facts) "
    "SELECT id, n, page, 10, '{}' FROM responses_participant, generate_series(1, 4) AS n "
    "WHERE study_id = %(study)s AND id > %(after)s",
    "ALTER TABLE responses_allocation DISABLE TRIGGER tallied",
    "INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum, position, "
    "block, arm, holder, probability, allocated_at, digest) "
    "SELECT (value ->> 'key')::uuid, version_id, key, mode, value ->> 'stratum', "
    "(value ->> 'position')::bigint, 0, value ->> 'arm', '', '1/6', exposed_at, '' "
    "FROM responses_participant, jsonb_each(assignments) "
    "WHERE study_id = %(study)s AND id > %(after)s",
    "ALTER TABLE responses_allocation ENABLE TRIGGER tallied",
    # One for each who withdrew.
    "INSERT INTO responses_erasure (study_id, mode, kind, actor, rows, kept) "
    "SELECT study_id, mode, 'withdrawal', 'participant', '{}', true FROM responses_participant "
    "WHERE study_id = %(study)s AND id > %(after)s AND state = 'withdrawn'",
    "INSERT INTO responses_allocationhead (version_id, randomisation, mode, stratum, "
    "next_position, block, block_start, digest) "
    "SELECT version_id, randomisation, mode, stratum, max(position) + 1, max(position) / 6, "
    "max(position) / 6 * 6, ''::bytea FROM responses_allocation a "
    "WHERE version_id IN (SELECT id FROM experiments_designversion WHERE study_id = %(study)s) "
    "GROUP BY 1, 2, 3, 4 ON CONFLICT ON CONSTRAINT one_head_per_list DO UPDATE SET "
    "next_position = excluded.next_position, block = excluded.block, "
    "block_start = excluded.block_start",
)


def fill(people: int, days: int = DAYS) -> Study:
    """The shipped study with so many live participants more, who came over days, and its tallies.

    There is a tally for each hour: over fewer days their number does not hang on how many came.
    Long, for the statement is asked so many things.
    """
    study = Study.objects.get(slug=STUDY)
    version = study.live_version
    if version is None:
        raise RuntimeError("The study was not launched.")
    step = version.written.randomisations[0]
    check, expected = next(iter(version.checks.items()))
    there = Participant.objects.count()
    first = Participant.objects.create(
        study=study,
        version=version,
        mode=Mode.LIVE,
        state=State.ANSWERING,
        token_hash=there.to_bytes(32, "big"),
        page=version.design.pages[0].code,
        language="en",
    )
    names = [str(f.column) for f in Participant._meta.concrete_fields if not f.primary_key]
    statement = PEOPLE.format(
        names=", ".join(names),
        values=", ".join(OWN.get(name, f"p.{name}") for name in names),
        days=days,
    )
    asked: dict[str, Any] = {
        "people": people,
        "there": there,
        "first": first.pk,
        "strata": _strata(version),
        "pages": [page.code for page in version.design.pages],
        "check": check,
        "expected": expected,
        "step": step.code,
        "arms": [arm.code for arm in step.arms],
    }
    with connection.cursor() as cursor:
        # The same people each time, but for the references of all and the hour of now.
        cursor.execute("SELECT setseed(%s / 1e9)", [there])
        # Notes of a million arrivals are no part of what is measured.
        cursor.execute(TRIGGER.format("DISABLE"))
        cursor.execute(statement, asked)
        cursor.execute(TRIGGER.format("ENABLE"))
        cursor.execute("VACUUM ANALYZE responses_participant")
    mend_tallies(study=study)
    return study


def _strata(version: DesignVersion) -> list[str]:
    """The lists of the first randomisation: those of the options of what it is stratified by."""
    design, step = version.design, version.written.randomisations[0]
    options = [
        [option.code for option in design.options(design.item(code))] for code in step.strata
    ]
    return [
        stratum_name(step.strata, dict(zip(step.strata, each, strict=True)))
        for each in product(*options)
    ]


def note(study: Study, changes: int) -> None:
    """Has so many people go to another page, which is not folded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE responses_participant SET page = page || 'x' WHERE id IN ("
            "SELECT id FROM responses_participant WHERE study_id = %s AND state = 'answering' "
            "LIMIT %s)",
            [study.pk, changes],
        )


def sent(study: Study, after: int = 0) -> None:
    """Gives each of them submissions with paradata, and a row of the ledger to who has an arm.

    Of those with a number above `after`, where the others have theirs.
    """
    with connection.cursor() as cursor:
        for statement in SENT:
            asked = {"study": study.pk, "after": after}
            cursor.execute(statement, asked if "%(" in statement else None)
    mend_tallies(study=study)
    # As it would have been done over the days in which they came.
    with connection.cursor() as cursor:
        for table in ("submission", "paradata", "allocation", "participant", "tally", "erasure"):
            cursor.execute(f"VACUUM ANALYZE responses_{table}")
