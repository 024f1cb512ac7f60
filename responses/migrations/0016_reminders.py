"""Reminders of invited people, whose lists are append-only."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON responses_reminding
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0007_history'),
        ('responses', '0015_pay_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='reminded',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='invitation',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Reminding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whom', models.CharField(choices=[('not_begun', 'invited, and not begun'), ('not_finished', 'begun, and not finished')], max_length=12)),
                ('links', models.CharField(choices=[('labels', 'none: their labels alone'), ('kept', 'those of the file that you kept'), ('new', 'new ones: links that were sent stop working')], max_length=8)),
                ('people', models.PositiveIntegerField()),
                ('actor', models.CharField(max_length=150)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remindings', to='experiments.study')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON responses_reminding"),
    ]
