"""A pilot of any size, made in the database of a few who went through the study over HTTP.

Imported once Django is set up. Their rows are as large as real ones; nothing verifies their ledger.
"""

from django.db import connection
from django.db.models import Model

from experiments.models import Study
from responses.models import Allocation, Mode, Paradata, Participant, Submission
from responses.tallies import mend_tallies

# Neither triggers nor foreign keys are asked: what is copied was checked.
UNCHECKED = "SET LOCAL session_replication_role = replica"
# How far the ids of the copies of one participant lie from each other's.
STEP = "(SELECT max(id) FROM responses_participant WHERE mode = 'live')"
PEOPLE = """
INSERT INTO responses_participant (id, {names}) SELECT p.id + copy * {step}, {values}
FROM generate_series(1, %(copies)s) copy, responses_participant p
WHERE p.mode = 'live' ORDER BY 1
"""
ROWS = """
INSERT INTO {table} ({names}) SELECT {values}
FROM generate_series(1, %(copies)s) copy, {table} s JOIN responses_participant p
    ON p.id = s.participant_id WHERE p.mode = 'live' ORDER BY copy, s.id
"""
LEDGER = """
INSERT INTO responses_allocation ({names}) SELECT {values}
FROM generate_series(1, %(copies)s) copy, responses_allocation s WHERE s.mode = 'live'
"""
KEY = "md5(s.key::text || copy)::uuid"
OF_PEOPLE = {
    "mode": "'pilot'",
    "reference": "md5(p.reference::text || copy)::uuid",
    "token_hash": "sha256(p.token_hash || int4send(copy))",
    "completion_code": "substr(md5(p.completion_code || copy), 1, 16)",
    "assignments": "(SELECT jsonb_object_agg(each.key, each.value || jsonb_build_object("
    "'key', md5(((each.value ->> 'key')::uuid)::text || copy)::uuid)) "
    "FROM jsonb_each(p.assignments) each)",
}
OF_ROWS = {"participant_id": f"s.participant_id + copy * {STEP}"}
OF_LEDGER = {"key": KEY, "mode": "'pilot'", "position": "s.position + copy * 1000000"}
NUMBERS = """
SELECT setval(pg_get_serial_sequence('responses_participant', 'id'), max(id))
FROM responses_participant
"""


def pilot_of(study: Study, people: int) -> int:
    """Copies the live participants of a study into its pilot: how many there are there then."""
    there = Participant.objects.filter(study=study, mode=Mode.LIVE).count()
    asked = {"copies": -(-people // there)}
    with connection.cursor() as cursor:
        for statement in (
            _written(PEOPLE, Participant, OF_PEOPLE, "p"),
            *(_written(ROWS, model, OF_ROWS, "s") for model in (Submission, Paradata)),
            _written(LEDGER, Allocation, OF_LEDGER, "s"),
        ):
            cursor.execute("BEGIN")
            cursor.execute(UNCHECKED)
            cursor.execute(statement, asked)
            cursor.execute("COMMIT")
        cursor.execute(NUMBERS)
        for name in ("participant", "submission", "paradata", "allocation"):
            cursor.execute(f"VACUUM ANALYZE responses_{name}")
        cursor.execute("CHECKPOINT")
    mend_tallies(study=study)
    return there * asked["copies"]


def _written(statement: str, model: type[Model], own: dict[str, str], alias: str) -> str:
    names = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    return statement.format(
        table=model._meta.db_table,
        names=", ".join(names),
        values=", ".join(own.get(name, f"{alias}.{name}") for name in names),
        step=STEP,
    )
