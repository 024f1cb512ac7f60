"""The desk's lists are read in the order of their numbers, whatever is chosen of them.

The index of participants by state gets the number behind it, in place of the one without.
"""

from django.db import migrations, models

PEOPLE = "participants_in_order ON responses_participant (study_id, mode, state, id)"
BY_STATE = "participants_by_state ON responses_participant (study_id, mode, state)"
ERASURES = "erasures_in_order ON responses_erasure (study_id, mode, kind, id)"


def _make(index: str) -> str:
    return f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index}"


def _drop(index: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {index.split()[0]}"


class Migration(migrations.Migration):
    # CONCURRENTLY has transactions of its own.
    atomic = False
    dependencies = [("responses", "0030_place_once")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(_make(PEOPLE), _drop(PEOPLE)),
                migrations.RunSQL(_make(ERASURES), _drop(ERASURES)),
                migrations.RunSQL(_drop(BY_STATE), _make(BY_STATE)),
            ],
            [
                migrations.AddIndex(
                    "participant",
                    models.Index(
                        fields=["study", "mode", "state", "id"], name="participants_in_order"
                    ),
                ),
                migrations.AddIndex(
                    "erasure",
                    models.Index(fields=["study", "mode", "kind", "id"], name="erasures_in_order"),
                ),
                migrations.RemoveIndex("participant", "participants_by_state"),
            ],
        )
    ]
