"""Goes back, or on in another language: nothing is sent, and what was typed stays as a draft."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from experiments.design import ItemKind
from responses.person import Participant
from responses.planned import as_json, rows_changed
from responses.questionnaire import (
    Fault,
    Sent,
    as_fields,
    not_shown,
    previous_page,
    shows_arm,
)
from responses.questionnaire.reading import read

# What was typed stays on the page that it was typed on, and so does the time that it took.
_PERSON = """
WITH person AS (
    SELECT id, revision + 1 AS revision, page, greatest(last_seen_at, exposed_at) AS since
    FROM responses_participant
    WHERE id = %(id)s::bigint AND revision = %(revision)s::int AND state = 'answering'
        AND study_id IN (SELECT id FROM experiments_study WHERE status <> 'closed')
    FOR UPDATE
)"""
_KEPT = """, kept AS (
    INSERT INTO responses_draft (participant_id, page, fields)
    SELECT id, %(from)s::text, %(fields)s::jsonb FROM person
    ON CONFLICT (participant_id, page)
    DO UPDATE SET fields = excluded.fields, saved_at = statement_timestamp(), revision = NULL,
        number = responses_draft.number + 1
)"""
# Nothing comes with it: what they type on their page elsewhere is kept as it is.
_HELD = """, held AS (
    UPDATE responses_draft d SET revision = NULL FROM person
    WHERE d.participant_id = person.id AND d.page = person.page
        AND d.revision = person.revision - 1
)"""
_TURNED = """, timed AS (
    INSERT INTO responses_paradata (participant_id, revision, page, seconds, facts)
    SELECT id, revision, page, extract(epoch FROM statement_timestamp() - since), '{}'
    FROM person WHERE page <> %(page)s::text AND %(timed)s::bool
)
UPDATE responses_participant p SET language = %(language)s::text, page = %(page)s::text,
    revision = person.revision, not_shown = %(not_shown)s::jsonb,
    last_seen_at =
        CASE WHEN p.page = %(page)s::text THEN p.last_seen_at ELSE statement_timestamp() END,
    awaits_exposure = %(shows_arm)s::bool AND p.exposed_at IS NULL
FROM person WHERE p.id = person.id
"""
TURN = _PERSON + _KEPT + _TURNED
TURN_ALONE = _PERSON + _HELD + _TURNED
# A draft that was being saved until now is seen by the statement after this one alone.
LOCK = "SELECT id FROM responses_participant WHERE id = %(id)s::bigint FOR UPDATE"


def turn(
    *, participant: Participant, fields: Sent | None, language: str = "", back: bool = False
) -> str:
    """Changes the language, or goes back, and keeps what was typed: the page that they are on then.

    Nothing is kept anew if `fields` is None. Nothing changes if another request was faster; a page
    that does not let them back only keeps what was typed.
    """
    design = participant.design
    language = language if language in design.languages else participant.language
    before = previous_page(design, participant.page, participant.facts) if back else None
    page = before or participant.on
    parameters: dict[str, Any] = {
        "id": participant.id,
        "revision": participant.revision,
        "from": participant.page,
        "timed": design.paradata,
        "fields": None if fields is None else _draft(participant, fields, language),
        "language": language,
        "page": page.code,
        "shows_arm": shows_arm(design, page),
        "not_shown": as_json(not_shown(design, page.code, participant.facts)),
    }
    return page.code if _turned(parameters) else participant.page


def _turned(parameters: Mapping[str, Any]) -> bool:
    if parameters["fields"] is not None:
        return bool(rows_changed(TURN, parameters))
    with transaction.atomic():
        rows_changed(LOCK, parameters)
        return bool(rows_changed(TURN_ALONE, parameters))


def _draft(participant: Participant, fields: Sent, language: str) -> str:
    """The fields as a draft; its numbers are written as the new language reads them."""
    design, kept = participant.design, dict(fields)
    for item in participant.on.items:
        if item.kind is ItemKind.NUMBER:
            answer = read(design, item, fields, participant.language)
            if isinstance(answer, str) and not isinstance(answer, Fault):
                kept |= as_fields(design, item, answer, language)
    return as_json(kept)
