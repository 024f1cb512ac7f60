"""Corrections of answers, which are append-only."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLE = "responses_correction"


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0027_one_index_each'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=64)),
                ('stated', models.TextField()),
                ('reason', models.TextField()),
                ('actor', models.CharField(max_length=150)),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='responses.participant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stated', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='correction_is_told_in_words'),
        ),
        migrations.RunSQL(GUARD.format(table=TABLE), f"DROP TRIGGER append_only ON {TABLE}"),
    ]
