"""Enters a participant with the first page that they sent.

One statement makes the row, takes the panel's id or the invitation, so that neither lets anybody in
twice, whoever asks at once, and stores the page. Where the page takes a place in a quota or leads
to an arm, which only somebody who is there can hold, the row is made first.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.errors import ForeignKeyViolation

from experiments.answers import Answers
from experiments.design import Design
from responses import person, submission, tokens
from responses.designs import version_of
from responses.identities import sealed
from responses.links import Link, entry_link
from responses.models import State
from responses.planned import as_json, row_of
from responses.questionnaire import first_page
from responses.submission import Moved

__all__ = ["Newcomer", "admit", "entry_link"]

# The first revision is that of a page that was stored; before it nothing was. Who clicks twice at
# once has the same reference both times, too: a conflict over the token alone would make that an
# error.
_FRESH = """
WITH fresh AS (
    SELECT nextval(pg_get_serial_sequence('responses_participant', 'id')) AS id
    FROM experiments_study WHERE id = %(study)s::bigint AND status <> 'closed'
        AND NOT EXISTS (SELECT FROM responses_participant WHERE token_hash = %(token_hash)s::bytea)
)"""
# All or nothing: who is refused by the panel id or by the invitation leaves no participant.
_BOUND = """, identified AS (
    INSERT INTO responses_panelidentity (study_id, mode, value_hash, value, participant_id)
    SELECT %(study)s::bigint, %(mode)s::text, %(identity)s::bytea, %(identity_value)s::text, id
    FROM fresh
    WHERE %(identity)s::bytea IS NOT NULL
    ON CONFLICT ON CONSTRAINT one_participant_per_panel_id DO NOTHING
    RETURNING participant_id
), invited AS (
    UPDATE responses_invitation i SET participant_id = fresh.id, used_at = statement_timestamp()
    FROM fresh WHERE i.study_id = %(study)s::bigint AND i.token_hash = %(invitation)s::bytea
        AND i.used_at IS NULL
        AND (%(identity)s::bytea IS NULL OR EXISTS (SELECT FROM identified))
    RETURNING i.participant_id
)"""
_LET_IN = """
    WHERE (%(identity)s::bytea IS NULL OR EXISTS (SELECT FROM identified))
        AND (%(invitation)s::bytea IS NULL OR EXISTS (SELECT FROM invited))"""
_PERSON = """, person AS (
    INSERT INTO responses_participant (id, reference, study_id, version_id, mode, token_hash,
        state, revision, page, language, answers, assignments, parameters, orders, not_shown,
        tries, fingerprint, known_browser, awaits_exposure, completion_code, listed, device,
        consented_at, ended_at, completed_at)
    SELECT id, %(reference)s::uuid, %(study)s::bigint, %(version)s::bigint, %(mode)s::text,
        %(token_hash)s::bytea, %(state)s::text, %(revision)s::int, %(page)s::text,
        %(language)s::text, %(answers)s::jsonb, '{}', %(parameters)s::jsonb, %(orders)s::jsonb,
        %(not_shown)s::jsonb, %(tries)s::jsonb, %(fingerprint)s::bytea, %(known_browser)s::bool,
        %(shows_arm)s::bool AND %(state)s::text = 'answering', %(code)s::text,
        %(listed)s::jsonb, %(device)s::text,
        CASE WHEN %(consents)s::bool THEN statement_timestamp() END,
        CASE WHEN %(state)s::text <> 'answering' THEN statement_timestamp() END,
        CASE WHEN %(state)s::text = 'completed' THEN statement_timestamp() END
    FROM fresh"""
_SENT = """
    ON CONFLICT DO NOTHING
    RETURNING id, revision
), timed AS (
    INSERT INTO responses_paradata (participant_id, revision, page, seconds, facts)
    SELECT id, revision, %(sent_page)s::text, 0, %(paradata)s::jsonb
    FROM person WHERE revision > 0 AND %(paradata)s::jsonb IS NOT NULL
), sent AS (
    INSERT INTO responses_submission (participant_id, revision, page, language, answers,
        received_at)
    SELECT id, revision, %(sent_page)s::text, %(language)s::text, %(answers)s::jsonb,
        clock_timestamp()
    FROM person WHERE revision > 0
)
SELECT id FROM person
"""
ENTER = f"{_FRESH}{_PERSON}{_SENT}"
# By a link that brings a panel's id, an invitation or both.
ENTER_BOUND = f"{_FRESH}{_BOUND}{_PERSON}{_LET_IN}{_SENT}"
# Somebody of whom no page was stored yet.
NOTHING_SENT: dict[str, Any] = {
    "revision": 0,
    "state": State.ANSWERING,
    "answers": "{}",
    "orders": "{}",
    "not_shown": "[]",
    "tries": "{}",
    "code": "",
    "shows_arm": False,
    "consents": False,
    "paradata": None,
}


@dataclass(frozen=True)
class Newcomer:
    """Who comes in: into which version of which study, by which link, known by which token."""

    study: str
    study_id: int
    version_id: int
    mode: str
    token: str
    reference: UUID
    language: str
    link: Link = field(default_factory=Link)
    fingerprint: bytes | None = None
    known_browser: bool = False


def admit(
    *,
    newcomer: Newcomer,
    answers: Answers,
    paradata: Mapping[str, Any] | None = None,
    consents: bool | None = None,
) -> Moved | None:
    """Makes a participant and stores their first page: where they are then.

    The same token enters once: sent again it changes nothing, and says where its holder is. None if
    the panel's id or the invitation is somebody else's, or the study was closed meanwhile.
    """
    sent: dict[str, Any] = {"answers": answers, "paradata": paradata, "consents": consents}
    row = _row(newcomer, device=str((paradata or {}).get("device", "")))
    bound = bool(newcomer.link.identity or newcomer.link.invitation)
    statement = ENTER_BOUND if bound else ENTER
    if first := submission.of_nobody(participant=_nobody(newcomer), **sent):
        moved, columns = first
        return moved if _entered(statement, row | columns) else _stored(newcomer, sent)
    # An id that is known without a page that was stored would shut its owner out for good.
    with transaction.atomic() if bound else nullcontext():
        if row_of(statement, row | NOTHING_SENT):
            return _stored(newcomer, sent)
        if bound:
            transaction.set_rollback(True)
    return _stored(newcomer, sent)


def _entered(statement: str, row: dict[str, Any]) -> bool:
    """Whether the row was made, with its page."""
    try:
        return row_of(statement, row) is not None
    except IntegrityError as error:
        # Somebody entered by the same token, and another id or invitation, at the same moment: the
        # one of this request would be nobody's.
        if isinstance(error.__cause__, ForeignKeyViolation):
            return False
        raise


def _nobody(newcomer: Newcomer) -> person.Participant:
    return person.nobody(
        reference=newcomer.reference,
        version_id=newcomer.version_id,
        mode=newcomer.mode,
        page=first_page(version_of(newcomer.version_id).design).code,
        language=newcomer.language,
        parameters=newcomer.link.parameters,
    )


def _row(newcomer: Newcomer, *, device: str) -> dict[str, Any]:
    """What is stored of them but for their page; they stand on the first one."""
    link, study = newcomer.link, newcomer.study_id
    design = version_of(newcomer.version_id).design
    return {
        "reference": newcomer.reference,
        "study": study,
        "version": newcomer.version_id,
        "mode": newcomer.mode,
        "token_hash": tokens.token_hash(newcomer.token),
        "page": first_page(design).code,
        "sent_page": first_page(design).code,
        "language": newcomer.language,
        "parameters": as_json(link.parameters),
        "listed": as_json(_listed(design, link)),
        "device": device,
        "identity": tokens.identity_hash(study, link.identity) if link.identity else None,
        "identity_value": sealed(link.identity),
        "invitation": tokens.invitation_hash(link.invitation) if link.invitation else None,
        "fingerprint": newcomer.fingerprint,
        "known_browser": newcomer.known_browser,
    }


def _listed(design: Design, link: Link) -> dict[str, str]:
    """The parameters whose values the design lists."""
    codes = {each.code for each in design.parameters if each.values}
    return {code: text for code, text in link.parameters.items() if code in codes}


def _stored(newcomer: Newcomer, sent: dict[str, Any]) -> Moved | None:
    """Stores the first page of whoever holds the token, unless it is stored already."""
    found = person.read(newcomer.study, newcomer.token)
    if found is None:
        return None
    if found.revision == 0:
        if moved := submission.store(participant=found, **sent):
            return moved
        found = person.read(newcomer.study, newcomer.token) or found
    return Moved(found.page, State(found.state), found.completion_code)
