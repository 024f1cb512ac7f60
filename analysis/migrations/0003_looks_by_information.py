"""A look says which one of the plan it is and at what information it was spent.

Looks that were spent before are all of the plan, and their last bound says their information.
"""

from django.db import migrations, models

# The trigger guards what a look found, which stays; only the table's owner can switch it off.
FILL = """
ALTER TABLE analysis_look DISABLE TRIGGER append_only;
UPDATE analysis_look
SET planned = number, fraction = (results #>> '{bounds,-1,fraction}')::double precision;
ALTER TABLE analysis_look ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_append_only")]

    operations = [
        migrations.AddField("look", "planned", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("look", "fraction", models.FloatField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("look", "fraction", models.FloatField()),
        migrations.AddConstraint(
            "look",
            models.UniqueConstraint(
                fields=["study", "mode", "planned"], name="planned_looks_once"
            ),
        ),
    ]
