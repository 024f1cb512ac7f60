"""What a study's rows said after each change."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# No erasure concerns it: it holds what is asked, and nothing of who answers.
GUARD = """
CREATE FUNCTION experiments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON experiments_edit
    FOR EACH ROW EXECUTE FUNCTION experiments_refuse_change();
"""
BACK = """
DROP TRIGGER append_only ON experiments_edit;
DROP FUNCTION experiments_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0006_release_free_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('made_by', models.CharField(blank=True, max_length=150)),
                ('way', models.CharField(choices=[('form', 'in a form'), ('import', 'by a study file at the desk'), ('load', 'by load_study'), ('copy', 'copied from another study'), ('back', 'taken back'), ('found', 'found so')], max_length=8)),
                ('source', models.CharField(blank=True, max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('canonical_json', models.TextField()),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='experiments.study')),
            ],
            options={
                'verbose_name': 'change',
                'ordering': ['study_id', '-number'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='one_edit_per_number'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='edit_counts_from_one')],
            },
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
