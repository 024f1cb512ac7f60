"""The log of who read who people are."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON responses_identityreading
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0009_membership'),
        ('responses', '0016_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdentityReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('panel_list', "a panel's list was checked"), ('panel_status', 'a panel asked for somebody'), ('invitations', 'the list of who was invited'), ('participant', 'one participant'), ('pay_list', 'a pay list'), ('reminders', 'a list to invite again')], max_length=16, verbose_name='what was read')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('actor', models.CharField(max_length=150)),
                ('read_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_readings', to='experiments.study')),
            ],
            options={
                'verbose_name': 'reading of identities',
                'verbose_name_plural': 'readings of identities',
                'ordering': ['-read_at', '-id'],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON responses_identityreading"),
    ]
