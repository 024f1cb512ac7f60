"""A column on the largest table, as a release may add one: nullable, so that no row is rewritten."""

from django.db import migrations


class Migration(migrations.Migration):
    """Takes the table's strongest lock, for a moment."""

    dependencies = [("responses", "0021_flagged_revision")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE responses_submission ADD COLUMN of_the_next_release text NULL",
            "ALTER TABLE responses_submission DROP COLUMN of_the_next_release",
        ),
        migrations.RunSQL(
            "ALTER TABLE responses_participant ADD COLUMN of_the_next_release text NULL",
            "ALTER TABLE responses_participant DROP COLUMN of_the_next_release",
        ),
    ]
