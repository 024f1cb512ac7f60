"""Simulations of a study's design, which are never edited."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = ("analysis_simulation", "analysis_simulationbatch", "analysis_simulationend")


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0008_api_tokens'),
        ('experiments', '0007_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='Simulation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('design_digest', models.CharField(max_length=64)),
                ('canonical_json', models.TextField()),
                ('assumed', models.JSONField()),
                ('seed', models.BigIntegerField()),
                ('repeats', models.PositiveIntegerField()),
                ('together', models.PositiveIntegerField()),
                ('batches', models.PositiveIntegerField()),
                ('code_version', models.CharField(max_length=64)),
                ('ordered_by', models.CharField(max_length=150)),
                ('ordered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='simulations', to='experiments.study')),
            ],
            options={
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SimulationBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('counts', models.JSONField()),
                ('code_version', models.CharField(max_length=64)),
                ('done_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('simulation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='done', to='analysis.simulation')),
            ],
            options={
                'ordering': ['simulation', 'number'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SimulationEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed')], max_length=9)),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('problem', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('simulation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='analysis.simulation')),
            ],
            options={
                'ordering': ['simulation'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='simulation',
            constraint=models.CheckConstraint(condition=models.Q(('batches__gt', 0), ('repeats__gt', 0), ('together__gt', 0)), name='simulations_have_studies'),
        ),
        migrations.AddConstraint(
            model_name='simulationbatch',
            constraint=models.UniqueConstraint(fields=('simulation', 'number'), name='one_batch_per_number'),
        ),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
