"""Who is given an arm, or sees it, is written to no index; who enters and ends, to fewer.

A row whose columns no index knows is written beside its old version, and no index is told. The one
of positions that may be given again knew the arm and the exposure of everybody, in studies too that
never give one again. It knows a column of its own now, which changes in those that do.

Whose position may be given again is marked once all is migrated (`responses.ledger.reuse`).

The one of the study alone says what the lists' one says first, and the one of fingerprints is of
who has one.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

TABLE = "responses_participant"
MADE = {
    "positions_to_give_again": f"{TABLE} (version_id, mode) WHERE may_be_released",
    "duplicates_by_fingerprint": f"{TABLE} (study_id, fingerprint) WHERE fingerprint IS NOT NULL",
}
GONE = {
    "allocated_and_not_exposed": (
        f"{TABLE} (version_id, mode) WHERE exposed_at IS NULL AND NOT assignments = '{{}}'::jsonb"
    ),
    "participants_by_fingerprint": f"{TABLE} (study_id, fingerprint)",
    "responses_participant_study_id_e7660d55": f"{TABLE} (study_id)",
}


def _make(name: str, on: str) -> str:
    return f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on}"


def _drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    # CONCURRENTLY has transactions of its own.
    atomic = False
    dependencies = [("responses", "0035_short_checks_hold")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                # One that was broken off is left half made, and is made anew.
                *(migrations.RunSQL(_drop(name), migrations.RunSQL.noop) for name in MADE),
                *(migrations.RunSQL(_make(name, on), _drop(name)) for name, on in MADE.items()),
                *(migrations.RunSQL(_drop(name), _make(name, on)) for name, on in GONE.items()),
            ],
            [
                migrations.AddIndex(
                    "participant",
                    models.Index(
                        fields=["version", "mode"],
                        condition=Q(may_be_released=True),
                        name="positions_to_give_again",
                    ),
                ),
                migrations.AddIndex(
                    "participant",
                    models.Index(
                        fields=["study", "fingerprint"],
                        condition=Q(fingerprint__isnull=False),
                        name="duplicates_by_fingerprint",
                    ),
                ),
                migrations.RemoveIndex("participant", "allocated_and_not_exposed"),
                migrations.RemoveIndex("participant", "participants_by_fingerprint"),
                migrations.AlterField(
                    "participant",
                    "study",
                    models.ForeignKey(
                        "experiments.study",
                        django.db.models.deletion.PROTECT,
                        db_index=False,
                        related_name="participants",
                    ),
                ),
            ],
        ),
    ]
