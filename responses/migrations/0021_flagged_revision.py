"""Flags know of which revision they are, and a change of flags alone is noted with less work.

Flags change for many at a time, when somebody asks for an export. The note of a participant whose
flags alone changed needs none of their other facts, which took most of the time.
"""

from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION coprod_tally_participant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[] := '{}';
    after text[] := '{}';
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
    -- Most pages only move somebody on, which is all that is looked at then.
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
    END IF;
    IF OLD.page <> NEW.page OR OLD.last_seen_at <> NEW.last_seen_at
        OR OLD.version_id <> NEW.version_id OR OLD.state <> NEW.state
        OR OLD.consented_at IS DISTINCT FROM NEW.consented_at
        OR OLD.exposed_at IS DISTINCT FROM NEW.exposed_at
    THEN
        before := before || coprod_place(OLD);
        after := after || coprod_place(NEW);
    END IF;
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
# Part of what `coprod_facts` says.
FLAGS = """
CREATE OR REPLACE FUNCTION coprod_flags(flags jsonb, state text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN flags IS NULL AND state <> 'withdrawn' THEN ARRAY['unseen:'] ELSE ARRAY(
        SELECT 'flag:' || key || '|' || value FROM jsonb_each_text(flags) WHERE value IS NOT NULL
    ) END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0020_rehearsals_deleted")]

    operations = [
        migrations.AddField(
            "participant", "flagged_revision", models.PositiveIntegerField(null=True)
        ),
        migrations.RunSQL(FLAGS + FUNCTION, migrations.RunSQL.noop),
    ]
