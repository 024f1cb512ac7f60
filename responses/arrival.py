"""How a participant enters and is known again: consent, the cookie, the resume code."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from experiments.models import Status
from experiments.modes import version_for
from responses import tokens
from responses.designs import version_of
from responses.models import Mode, State
from responses.questionnaire import AGREE, first_page

# Only somebody of the link's own mode who has left the first page is somewhere to go back to.
READ_DOOR = """
SELECT s.id, s.status, s.live_version_id, s.pilot_version_id, p.state, p.page
FROM experiments_study s
LEFT JOIN responses_participant p ON p.study_id = s.id AND p.token_hash = %s
    AND p.mode = %s AND p.revision > 0
WHERE s.slug = %s
"""

ENTER = """
INSERT INTO responses_participant (reference, study_id, version_id, mode, token_hash, state,
    revision, page, language, answers, assignments, awaits_exposure, consented_at, completion_code)
VALUES (%(reference)s, %(study)s, %(version)s, %(mode)s, %(token_hash)s, %(state)s,
    0, %(page)s, %(language)s, '{}', '{}', false,
    CASE WHEN %(state)s = 'refused' THEN NULL ELSE statement_timestamp() END, '')
ON CONFLICT (token_hash) DO NOTHING
"""


@dataclass(frozen=True)
class Door:
    """A study as its link is opened: what is open, and who of it the browser already is."""

    study_id: int
    status: str
    live_version: int | None
    pilot_version: int | None
    state: str | None
    page: str | None

    def version_for(self, mode: str) -> int | None:
        """The id of the version that somebody of this mode enters, None if the door is shut."""
        opened = (Status.LIVE,) if mode == Mode.LIVE else tuple(set(Status) - {Status.CLOSED})
        if self.status not in opened:
            return None
        return version_for(mode, live=self.live_version, pilot=self.pilot_version)


def read_door(slug: str, token: str, mode: str) -> Door | None:
    """The study's door, None if there is no such study; one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(READ_DOOR, [tokens.token_hash(token), mode, slug])
        row = cursor.fetchone()
    return Door(*row) if row else None


def enter(
    *, study_id: int, version_id: int, mode: str, token: str, language: str, consent: str
) -> None:
    """Records that somebody consented or refused; they stand on the consent page.

    The same token enters once: a second sending finds the first and changes nothing.
    """
    parameters: dict[str, Any] = {
        "reference": uuid.uuid4(),
        "study": study_id,
        "version": version_id,
        "mode": mode,
        "token_hash": tokens.token_hash(token),
        "state": State.ANSWERING if consent == AGREE else State.REFUSED,
        "page": first_page(version_of(version_id).design).code,
        "language": language,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENTER, parameters)


def entry_link(study: str, mode: str, base: str = "") -> str:
    """The address by which participants of a mode enter; signed unless they are live."""
    path = f"{base.rstrip('/')}/s/{study}/"
    return path if mode == Mode.LIVE else f"{path}?mode={mode}&key={tokens.sign_link(study, mode)}"


def mode_of(study: str, mode: str, key: str) -> str | None:
    """The mode that a link's parameters prove: live without any, None if they prove nothing."""
    if not mode and not key:
        return Mode.LIVE
    known = mode in (Mode.PILOT, Mode.REHEARSAL)
    return mode if known and tokens.link_is_signed(study, mode, key) else None
