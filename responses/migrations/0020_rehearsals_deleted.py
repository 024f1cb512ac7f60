"""Rehearsals can be deleted whole, and the record of it can only be of a rehearsal."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0019_states_of_a_study'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='erasure',
            options={'ordering': ['-erased_at', '-id'], 'permissions': [('delete_rehearsal', 'Can delete the rehearsal of a study')]},
        ),
        migrations.AlterField(
            model_name='erasure',
            name='kind',
            field=models.CharField(choices=[('withdrawal', 'withdrawal'), ('rehearsal', 'deletion of a rehearsal')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rehearsal'), _negated=True), ('mode', 'rehearsal'), _connector='OR'), name='only_rehearsals_are_deleted'),
        ),
    ]
