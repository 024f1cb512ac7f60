"""Looks that the plan does not announce, and the chained log of a study's looks."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = ("analysis_orderedlook", "analysis_lookevent")


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0003_looks_by_information'),
        ('experiments', '0005_analysis_plan'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='look',
            options={'ordering': ['study', 'mode', 'number'], 'permissions': [('order_look', 'Can order a look that the plan does not announce')]},
        ),
        migrations.CreateModel(
            name='LookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('live', 'live'), ('pilot', 'pilot'), ('rehearsal', 'rehearsal')], max_length=9)),
                ('position', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('ordered', 'ordered'), ('spent', 'spent'), ('opened', 'opened'), ('failed', 'failed'), ('retried', 'run again'), ('paused', 'recruitment paused'), ('replanned', 'sample size fixed anew')], max_length=9)),
                ('number', models.PositiveSmallIntegerField(null=True)),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
                ('previous_digest', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='look_events', to='experiments.study')),
            ],
            options={
                'ordering': ['study', 'mode', 'position'],
            },
        ),
        migrations.CreateModel(
            name='OrderedLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('live', 'live'), ('pilot', 'pilot'), ('rehearsal', 'rehearsal')], max_length=9)),
                ('reason', models.TextField()),
                ('ordered_by', models.CharField(max_length=150)),
                ('ordered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ordered_looks', to='experiments.study')),
            ],
            options={
                'ordering': ['study', 'mode', 'id'],
            },
        ),
        migrations.AddField(
            model_name='look',
            name='order',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='look', to='analysis.orderedlook'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.CheckConstraint(condition=models.Q(('planned', None), ('order', None), _connector='XOR'), name='looks_are_planned_or_ordered'),
        ),
        migrations.AddConstraint(
            model_name='lookevent',
            constraint=models.UniqueConstraint(fields=('study', 'mode', 'position'), name='one_event_per_position'),
        ),
        migrations.AddConstraint(
            model_name='orderedlook',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='ordering_has_a_reason'),
        ),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
