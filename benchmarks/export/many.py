"""Many participants of the study that ships, made in the database from a few. Needs Django."""

from django.db import connection

from benchmarks.looks.people import due_study
from experiments.models import Status, Study
from responses.models import Participant

# So many are made one by one, and copied.
DIFFERENT = 10_000

COPIES = """
INSERT INTO responses_participant ({names}) SELECT {values}
FROM responses_participant p, generate_series(2, %(copies)s) copy WHERE p.study_id = %(study)s
"""
OWN = {
    "reference": "gen_random_uuid()",
    "token_hash": "sha256(p.token_hash || int4send(copy))",
}


def many_participants(n: int) -> Study:
    """The closed study with about `n` live participants, who answered everything at random.

    It is closed so that nothing is secret: every column has its values.
    """
    study = due_study(min(n, DIFFERENT) * 95 // 102)
    names = [str(f.column) for f in Participant._meta.concrete_fields if not f.primary_key]
    copies = COPIES.format(
        names=", ".join(names), values=", ".join(OWN.get(name, f"p.{name}") for name in names)
    )
    with connection.cursor() as cursor:
        cursor.execute(copies, {"study": study.pk, "copies": n // DIFFERENT})
        cursor.execute("VACUUM ANALYZE responses_participant")
        cursor.execute("CHECKPOINT")
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    return study
