"""A note for the tallies is put together of what changed, and costs Postgres less.

Who goes on, is given an arm, sees the vignette or completes has what changes then noted; what else
befalls a row is noted as before, by all that it counted for and all that it counts for. What is
noted comes to the same, to the letter, and notes that are there already are folded as ever.

A function that is one expression Postgres puts in the place of its call; one that asks a query is
carried out as a statement of its own each time. So what words one fact is an expression, and
queries are asked of rows that have something to be asked for.
"""

from importlib import import_module

from django.db import migrations

WORDS = """
CREATE OR REPLACE FUNCTION coprod_place(state text, version_id bigint, consented_at timestamptz,
    exposed_at timestamptz, page text, seen_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'place:' || state || '|' || version_id::text
        || CASE WHEN consented_at IS NULL THEN '|0' ELSE '|1' END
        || CASE WHEN exposed_at IS NULL THEN '|0|' ELSE '|1|' END
        || CASE WHEN state = 'answering'
            THEN page || '|' || ((seen_at AT TIME ZONE 'UTC')::date - date '1970-01-01')::text
            ELSE '|' END
$$;

CREATE OR REPLACE FUNCTION coprod_place(p responses_participant)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coprod_place(
        p.state, p.version_id, p.consented_at, p.exposed_at, p.page, p.last_seen_at
    )
$$;

CREATE OR REPLACE FUNCTION coprod_took(entered_at timestamptz, completed_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'took:' || floor(20 * ln(greatest(1,
        extract(epoch FROM completed_at - entered_at)::float8)))::int::text
$$;

CREATE OR REPLACE FUNCTION coprod_of(kind text, state text, value text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT kind || CASE WHEN state = 'completed' THEN ':1|' ELSE ':0|' END || value
$$;

CREATE OR REPLACE FUNCTION coprod_arm(code text, given jsonb, state text, exposed_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'arm:' || code || coalesce('|' || (given ->> 'arm'), '') || '|' || state
        || CASE WHEN exposed_at IS NULL THEN '|0' ELSE '|1' END
$$;
"""

# Most rows have neither a list's values nor flags, and many no arm: a query is asked where they do.
FACTS = """
CREATE OR REPLACE FUNCTION coprod_facts(p responses_participant)
RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    facts text[];
BEGIN
    facts := array_remove(ARRAY[
        'entered:' || coprod_hour(p.entered_at),
        'consented:' || coprod_hour(p.consented_at),
        'exposed:' || coprod_hour(p.exposed_at),
        coprod_of('language', p.state, p.language),
        coprod_of('device', p.state, p.device),
        CASE WHEN p.flags IS NULL AND p.state <> 'withdrawn' THEN 'unseen:' END
    ], NULL);
    IF p.completed_at IS NOT NULL THEN
        facts := facts || ARRAY[
            'completed:' || coprod_hour(p.completed_at),
            coprod_took(p.entered_at, p.completed_at)
        ];
    END IF;
    IF p.state = 'completed' THEN
        facts := facts || coprod_failed(p);
    END IF;
    IF p.listed <> '{}' THEN
        facts := facts || ARRAY(
            SELECT coprod_of('listed', p.state, key || '=' || value) FROM jsonb_each_text(p.listed)
        );
    END IF;
    IF p.flags IS NOT NULL THEN
        facts := facts || ARRAY(
            SELECT 'flag:' || key || '|' || value
            FROM jsonb_each_text(p.flags) WHERE value IS NOT NULL
        );
    END IF;
    IF p.assignments <> '{}' THEN
        facts := facts || ARRAY(
            SELECT coprod_arm(key, value, p.state, p.exposed_at) FROM jsonb_each(p.assignments)
        );
    END IF;
    RETURN facts;
END $$;
"""


def _place(row: str) -> str:
    columns = ("state", "version_id", "consented_at", "exposed_at", "page", "last_seen_at")
    return f"coprod_place({', '.join(f'{row}.{column}' for column in columns)})"


def _arms(row: str) -> str:
    words = f"coprod_arm(key, value, {row}.state, {row}.exposed_at)"
    return f"ARRAY(SELECT {words} FROM jsonb_each({row}.assignments))"


def _listed(row: str) -> str:
    words = f"coprod_of('listed', {row}.state, key || '=' || value)"
    return f"""CASE WHEN {row}.listed <> '{{}}' THEN ARRAY(
                    SELECT {words} FROM jsonb_each_text({row}.listed)
                ) END"""


def _ended(row: str) -> str:
    return f"""coprod_of('language', {row}.state, {row}.language),
                    coprod_of('device', {row}.state, {row}.device)"""


# Asked for first, since most changes are of these; each question costs.
# A check of the table holds that who has not completed has no time of it. Where an arm is given to
# somebody who has one already, that one is lost and gained, which comes to nothing.
FREQUENT = f"""
    IF TG_OP = 'UPDATE' AND OLD.state = 'answering' AND OLD.entered_at = NEW.entered_at
        AND OLD.consented_at IS NOT DISTINCT FROM NEW.consented_at
        AND OLD.language = NEW.language AND OLD.device = NEW.device
        AND OLD.listed = NEW.listed AND OLD.flags IS NOT DISTINCT FROM NEW.flags
    THEN
        IF NEW.state = 'answering' THEN
            stood := {_place("OLD")};
            stands := {_place("NEW")};
            IF OLD.assignments = NEW.assignments
                AND OLD.exposed_at IS NOT DISTINCT FROM NEW.exposed_at
            THEN
                IF stood <> stands THEN
                    INSERT INTO responses_tallychange (study_id, mode, lost, gained)
                    VALUES (NEW.study_id, NEW.mode, ARRAY[stood], ARRAY[stands]);
                END IF;
                RETURN NULL;
            ELSIF OLD.exposed_at IS NULL AND stood <> stands THEN
                INSERT INTO responses_tallychange (study_id, mode, lost, gained) VALUES (
                    NEW.study_id, NEW.mode,
                    ARRAY[stood] || {_arms("OLD")},
                    CASE WHEN NEW.exposed_at IS NULL THEN ARRAY[stands]
                        ELSE ARRAY[stands, 'exposed:' || coprod_hour(NEW.exposed_at)] END
                    || {_arms("NEW")}
                );
                RETURN NULL;
            END IF;
        ELSIF NEW.state = 'completed' AND OLD.exposed_at IS NOT DISTINCT FROM NEW.exposed_at THEN
            INSERT INTO responses_tallychange (study_id, mode, lost, gained) VALUES (
                NEW.study_id, NEW.mode,
                ARRAY[
                    {_place("OLD")},
                    {_ended("OLD")}
                ] || {_arms("OLD")} || {_listed("OLD")},
                ARRAY[
                    {_place("NEW")},
                    {_ended("NEW")},
                    'completed:' || coprod_hour(NEW.completed_at),
                    coprod_took(NEW.entered_at, NEW.completed_at),
                    coprod_failed(NEW)
                ] || {_arms("NEW")} || {_listed("NEW")}
            );
            RETURN NULL;
        END IF;
    END IF;
"""

TALLY = f"""
CREATE OR REPLACE FUNCTION coprod_tally_participant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[];
    after text[];
    stood text;
    stands text;
BEGIN{FREQUENT}    IF TG_OP = 'INSERT' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (NEW.study_id, NEW.mode, '{{}}', coprod_place(NEW) || coprod_facts(NEW));
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        VALUES (OLD.study_id, OLD.mode, coprod_place(OLD) || coprod_facts(OLD), '{{}}');
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

# What the functions were, in the migrations that made them.
_CHECKED = import_module("responses.migrations.0018_tallied_checks")
BACK = f"""
{import_module("responses.migrations.0030_place_once").FUNCTION}
{_CHECKED.FACTS.replace("{failed}", _CHECKED.ASKED)}
CREATE OR REPLACE FUNCTION coprod_place(p responses_participant)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT 'place:' || concat_ws('|', p.state, p.version_id,
        (p.consented_at IS NOT NULL)::int, (p.exposed_at IS NOT NULL)::int,
        CASE WHEN p.state = 'answering' THEN p.page ELSE '' END,
        CASE WHEN p.state = 'answering'
            THEN floor(extract(epoch FROM p.last_seen_at) / 86400)::bigint::text ELSE '' END)
$$;
DROP FUNCTION coprod_place(text, bigint, timestamptz, timestamptz, text, timestamptz), coprod_took,
    coprod_of, coprod_arm;
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0032_drafts_know_their_revision")]

    operations = [migrations.RunSQL(WORDS + FACTS + TALLY, BACK)]
