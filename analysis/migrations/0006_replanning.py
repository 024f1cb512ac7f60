"""The sample size of a study that was fixed anew."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON analysis_replanning
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0005_log_of_earlier_looks'),
        ('experiments', '0005_analysis_plan'),
    ]

    operations = [
        migrations.CreateModel(
            name='Replanning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('live', 'live'), ('pilot', 'pilot'), ('rehearsal', 'rehearsal')], max_length=9)),
                ('n', models.PositiveIntegerField()),
                ('pooled_sd', models.FloatField(null=True)),
                ('sample_size', models.PositiveIntegerField()),
                ('replanned_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replannings', to='experiments.study')),
            ],
            options={
                'ordering': ['study', 'mode'],
                'constraints': [models.UniqueConstraint(fields=('study', 'mode'), name='replanned_once')],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON analysis_replanning"),
    ]
