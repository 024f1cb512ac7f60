"""What is typed and not sent yet, kept by the server so that another device can go on with it."""

from enum import Enum
from typing import Any

from responses import outage, tokens
from responses.planned import as_json, row_of
from responses.questionnaire import Sent

LARGEST = 64 * 1024
# Those of an item, with a field for each option at most, and what a page sends itself.
MOST_FIELDS = 1000

# The lock waits for a page that is being stored and for a withdrawal, and sees what they did. The
# revision is that under it: reading holds it against that of the participant, see person.py.
SAVE = """
WITH person AS (
    SELECT p.id, p.page, p.revision, p.page = %(page)s::text AS here,
        p.state = 'answering' AND s.status <> 'closed' AS open
    FROM responses_participant p JOIN experiments_study s ON s.id = p.study_id
    WHERE p.token_hash = %(token_hash)s::bytea AND s.slug = %(study)s::text
    FOR SHARE OF p
), kept AS (
    INSERT INTO responses_draft AS kept (participant_id, page, revision, fields, number, saved_at)
    SELECT id, page, revision, %(fields)s::jsonb, coalesce(%(number)s::bigint, 1), clock_timestamp()
    FROM person WHERE here AND open
    ON CONFLICT (participant_id, page)
    DO UPDATE SET fields = excluded.fields, saved_at = excluded.saved_at,
        revision = excluded.revision,
        number = coalesce(%(number)s::bigint, kept.number + 1)
        WHERE %(number)s::bigint IS NULL OR kept.number < %(number)s::bigint
    RETURNING number
)
SELECT open, here, EXISTS (SELECT FROM kept) FROM person
"""
# What a page sends beside answers is no draft.
NUMBER = "draft_number"
OWN_FIELDS = outage.OWN_FIELDS | {"asked", "website", "nonce", NUMBER}


class Saved(Enum):
    """What became of a draft, with the HTTP status that says so."""

    KEPT = 204
    OVERTAKEN = 200  # a later one is there already
    UNKNOWN = 403
    MOVED_ON = 409
    ENDED = 410
    TOO_LARGE = 413
    UNREADABLE = 400


def save(*, study: str, token: str, page: str, fields: Sent) -> Saved:
    """Keeps the fields as the draft of the page that the token's holder is on; one statement.

    Their field `draft_number` says which draft it is: one that was overtaken is not kept.
    """
    typed = {name: list(values) for name, values in fields.items() if name not in OWN_FIELDS}
    texts = [text for name, values in typed.items() for text in (name, *values)]
    if len(typed) > MOST_FIELDS or sum(map(len, texts)) > LARGEST:
        return Saved.TOO_LARGE
    if not all(map(_storable, texts)):
        return Saved.UNREADABLE
    parameters: dict[str, Any] = {
        "study": study,
        "token_hash": tokens.token_hash(token),
        "page": page,
        "fields": as_json(typed),
        "number": _number(fields),
    }
    row = row_of(SAVE, parameters)
    if row is None:
        return Saved.UNKNOWN
    is_open, here, kept = row
    if not is_open:
        return Saved.ENDED
    if not here:
        return Saved.MOVED_ON
    return Saved.KEPT if kept else Saved.OVERTAKEN


def kept(fields: Sent) -> Sent:
    """The fields of a page that a draft can keep, when the page is left for another one."""
    return {
        name: values
        for name, values in fields.items()
        if name not in OWN_FIELDS and all(map(_storable, (name, *values)))
    }


def _number(fields: Sent) -> int | None:
    given = "".join(fields.get(NUMBER, ())[-1:])
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None


def _storable(text: str) -> bool:
    """Neither a NUL nor half a surrogate pair can be stored, and no browser sends one."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)
