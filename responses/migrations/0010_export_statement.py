"""What each export holds, kept once it is whole."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON responses_exportstatement
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0009_export_format")]

    operations = [
        migrations.CreateModel(
            name="ExportStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counts", models.JSONField()),
                ("rows", models.JSONField()),
                (
                    "stated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "export",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement",
                        to="responses.exportrecord",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER append_only ON responses_exportstatement"
        ),
    ]
