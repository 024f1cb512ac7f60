"""The desk's log of who changed what: no line of it is edited or taken out."""

from django.db import migrations

# No erasure concerns it: it names accounts of the desk, and nobody who answers.
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON django_admin_log
    FOR EACH ROW EXECUTE FUNCTION experiments_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('experiments', '0010_checks'),
        ('admin', '0003_logentry_add_action_flag_choices'),
    ]

    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON django_admin_log")]
