"""A study as its link is opened: what is open, and who of it the browser already is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from experiments.design import Outcome
from experiments.models import Status
from experiments.modes import version_for
from responses import tokens
from responses.links import Link
from responses.models import Mode, State
from responses.planned import row_of

# Only somebody of the link's own mode who has left the first page is somewhere to go back to. A
# browser that two people of a panel share is only known to the one whose id the link brings.
READ_DOOR = """
SELECT s.id, s.status, s.live_version_id, s.pilot_version_id, p.state, p.page, h.value_hash,
    CASE WHEN i.id IS NULL THEN 'unknown' WHEN i.used_at IS NULL THEN 'open'
        WHEN i.participant_id = p.id THEN 'own' ELSE 'used' END
FROM experiments_study s
LEFT JOIN responses_participant p ON p.study_id = s.id AND p.token_hash = %(token_hash)s::bytea
    AND p.mode = %(mode)s::text AND p.revision > 0
LEFT JOIN responses_panelidentity h ON h.participant_id = p.id
LEFT JOIN responses_invitation i ON i.study_id = s.id AND i.token_hash = %(invitation)s::bytea
WHERE s.slug = %(study)s::text
"""
# Of a browser that is nobody yet, by a link without an invitation.
READ_STUDY = """
SELECT id, status, live_version_id, pilot_version_id, NULL::text, NULL::text, NULL::bytea, 'unknown'
FROM experiments_study WHERE slug = %(study)s::text
"""

IS_KNOWN = """
SELECT participant_id IS NOT NULL FROM responses_panelidentity
WHERE study_id = %(study)s::bigint AND mode = %(mode)s::text AND value_hash = %(hash)s::bytea
"""


class Invited(StrEnum):
    """What a link's invitation is worth."""

    UNKNOWN = "unknown"  # none, or none of this study
    OPEN = "open"
    OWN = "own"  # used by whoever the browser is
    USED = "used"


class Identified(StrEnum):
    """What a panel's id is worth."""

    OPEN = "open"  # nobody entered with it
    TAKEN = "taken"
    WITHDREW = "withdrew"  # who entered with it has withdrawn


@dataclass(frozen=True)
class Door:
    """The study's row, with whoever the browser is of those who come by such a link."""

    study_id: int
    status: str
    live_version: int | None
    pilot_version: int | None
    state: str | None
    page: str | None
    # The panel id of whoever the browser is, hashed.
    identity: bytes | None
    invitation: Invited

    def version(self, mode: str) -> int | None:
        """The id of the version that is asked in this mode, None if there is none yet."""
        return version_for(mode, live=self.live_version, pilot=self.pilot_version)

    def shut(self, mode: str) -> Outcome | None:
        """Why nobody enters in this mode, None if it is open; a test run goes on in a pause."""
        if self.status == Status.CLOSED:
            return Outcome.CLOSED
        paused = self.status == Status.PAUSED and mode == Mode.LIVE
        return Outcome.PAUSED if paused else None

    def knows(self, link: Link, mode: str) -> bool:
        """Whether the browser is somebody of the study who goes on where they were.

        A link with another panel id or invitation is somebody else's; a test run may begin anew.
        """
        if not self.page or (self.state != State.ANSWERING and mode != Mode.LIVE):
            return False
        if link.identity and self.identity != tokens.identity_hash(self.study_id, link.identity):
            return False
        return not link.invitation or self.invitation in (Invited.OWN, Invited.UNKNOWN)


def read_door(slug: str, token: str, mode: str, invitation: str = "") -> Door | None:
    """The study's door, None if there is no such study; one SQL statement."""
    parameters: dict[str, Any] = {
        "study": slug,
        "token_hash": tokens.token_hash(token),
        "mode": mode,
        "invitation": tokens.invitation_hash(invitation),
    }
    row = row_of(READ_DOOR if token or invitation else READ_STUDY, parameters)
    if row is None:
        return None
    study_id, status, live, pilot, state, page, identity, invited = row
    known = bytes(identity) if identity is not None else None
    return Door(study_id, status, live, pilot, state, page, known, Invited(invited))


def read_identified(*, study_id: int, mode: str, identity: str) -> Identified:
    """What a panel's id is worth; one SQL statement."""
    hashed = tokens.identity_hash(study_id, identity)
    row = row_of(IS_KNOWN, {"study": study_id, "mode": mode, "hash": hashed})
    if row is None:
        return Identified.OPEN
    return Identified.TAKEN if row[0] else Identified.WITHDREW
