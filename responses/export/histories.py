"""The tables with a row for each answer, for each page that was sent, and for each timing.

Rows stand in the order of entry, then as they came. Each is read by its participant, in their
order, so that a server that streams them sorts nothing.
"""

from psycopg.sql import SQL, Composable, Composed, Literal

from experiments.design import ON_A_SCALE, ONE_CHOICE, Design, Item, ItemKind, Missing
from experiments.expansion import expanded
from experiments.variables.histories import ANSWERS, PARADATA, SUBMISSIONS
from responses.export.dataset import Dataset
from responses.export.secrets import Secrets, secrets_of
from responses.export.table import Table

PEOPLE = SQL(
    "(SELECT * FROM responses_participant"
    " WHERE study_id = {study} AND mode = {mode} ORDER BY id) p"
    " JOIN experiments_designversion v ON v.id = p.version_id"
)
_WHO = SQL("p.reference::text AS participant, v.number::bigint AS design_version")

_SUBMISSIONS = SQL("""
SELECT {who}, ({revision})::bigint AS revision, s.page::text AS page,
    s.language::text AS language, {received} AS received_at, {answers}::text AS answers
FROM {people} CROSS JOIN LATERAL (SELECT * FROM responses_submission
    WHERE participant_id = p.id ORDER BY revision OFFSET 0) s
WHERE NOT {hidden} ORDER BY p.id, s.revision
""")
_PARADATA = SQL("""
SELECT {who}, ({revision})::bigint AS revision, s.page::text AS page, {received} AS received_at,
    ({seconds})::double precision AS seconds, s.facts ->> 'device' AS device,
    (s.facts ->> 'w')::bigint AS width, (s.facts ->> 'h')::bigint AS height,
    (s.facts ->> 'touch')::boolean::int::bigint AS touch, ({unseen})::bigint AS hidden_ms,
    ({times})::bigint AS hidden_count,
    (s.facts ->> 'honeypot')::boolean::int::bigint AS honeypot, ({items})::text AS items
FROM {people} CROSS JOIN LATERAL (SELECT * FROM responses_paradata
    WHERE participant_id = p.id ORDER BY revision OFFSET 0) s
WHERE NOT {hidden} ORDER BY p.id, s.revision
""")
# `i` are the items of their version in the order asked, `t` when each was last answered.
_ANSWERS = SQL("""
SELECT {who}, i.page, i.item,
    CASE WHEN o.missing IS NULL THEN CASE jsonb_typeof(o.said)
        WHEN 'array' THEN (SELECT string_agg(code, ' ' ORDER BY at)
            FROM jsonb_array_elements_text(o.said) WITH ORDINALITY AS each(code, at))
        WHEN 'object' THEN (SELECT string_agg(code || '=' || points, ' ' ORDER BY code COLLATE "C")
            FROM jsonb_each_text(o.said) AS each(code, points))
        ELSE o.said #>> '{{}}' END END AS value,
    CASE o.missing WHEN 'prefer_not_to_say' THEN i.prefer WHEN 'dont_know' THEN i.unsure
        ELSE CASE WHEN o.missing IS NULL AND i.chosen THEN o.said #>> '{{}}' END END AS code,
    CASE WHEN o.missing IS NULL AND i.counts THEN (o.said #>> '{{}}')::double precision END
        AS number,
    o.missing, {at} AS answered_at
FROM {people}
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(code, received_at) AS last FROM (
        SELECT code, max(s.received_at) AS received_at
        FROM responses_submission s, jsonb_object_keys(s.answers) AS each(code)
        WHERE s.participant_id = p.id GROUP BY code
    ) sent OFFSET 0
) t ON true
CROSS JOIN LATERAL unnest({items}) WITH ORDINALITY
    AS i(item, page, prefer, unsure, chosen, counts, place)
CROSS JOIN LATERAL (
    SELECT p.answers -> i.item AS said, CASE
        WHEN jsonb_exists(p.not_shown, i.item) THEN 'not_shown'
        WHEN jsonb_typeof(p.answers -> i.item) = 'null' THEN 'skipped'
        WHEN jsonb_typeof(p.answers -> i.item -> 'missing') = 'string'
            THEN p.answers -> i.item ->> 'missing' END AS missing
    OFFSET 0
) o
WHERE (o.said IS NOT NULL OR o.missing IS NOT NULL) AND NOT {hidden}
ORDER BY p.id, i.place
""")
_PAGE = SQL("s.page")


def submissions_table(dataset: Dataset) -> Table:
    """A row for each page that was sent, with its answers as JSON."""
    secrets = secrets_of(dataset)
    query = _SUBMISSIONS.format(
        who=_WHO,
        people=people(dataset),
        revision=secrets.uncounted(SQL("s.revision"), _PAGE),
        received=secrets.untimed(SQL("s.received_at"), _PAGE),
        answers=_without(dataset.left_out, secrets.without_items(SQL("s.answers"))),
        hidden=secrets.hides_page(_PAGE),
    )
    return Table("submissions", SUBMISSIONS, query)


def paradata_table(dataset: Dataset) -> Table:
    """A row for each page that was sent or left by going back, with its times and the device."""
    secrets = secrets_of(dataset)
    fact = SQL("(s.facts ->> {})")
    items = secrets.without_items(SQL("(s.facts -> 'items')"))
    query = _PARADATA.format(
        who=_WHO,
        people=people(dataset),
        revision=secrets.uncounted(SQL("s.revision"), _PAGE),
        received=secrets.untimed(SQL("s.received_at"), _PAGE),
        seconds=secrets.untimed(SQL("s.seconds"), _PAGE),
        unseen=secrets.untimed(fact.format(Literal("hidden_ms")), _PAGE),
        times=secrets.untimed(fact.format(Literal("hidden_count")), _PAGE),
        items=secrets.untimed(items, _PAGE),
        hidden=secrets.hides_page(_PAGE),
    )
    return Table("paradata", PARADATA, query)


def answers_table(dataset: Dataset) -> Table:
    """A row for each item that a participant answered, left empty, or was not to be shown.

    What they have not come to has no row; nor has what is secret.
    """
    secrets = secrets_of(dataset)
    at = secrets.untimed(SQL("(t.last ->> i.item)::timestamptz"), SQL("i.page"))
    query = _ANSWERS.format(
        who=_WHO,
        people=people(dataset),
        at=at,
        items=_items(dataset),
        hidden=_hidden(secrets),
    )
    return Table("answers", ANSWERS, query)


def people(dataset: Dataset) -> Composed:
    """The participants in the order of entry, as `p`, with their version as `v`."""
    return PEOPLE.format(study=Literal(dataset.study_id), mode=Literal(str(dataset.mode)))


def _without(left_out: frozenset[str], json: Composed) -> Composed:
    """A JSON object by items, without those."""
    return SQL("({} - {}::text[])").format(json, Literal(sorted(left_out))) if left_out else json


def _hidden(secrets: Secrets) -> Composed:
    item, page = secrets.hides_item(SQL("i.item")), secrets.hides_page(SQL("i.page"))
    return SQL("({} OR {})").format(item, page)


def _items(dataset: Dataset) -> Composed:
    """For each version what is asked, as arrays side by side."""
    asked = [
        (version, [item for item in _asked(expanded(design)) if item[0] not in dataset.left_out])
        for version, design in dataset.versions
    ]
    types = ("text", "text", "text", "text", "boolean", "boolean")
    arrays: list[Composable] = []
    for place, type_ in enumerate(types):
        cases = SQL(" ").join(
            SQL("WHEN {} THEN {}::{}[]").format(
                Literal(version), Literal([item[place] for item in items]), SQL(type_)
            )
            for version, items in asked
        )
        arrays.append(SQL("CASE p.version_id {} END").format(cases))
    return SQL(", ").join(arrays)


def _asked(design: Design) -> list[tuple[str, str, str | None, str | None, bool, bool]]:
    """Item, page, codes of the two kinds of missing, whether it is one choice, and a number."""
    found = []
    for page in design.pages:
        for item in page.items:
            if item.kind is not ItemKind.STATEMENT:
                options = design.options(item)
                codes = {option.missing: option.code for option in options if option.missing}
                prefer, unsure = codes.get(Missing.PREFER_NOT_TO_SAY), codes.get(Missing.DONT_KNOW)
                chosen = item.kind in ONE_CHOICE
                found.append((item.code, page.code, prefer, unsure, chosen, _counts(design, item)))
    return found


def _counts(design: Design, item: Item) -> bool:
    """Whether its answers are numbers."""
    if item.kind not in ONE_CHOICE | ON_A_SCALE:
        return item.kind in (ItemKind.NUMBER, ItemKind.SLIDER)
    codes = (option.code for option in design.options(item) if option.missing is Missing.NONE)
    return all(code.lstrip("-").isdecimal() for code in codes)
