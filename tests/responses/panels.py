"""A study of a panel: its links, the codes of its people, and the list that the panel sends."""

import csv
from dataclasses import replace
from io import StringIO

from experiments.design import PROLIFIC, Design
from responses.identities import opened
from responses.models import PanelIdentity, Participant
from tests.designs import small

HEADER = "Submission id,Participant id,Status,Completion code"


def panel() -> Design:
    """A design whose links carry the panel's parameters."""
    return replace(small(), parameters=PROLIFIC)


def link(pid: str) -> str:
    """The link that the panel sends the person of this id to."""
    return f"/s/park/?PROLIFIC_PID={pid}&STUDY_ID=s&SESSION_ID=t"


def code_of(pid: str) -> str:
    """The completion code of the person of this id."""
    return known_as(pid).completion_code


def known_as(pid: str) -> Participant:
    """The participant of this id, which the database keeps encrypted."""
    identities = PanelIdentity.objects.exclude(participant=None)
    (found,) = (each.participant for each in identities if opened(each.value) == pid)
    assert found is not None
    return found


def as_csv(*rows: tuple[str, ...], header: str = HEADER) -> bytes:
    """A file of these rows under a header."""
    text = StringIO()
    csv.writer(text).writerows([header.split(","), *rows])
    return text.getvalue().encode()
