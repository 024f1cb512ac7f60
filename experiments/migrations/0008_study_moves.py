"""The moves that a study made: when, and by whom."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# No erasure concerns it: it holds what became of a study, and nothing of who answers.
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON experiments_studymove
    FOR EACH ROW EXECUTE FUNCTION experiments_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0007_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='StudyMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pilot', 'launched its pilot'), ('launch', 'launched'), ('pause', 'paused'), ('resume', 'resumed'), ('close', 'closed')], max_length=6)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('made_by', models.CharField(blank=True, max_length=150)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='experiments.study')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experiments.designversion')),
            ],
            options={
                'verbose_name': 'move',
                'ordering': ['study', 'id'],
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON experiments_studymove"),
    ]
