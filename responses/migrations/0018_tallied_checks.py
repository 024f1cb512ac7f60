"""Completes are tallied by the checks that they failed, so that who is eligible is not counted."""

from django.db import migrations

# A check that was not asked, or is not to be shown in the end, is not failed.
FAILED = """
CREATE FUNCTION coprod_failed(p responses_participant) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT 'checks:' || v.id || '|' || (
        SELECT coalesce(string_agg(key, ',' ORDER BY key COLLATE "C"), '')
        FROM jsonb_each(v.checks)
        WHERE p.answers ? key AND NOT p.not_shown @> jsonb_build_array(key)
            AND NOT p.answers @> jsonb_build_object(key, value)
    ) FROM experiments_designversion v WHERE v.id = p.version_id
$$;
"""

# What they were before, but for one line each.
FACTS = """
CREATE OR REPLACE FUNCTION coprod_facts(p responses_participant)
RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        'entered:' || coprod_hour(p.entered_at),
        'consented:' || coprod_hour(p.consented_at),
        'exposed:' || coprod_hour(p.exposed_at),
        'completed:' || coprod_hour(p.completed_at),
        CASE WHEN p.completed_at IS NOT NULL THEN 'took:' || floor(20 * ln(greatest(1,
            extract(epoch FROM p.completed_at - p.entered_at)::float8)))::int::text END,
        'language:' || (p.state = 'completed')::int::text || '|' || p.language,
        'device:' || (p.state = 'completed')::int::text || '|' || p.device,
        {failed}
        CASE WHEN p.flags IS NULL AND p.state <> 'withdrawn' THEN 'unseen:' END
    ], NULL) || ARRAY(
        SELECT 'listed:' || (p.state = 'completed')::int::text || '|' || key || '=' || value
        FROM jsonb_each_text(p.listed)
    ) || ARRAY(
        SELECT 'flag:' || key || '|' || value FROM jsonb_each_text(p.flags) WHERE value IS NOT NULL
    ) || ARRAY(
        SELECT 'arm:' || concat_ws('|', key, value ->> 'arm', p.state,
            (p.exposed_at IS NOT NULL)::int)
        FROM jsonb_each(p.assignments)
    )
$$;
"""
ASKED = "CASE WHEN p.state = 'completed' THEN coprod_failed(p) END,"

TALLY = """
CREATE OR REPLACE FUNCTION coprod_tally_participant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[] := '{{}}';
    after text[] := '{{}}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (NEW.study_id, NEW.mode, '{{}}', coprod_place(NEW) || coprod_facts(NEW));
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (OLD.study_id, OLD.mode, coprod_place(OLD) || coprod_facts(OLD), '{{}}');
        RETURN NULL;
    END IF;
    -- Most pages only move somebody on, which is all that is looked at then.
    IF ROW(OLD.state, OLD.entered_at, OLD.consented_at, OLD.exposed_at, OLD.completed_at,
            OLD.language, OLD.device, OLD.listed, OLD.flags, OLD.assignments)
        IS DISTINCT FROM ROW(NEW.state, NEW.entered_at, NEW.consented_at, NEW.exposed_at,
            NEW.completed_at, NEW.language, NEW.device, NEW.listed, NEW.flags, NEW.assignments)
        {changed}
    THEN
        before := coprod_facts(OLD);
        after := coprod_facts(NEW);
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
DROP TRIGGER tallied ON responses_participant;
CREATE TRIGGER tallied AFTER INSERT OR DELETE OR UPDATE OF state, page, last_seen_at, entered_at,
    consented_at, exposed_at, completed_at, language, device, listed, flags, assignments{columns}
    ON responses_participant FOR EACH ROW EXECUTE FUNCTION coprod_tally_participant();
"""
# Answers say nothing of who has not completed.
CHANGED = """OR NEW.state = 'completed' AND ROW(OLD.answers, OLD.not_shown, OLD.version_id)
            IS DISTINCT FROM ROW(NEW.answers, NEW.not_shown, NEW.version_id)"""
COLUMNS = ",\n    answers, not_shown, version_id"

# Nobody writes while the trigger is replaced: the first count misses nobody.
START = """
INSERT INTO responses_tally (study_id, mode, kind, key, people)
SELECT study_id, mode, 'checks', substr(key, 8), count(*) FROM (
    SELECT p.study_id, p.mode, coprod_failed(p) AS key
    FROM responses_participant p WHERE p.state = 'completed'
) AS each GROUP BY 1, 2, 4;
"""
BACK = """
DELETE FROM responses_tally WHERE kind = 'checks';
DROP FUNCTION coprod_failed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("experiments", "0010_checks"),
        ("responses", "0017_identity_readings"),
    ]

    operations = [
        migrations.RunSQL(FAILED, BACK),
        migrations.RunSQL(
            FACTS.replace("{failed}", ASKED), FACTS.replace("        {failed}\n", "")
        ),
        migrations.RunSQL(
            TALLY.format(changed=CHANGED, columns=COLUMNS),
            TALLY.format(changed="", columns=""),
        ),
        migrations.RunSQL(START, migrations.RunSQL.noop),
    ]
