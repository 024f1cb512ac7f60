"""The database itself refuses to edit or take out what was recorded, in each of these tables."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from experiments.models import StudyMove
from responses.models import IdentityReading
from tests.responses.studies import launched

pytestmark = pytest.mark.django_db

TABLES = {
    "django_admin_log",
    *(f"experiments_{name}" for name in ("designversion", "edit", "studymove")),
    *(f"responses_{name}" for name in ("submission", "paradata", "allocation")),
    *(f"responses_{name}" for name in ("exportrecord", "exportstatement", "identityreading")),
    *(f"responses_{name}" for name in ("marking", "exclusionmark", "paylist", "payment")),
    *(f"responses_{name}" for name in ("reminding", "erasure", "withdrawncode", "correction")),
    *(f"analysis_{name}" for name in ("look", "orderedlook", "lookevent", "replanning")),
    *(f"analysis_{name}" for name in ("simulation", "simulationbatch", "simulationend")),
    *(f"analysis_{name}" for name in ("rehearsalrun", "rehearsalend")),
}
# Rows, before, DELETE, UPDATE.
GUARDS = 1 + 2 + 8 + 16


def test_each_table_has_its_guard() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgtype, tgenabled FROM pg_trigger"
            " WHERE tgname = 'append_only' AND NOT tgisinternal"
            " AND tgfoid::regproc::text IN ('coprod_refuse_change', 'experiments_refuse_change')"
        )
        found = {table: (int(kind), enabled) for table, kind, enabled in cursor.fetchall()}
    assert found == dict.fromkeys(TABLES, (GUARDS, "O"))


def test_no_row_is_edited_or_taken_out() -> None:
    study = launched()
    user = User.objects.create_user("hana", is_staff=True)
    LogEntry.objects.create(user=user, object_repr="park", action_flag=2, change_message="")
    IdentityReading.objects.create(study=study, way="page", people=1, actor="hana")
    tables = [each._meta.db_table for each in (LogEntry, StudyMove, IdentityReading)]
    with connection.cursor() as cursor:
        for table in tables:
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                    cursor.execute(statement)
