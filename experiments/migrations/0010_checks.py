"""What the checks of a launched design expect, beside the design."""

import django.db.models.expressions
from django.db import migrations, models

# Items of a deck's pages stand here once, by the code that was written.
FUNCTION = """
CREATE FUNCTION coprod_checks(design text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(item ->> 'code', item -> 'expected'), '{}')
    FROM jsonb_path_query(design::jsonb, '$.pages[*].items[*]') AS item
    WHERE item ->> 'role' IN ('attention_check', 'mock_vignette_check', 'comprehension_check')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("experiments", "0009_membership")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION coprod_checks"),
        migrations.AddField(
            "designversion",
            "checks",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.Func(
                    models.F("canonical_json"), function="coprod_checks"
                ),
                output_field=models.JSONField(),
            ),
        ),
    ]
