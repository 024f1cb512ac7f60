"""Marks for exclusion by hand, which are append-only."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = ("responses_marking", "responses_exclusionmark")


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0007_history'),
        ('responses', '0013_tallies'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='participant',
            options={'ordering': ['id'], 'permissions': [('withdraw_participant', 'Can withdraw a participant who asks for it'), ('mark_participant', 'Can mark participants for exclusion')]},
        ),
        migrations.CreateModel(
            name='Marking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('live', 'live'), ('pilot', 'pilot'), ('rehearsal', 'rehearsal')], max_length=9)),
                ('excludes', models.BooleanField()),
                ('reason', models.CharField(blank=True, choices=[('test', 'a test by the team'), ('duplicate', 'took part before'), ('ineligible', 'not of the population'), ('automated', 'a program, or fraud'), ('careless', 'answered without care'), ('fault', 'a technical fault'), ('other', 'another reason')], max_length=16)),
                ('words', models.TextField()),
                ('actor', models.CharField(max_length=150)),
                ('people', models.PositiveIntegerField()),
                ('marked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markings', to='experiments.study')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ExclusionMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='responses.participant')),
                ('marking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='responses.marking')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('excludes', True), models.Q(('reason', ''), _negated=True)), models.Q(('excludes', False), ('reason', '')), _connector='OR'), name='mark_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='mark_is_told_in_words'),
        ),
        migrations.AddConstraint(
            model_name='exclusionmark',
            constraint=models.UniqueConstraint(fields=('marking', 'participant'), name='marked_once_in_an_act'),
        ),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
