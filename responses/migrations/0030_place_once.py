"""Where somebody stood, and stands, is put together once for each page that they send.

It was twice: to see whether it differs, and for the note. What is noted stays the same.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION coprod_tally_participant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[] := '{}';
    after text[] := '{}';
    stood text;
    stands text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (NEW.study_id, NEW.mode, '{}', coprod_place(NEW) || coprod_facts(NEW));
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (OLD.study_id, OLD.mode, coprod_place(OLD) || coprod_facts(OLD), '{}');
        RETURN NULL;
    END IF;
    IF ROW(OLD.state, OLD.entered_at, OLD.consented_at, OLD.exposed_at, OLD.completed_at,
            OLD.language, OLD.device, OLD.listed, OLD.assignments)
        IS DISTINCT FROM ROW(NEW.state, NEW.entered_at, NEW.consented_at, NEW.exposed_at,
            NEW.completed_at, NEW.language, NEW.device, NEW.listed, NEW.assignments)
        -- Answers say nothing of who has not completed.
        OR NEW.state = 'completed' AND ROW(OLD.answers, OLD.not_shown, OLD.version_id)
            IS DISTINCT FROM ROW(NEW.answers, NEW.not_shown, NEW.version_id)
    THEN
        before := coprod_facts(OLD);
        after := coprod_facts(NEW);
    ELSIF OLD.flags IS DISTINCT FROM NEW.flags THEN
        before := coprod_flags(OLD.flags, OLD.state);
        after := coprod_flags(NEW.flags, NEW.state);
    ELSE
        -- Page, day of the last page and version are all that is left of where somebody stands.
        stood := coprod_place(OLD);
        stands := coprod_place(NEW);
        IF stood <> stands THEN
            INSERT INTO responses_tallychange (study_id, mode, lost, gained)
            VALUES (NEW.study_id, NEW.mode, ARRAY[stood], ARRAY[stands]);
        END IF;
        RETURN NULL;
    END IF;
    before := before || coprod_place(OLD);
    after := after || coprod_place(NEW);
    IF before <> after THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained) VALUES (
            NEW.study_id, NEW.mode,
            ARRAY(SELECT unnest(before) EXCEPT ALL SELECT unnest(after)),
            ARRAY(SELECT unnest(after) EXCEPT ALL SELECT unnest(before))
        );
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0029_logins_of_no_device")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
