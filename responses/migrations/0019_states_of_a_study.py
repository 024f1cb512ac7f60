"""How many of a study's participants are in each state, for whoever knows no tallies."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION coprod_states(of_study bigint, of_mode text)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH each AS (
        SELECT key, people AS n FROM responses_tally
        WHERE study_id = of_study AND mode = of_mode AND kind = 'place'
        UNION ALL
        SELECT substr(lost.key, 7), -1 FROM responses_tallychange c, unnest(c.lost) AS lost(key)
        WHERE c.study_id = of_study AND c.mode = of_mode AND starts_with(lost.key, 'place:')
        UNION ALL
        SELECT substr(gained.key, 7), 1
        FROM responses_tallychange c, unnest(c.gained) AS gained(key)
        WHERE c.study_id = of_study AND c.mode = of_mode AND starts_with(gained.key, 'place:')
    ), summed AS (
        SELECT split_part(key, '|', 1) AS state, sum(n)::bigint AS people FROM each GROUP BY 1
    )
    SELECT coalesce(jsonb_object_agg(state, people), '{}') FROM summed
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("responses", "0018_tallied_checks")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION coprod_states")]
