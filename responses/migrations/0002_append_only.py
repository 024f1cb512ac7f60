"""The database itself refuses to change what was recorded, unless an erasure was declared."""

from django.db import migrations

# TRUNCATE is left to the owner of the schema: no application role needs it.
REFUSE = """
CREATE FUNCTION coprod_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('coprod.erasure', true) = 'declared' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""
TABLES = (
    "experiments_designversion",
    "responses_submission",
    "responses_allocation",
    "responses_exportrecord",
)


class Migration(migrations.Migration):
    dependencies = [("experiments", "0001_initial"), ("responses", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION coprod_refuse_change()"),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER append_only ON {table}")
            for table in TABLES
        ),
    ]
