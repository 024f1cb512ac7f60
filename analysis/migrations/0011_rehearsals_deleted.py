"""The log of a rehearsal's looks says when the rehearsal was deleted; no other log can."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0010_bundle_starts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lookevent',
            name='kind',
            field=models.CharField(choices=[('ordered', 'ordered'), ('spent', 'spent'), ('opened', 'opened'), ('failed', 'failed'), ('retried', 'run again'), ('paused', 'recruitment paused'), ('replanned', 'sample size fixed anew'), ('erased', 'rehearsal deleted')], max_length=9),
        ),
        migrations.AddConstraint(
            model_name='lookevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'erased'), _negated=True), ('mode', 'rehearsal'), _connector='OR'), name='only_looks_of_rehearsals_are_erased'),
        ),
    ]
