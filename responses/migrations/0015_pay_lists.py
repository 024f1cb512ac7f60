"""Pay lists, which are append-only."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = ("responses_paylist", "responses_payment")


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0007_history'),
        ('responses', '0014_marks_for_exclusion'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('live', 'live'), ('pilot', 'pilot'), ('rehearsal', 'rehearsal')], max_length=9)),
                ('number', models.PositiveIntegerField()),
                ('parameter', models.CharField(blank=True, max_length=32)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('amount', models.CharField(blank=True, max_length=40)),
                ('people', models.PositiveIntegerField()),
                ('actor', models.CharField(max_length=150)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pay_lists', to='experiments.study')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='responses.participant')),
                ('pay_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='responses.paylist')),
            ],
            options={
                'ordering': ['participant'],
            },
        ),
        migrations.AddConstraint(
            model_name='paylist',
            constraint=models.UniqueConstraint(fields=('study', 'mode', 'number'), name='one_pay_list_per_number'),
        ),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
