"""An index of that column, made while everybody writes."""

from django.db import migrations


class Migration(migrations.Migration):
    """No transaction: CONCURRENTLY has its own."""

    atomic = False
    dependencies = [("next_release", "0001_column")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS of_the_next_release "
            "ON responses_submission (of_the_next_release)",
            "DROP INDEX CONCURRENTLY IF EXISTS of_the_next_release",
        ),
    ]
