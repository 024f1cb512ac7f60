"""Submissions, paradata and drafts lose an index that the one of their constraint makes needless.

Both begin with the participant. Each page that is sent wrote into both, and into the log.
"""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "responses_submission": "responses_submission_participant_id_3751cf71",
    "responses_paradata": "responses_paradata_participant_id_2777a1c8",
    "responses_draft": "responses_draft_participant_id_ffaa0812",
}
# A table that was cut into parts has the index of the whole, whose parts go with it; that can't be
# done CONCURRENTLY, and takes no longer than a lock.
CUT = "SELECT relkind = 'I' FROM pg_class WHERE oid = to_regclass(%s)"


def drop(apps: Any, editor: Any) -> None:
    """Drops them while pages are sent."""
    for index in INDEXES.values():
        with editor.connection.cursor() as cursor:
            cursor.execute(CUT, [index])
            found = cursor.fetchone()
        if found:
            editor.execute(f"DROP INDEX {'' if found[0] else 'CONCURRENTLY '}{index}")


def make(apps: Any, editor: Any) -> None:
    """Makes them again, which keeps pages from being sent meanwhile."""
    for table, index in INDEXES.items():
        editor.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {table} (participant_id)")


def _of_participant(name: str, related: str, on_delete: Callable[..., Any]) -> migrations.AlterField:
    key = models.ForeignKey(
        "responses.participant", on_delete, db_index=False, related_name=related
    )
    return migrations.AlterField(name, "participant", key)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("responses", "0026_lighter_pages")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop, make)],
            [
                _of_participant("submission", "submissions", django.db.models.deletion.PROTECT),
                _of_participant("paradata", "paradata", django.db.models.deletion.PROTECT),
                _of_participant("draft", "drafts", django.db.models.deletion.CASCADE),
            ],
        )
    ]
