"""Links that lead into a study, people who follow them at once, and the rows that this makes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from experiments.models import Study
from responses import tokens
from responses.models import (
    Allocation,
    Draft,
    Invitation,
    PanelIdentity,
    Paradata,
    Participant,
    Submission,
)

FROM_PANEL = "/s/park/?PROLIFIC_PID=pid1&STUDY_ID=st1&SESSION_ID=se1"
EVERYTHING = (Participant, Submission, PanelIdentity, Paradata, Draft, Allocation)


def invitation(study: Study, token: str = "") -> str:
    """A personal link to the study."""
    token = token or tokens.new_invitation()
    Invitation.objects.create(study=study, token_hash=tokens.invitation_hash(token))
    return f"/s/park/?i={token}"


def rows() -> dict[str, int]:
    """How many rows there are of all that a participant leaves."""
    return {model.__name__: model._default_manager.count() for model in EVERYTHING}


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `count` people get who act at the same time."""

    def run(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
