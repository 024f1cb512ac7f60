"""Many participants of the study that ships, made in the database from a few. Needs Django."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from benchmarks.looks.people import ATTENTIVE, MORE, due_study
from experiments.models import Status, Study
from responses.models import Allocation, Participant

# So many are made one by one, and copied.
DIFFERENT = 10_000

COPIES = """
INSERT INTO responses_participant ({names}) SELECT {values}
FROM responses_participant p, generate_series(2, %(copies)s) copy WHERE p.study_id = %(study)s
"""
# As many rows as an export counts; they lie in no real list.
LEDGER = """
INSERT INTO responses_allocation ({names}) SELECT {values}
FROM responses_allocation p, generate_series(2, %(copies)s) copy
WHERE p.version_id IN (SELECT id FROM experiments_designversion WHERE study_id = %(study)s)
"""
OF_LEDGER = {"key": "gen_random_uuid()", "position": "p.position + copy * 1000000"}
OWN = {
    "reference": "gen_random_uuid()",
    "token_hash": "sha256(p.token_hash || int4send(copy))",
}


def many_participants(n: int) -> Study:
    """The closed study with about `n` live participants, who answered everything at random.

    It is closed so that nothing is secret: every column has its values.
    """
    due = (min(n, DIFFERENT) - MORE) * ATTENTIVE // 102
    study = due_study(max(due, 1), name=f"of_{n}")
    asked = {"study": study.pk, "copies": n // DIFFERENT}
    with connection.cursor() as cursor:
        cursor.execute(_copying(COPIES, Participant, OWN), asked)
        cursor.execute(_copying(LEDGER, Allocation, OF_LEDGER), asked)
        cursor.execute("VACUUM ANALYZE responses_participant, responses_allocation")
        cursor.execute("CHECKPOINT")
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    return study


def _copying(statement: str, model: type[Model], own: Mapping[str, str]) -> str:
    names = [str(f.column) for f in model._meta.concrete_fields if not f.primary_key]
    values = ", ".join(own.get(name, f"p.{name}") for name in names)
    return statement.format(names=", ".join(names), values=values)
