"""A participant's row: reads it, stores one page of answers in it, moves the participant on.

Storing is one statement: it locks the row, compares its revision, appends the submission and
folds its answers in. No row back means that another request was faster; nothing was written then.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from experiments.design import Page, PageKind
from experiments.models import DesignVersion, Status
from experiments.randomisation import stratum_name
from responses import tokens
from responses.allocation import Holder, ListName, allocate
from responses.designs import version_of
from responses.models import State
from responses.questionnaire import needed_randomisations, next_page, shows_arm

COLUMNS = """
SELECT p.id, p.reference, p.version_id, p.mode, p.state, p.revision, p.page, p.language, p.answers,
    p.assignments, p.awaits_exposure, p.completion_code, s.status
FROM responses_participant p JOIN experiments_study s ON s.id = p.study_id
WHERE p.token_hash = %(token_hash)s AND s.slug = %(study)s
"""

# The first time that the page with the vignette is served is the exposure.
SERVE = f"""
WITH exposed AS (
    UPDATE responses_participant SET exposed_at = statement_timestamp(), awaits_exposure = false
    WHERE token_hash = %(token_hash)s AND page = %(page)s AND awaits_exposure
        AND study_id = (SELECT id FROM experiments_study WHERE slug = %(study)s AND status <> '{Status.CLOSED}')
)
{COLUMNS}
"""  # noqa: E501, S608 # both parts are constants

STORE = """
WITH person AS (
    SELECT id, revision + 1 AS revision FROM responses_participant
    WHERE id = %(id)s AND revision = %(revision)s AND state = 'answering'
        AND study_id IN (SELECT id FROM experiments_study WHERE status <> 'closed')
    FOR UPDATE
), stored AS (
    INSERT INTO responses_submission (participant_id, revision, page, language, answers)
    SELECT id, revision, %(sent_page)s, %(language)s, %(answers)s FROM person
)
UPDATE responses_participant p SET revision = person.revision, page = %(page)s,
    answers = p.answers || %(answers)s, last_seen_at = statement_timestamp(),
    awaits_exposure = %(shows_arm)s AND p.exposed_at IS NULL,
    state = %(state)s, completion_code = %(completion_code)s,
    completed_at = CASE WHEN %(state)s = 'completed' THEN statement_timestamp() END
FROM person WHERE p.id = person.id
"""


@dataclass(frozen=True)
class Participant:
    """A participant's row as the pages need it, with the status of their study."""

    id: int
    reference: UUID
    version_id: int
    mode: str
    state: str
    revision: int
    page: str
    language: str
    answers: Mapping[str, str | None]
    assignments: Mapping[str, Any]
    # True while they were not served the vignette that they are on.
    awaits_exposure: bool
    completion_code: str
    study_status: str

    @property
    def version(self) -> DesignVersion:
        """The design version that they began on and finish on."""
        return version_of(self.version_id)

    @property
    def levels(self) -> dict[str, str]:
        """The level of each factor that they were given, by the factor's code."""
        return {
            factor: level
            for assignment in self.assignments.values()
            for factor, level in assignment["levels"].items()
        }


FIELDS = tuple(field.name for field in fields_of(Participant))


def read(study: str, token: str) -> Participant | None:
    """The participant of that study who holds the token, None if nobody does."""
    return _one(COLUMNS, {"study": study, "token_hash": tokens.token_hash(token)})


def serve(study: str, token: str, page: str) -> Participant | None:
    """The same, and if this is their first sight of the vignette, that is recorded."""
    return _one(SERVE, {"study": study, "token_hash": tokens.token_hash(token), "page": page})


def store(*, participant: Participant, answers: Mapping[str, str | None]) -> str | None:
    """Stores the answers of the page that they are on and moves them to the next: its code.

    Allocates first where the next page needs an arm. None if another request moved them, or the
    study was closed, meanwhile: then no answer was written here.
    """
    page = next_page(participant.version.design, participant.page)
    if not _allocated(participant, page, {**participant.answers, **answers}):
        return None
    completed = page.kind is PageKind.END
    parameters: dict[str, Any] = {
        "id": participant.id,
        "revision": participant.revision,
        "sent_page": participant.page,
        "language": participant.language,
        "answers": Jsonb(dict(answers)),
        "page": page.code,
        "shows_arm": shows_arm(page),
        "state": State.COMPLETED if completed else State.ANSWERING,
        "completion_code": tokens.new_completion_code() if completed else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, parameters)
        return page.code if cursor.rowcount else None


def _allocated(participant: Participant, page: Page, answers: Mapping[str, str | None]) -> bool:
    """Sees to it that the participant has every assignment that the page needs.

    The stratum is that of the answers sent when the position was taken. If what is stored in the
    end differs, since two tabs sent different answers or a crash came between, it stays as it is:
    the ledger says how the arm was drawn. False if another request moved the participant on.
    """
    holder = Holder(participant.id, participant.reference, participant.revision)
    version = participant.version
    for randomisation in needed_randomisations(version.design, page):
        if randomisation.code not in participant.assignments:
            stratum = stratum_name(randomisation.strata, answers)
            name = ListName(version, randomisation, participant.mode, stratum)
            if allocate(holder=holder, name=name) is None:
                return False
    return True


def _one(statement: str, parameters: Mapping[str, Any]) -> Participant | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    fields = dict(zip(FIELDS, row, strict=True))
    for name in ("answers", "assignments"):
        fields[name] = json.loads(fields[name])
    return Participant(**fields)
