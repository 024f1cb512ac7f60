"""Participants are counted as they go, so that no page of the desk counts them all.

One function says what a participant's row counts for. A trigger notes what a statement changed in
it, and `coprod_counted` counts everybody by it, which starts the tallies and checks them.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Value

MODES = [("live", "live"), ("pilot", "pilot"), ("rehearsal", "rehearsal")]

# Where those stand who entered before: what the link brought, and what the first page was sent by.
FILL = """
UPDATE responses_participant p SET listed = coalesce((
    SELECT jsonb_object_agg(brought.key, brought.value)
    FROM experiments_designversion v,
        jsonb_array_elements(v.canonical_json::jsonb -> 'parameters') AS parameter,
        jsonb_each_text(p.parameters) AS brought
    WHERE v.id = p.version_id AND brought.key = parameter ->> 'code'
        AND jsonb_array_length(coalesce(parameter -> 'values', '[]')) > 0
), '{}')
WHERE p.parameters <> '{}';
UPDATE responses_participant p SET device = coalesce(d.facts ->> 'device', '')
FROM responses_paradata d WHERE d.participant_id = p.id AND d.revision = 1;
"""

# An hour is its number since 1970. A length of time is in steps of 5 %.
FUNCTIONS = """
CREATE FUNCTION coprod_hour(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(extract(epoch FROM at) / 3600)::bigint::text
$$;

CREATE FUNCTION coprod_place(p responses_participant) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT 'place:' || concat_ws('|', p.state, p.version_id,
        (p.consented_at IS NOT NULL)::int, (p.exposed_at IS NOT NULL)::int,
        CASE WHEN p.state = 'answering' THEN p.page ELSE '' END,
        CASE WHEN p.state = 'answering'
            THEN floor(extract(epoch FROM p.last_seen_at) / 86400)::bigint::text ELSE '' END)
$$;

CREATE FUNCTION coprod_facts(p responses_participant) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        'entered:' || coprod_hour(p.entered_at),
        'consented:' || coprod_hour(p.consented_at),
        'exposed:' || coprod_hour(p.exposed_at),
        'completed:' || coprod_hour(p.completed_at),
        CASE WHEN p.completed_at IS NOT NULL THEN 'took:' || floor(20 * ln(greatest(1,
            extract(epoch FROM p.completed_at - p.entered_at)::float8)))::int::text END,
        'language:' || (p.state = 'completed')::int::text || '|' || p.language,
        'device:' || (p.state = 'completed')::int::text || '|' || p.device,
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

CREATE FUNCTION coprod_counted(one bigint)
RETURNS TABLE (study_id bigint, mode text, key text, people bigint) LANGUAGE sql STABLE AS $$
    SELECT each.study_id, each.mode, each.key, count(*) FROM (
        SELECT p.study_id, p.mode::text AS mode, unnest(coprod_place(p) || coprod_facts(p)) AS key
        FROM responses_participant p WHERE one IS NULL OR p.study_id = one
        UNION ALL
        SELECT v.study_id, a.mode, 'allocated:' || a.randomisation || '|' || a.arm
        FROM responses_allocation a JOIN experiments_designversion v ON v.id = a.version_id
        WHERE one IS NULL OR v.study_id = one
        UNION ALL
        SELECT c.study_id, c.mode, 'kept:' || c.id
        FROM responses_quotaplace q JOIN responses_quotacell c ON c.id = q.cell_id
        WHERE q.leased_until IS NULL AND (one IS NULL OR c.study_id = one)
    ) AS each GROUP BY 1, 2, 3
$$;
"""

TRIGGERS = """
CREATE FUNCTION coprod_tally_participant() RETURNS trigger LANGUAGE plpgsql AS $$
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
            OLD.language, OLD.device, OLD.listed, OLD.flags, OLD.assignments)
        IS DISTINCT FROM ROW(NEW.state, NEW.entered_at, NEW.consented_at, NEW.exposed_at,
            NEW.completed_at, NEW.language, NEW.device, NEW.listed, NEW.flags, NEW.assignments)
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

CREATE TRIGGER tallied AFTER INSERT OR DELETE OR UPDATE OF state, page, last_seen_at, entered_at,
    consented_at, exposed_at, completed_at, language, device, listed, flags, assignments
    ON responses_participant FOR EACH ROW EXECUTE FUNCTION coprod_tally_participant();

CREATE FUNCTION coprod_tally_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        SELECT study_id, OLD.mode, ARRAY['allocated:' || OLD.randomisation || '|' || OLD.arm], '{}'
        FROM experiments_designversion WHERE id = OLD.version_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        SELECT study_id, NEW.mode, '{}', ARRAY['allocated:' || NEW.randomisation || '|' || NEW.arm]
        FROM experiments_designversion WHERE id = NEW.version_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER tallied AFTER INSERT OR UPDATE OR DELETE ON responses_allocation
    FOR EACH ROW EXECUTE FUNCTION coprod_tally_allocation();

CREATE FUNCTION coprod_tally_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.leased_until IS NULL THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        SELECT study_id, mode, ARRAY['kept:' || id], '{}'
        FROM responses_quotacell WHERE id = OLD.cell_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.leased_until IS NULL THEN
        INSERT INTO responses_tallychange (study_id, mode, lost, gained)
        SELECT study_id, mode, '{}', ARRAY['kept:' || id]
        FROM responses_quotacell WHERE id = NEW.cell_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER tallied AFTER INSERT OR DELETE OR UPDATE OF leased_until, cell_id
    ON responses_quotaplace FOR EACH ROW EXECUTE FUNCTION coprod_tally_place();
"""

# Nobody writes while the tables are altered: the first count misses nobody.
START = """
INSERT INTO responses_tally (study_id, mode, kind, key, people)
SELECT study_id, mode, split_part(key, ':', 1), substr(key, strpos(key, ':') + 1), people
FROM coprod_counted(NULL);
"""

DROP = """
DROP TRIGGER tallied ON responses_quotaplace;
DROP TRIGGER tallied ON responses_allocation;
DROP TRIGGER tallied ON responses_participant;
DROP FUNCTION coprod_tally_place, coprod_tally_allocation, coprod_tally_participant,
    coprod_counted, coprod_facts, coprod_place, coprod_hour;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("experiments", "0006_release_free_text"),
        ("responses", "0012_flags_basis"),
    ]

    operations = [
        migrations.AddField(
            "participant",
            "listed",
            models.JSONField(db_default=Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            "participant",
            "device",
            models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                (
                    "beaten_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TallyChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mode", models.CharField(choices=MODES, max_length=9)),
                (
                    "lost",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "gained",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="experiments.study",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mode", models.CharField(choices=MODES, max_length=9)),
                ("kind", models.CharField(max_length=16)),
                ("key", models.TextField()),
                ("people", models.BigIntegerField()),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="experiments.study",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "mode", "kind", "key"), name="one_tally"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            "quotaplace",
            models.Index(
                condition=models.Q(("leased_until__isnull", False)),
                fields=["cell", "leased_until"],
                name="leased_places",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, DROP),
        migrations.RunSQL(START, migrations.RunSQL.noop),
    ]
