"""Rehearsals that are ordered at the desk, and how they ended; never edited."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = ("analysis_rehearsalrun", "analysis_rehearsalend")


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0011_rehearsals_deleted'),
        ('experiments', '0009_membership'),
    ]

    operations = [
        migrations.CreateModel(
            name='RehearsalRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField()),
                ('truth', models.TextField()),
                ('seed', models.BigIntegerField()),
                ('minutes', models.FloatField(null=True)),
                ('site', models.CharField(max_length=300)),
                ('language', models.CharField(max_length=16)),
                ('code_version', models.CharField(max_length=64)),
                ('ordered_by', models.CharField(max_length=150)),
                ('ordered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rehearsals', to='experiments.study')),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('rehearse_study', 'Can rehearse a study')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RehearsalEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed')], max_length=9)),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('problem', models.TextField(blank=True)),
                ('holds', models.BooleanField(null=True)),
                ('verdict', models.TextField(blank=True)),
                ('sections', models.JSONField(default=list)),
                ('markdown', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='analysis.rehearsalrun')),
            ],
            options={
                'ordering': ['run'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='rehearsalrun',
            constraint=models.CheckConstraint(condition=models.Q(('n__gt', 0)), name='rehearsals_have_people'),
        ),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
