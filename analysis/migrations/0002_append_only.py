"""A spent look is never edited: the database refuses it."""

from django.db import migrations

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON analysis_look
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_initial"), ("responses", "0002_append_only")]

    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON analysis_look")]
