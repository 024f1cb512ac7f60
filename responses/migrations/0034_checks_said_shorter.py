"""The checks of a participant's row say what they said in fewer words, and a column comes.

Postgres reads the text of every check of a table anew with each statement that writes to it, and a
page that is sent is one. They hold what they held: rows that are there were checked by those that
go, and what is written from here on is by these. The next migration has Postgres look once more.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import BooleanField, Case, CheckConstraint, ExpressionWrapper, Q, Value, When
from django.db.models.lookups import Exact


def _same(one: Q, other: Q) -> Exact:
    whether = (ExpressionWrapper(each, BooleanField()) for each in (one, other))
    return Exact(*whether)


CHECKS = {
    "completed_has_its_time": _same(Q(state="completed"), Q(completed_at__isnull=False)),
    "ended_has_its_time": _same(Q(state="answering"), Q(ended_at__isnull=True)),
    "refused_or_consented": Case(
        When(state="refused", then=Q(consented_at__isnull=True)),
        When(state="completed", then=Q(consented_at__isnull=False)),
        default=Value(True),
        output_field=BooleanField(),
    ),
}


class Migration(migrations.Migration):
    dependencies = [("responses", "0033_notes_by_what_changed")]

    operations = [
        *(migrations.RemoveConstraint("participant", name) for name in CHECKS),
        *(
            AddConstraintNotValid("participant", CheckConstraint(condition=says, name=name))
            for name, says in CHECKS.items()
        ),
        migrations.AddField(
            "participant",
            "may_be_released",
            models.BooleanField(db_default=False, default=False),
        ),
    ]
