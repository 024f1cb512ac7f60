"""People who withdraw: what is known of them, how they do it, and what the tables still hold."""

from dataclasses import replace
from typing import Any

from django.db import connection
from django.test import Client

from experiments.design import Design, Parameter, Withdrawal
from experiments.models import Study
from experiments.seed import seed_of
from responses import tokens
from responses.models import Invitation, Participant
from responses.verification import verify
from tests.designs import small
from tests.responses.studies import ABOUT, OPINION, entered, sent

WITHDRAW = "/s/park/withdraw/"
SECRET = "Only I would write this."
WALK: tuple[tuple[str, dict[str, str]], ...] = (
    ("about", ABOUT),
    ("story", {}),
    ("opinion", {**OPINION, "comment": SECRET}),
)


def identified() -> Design:
    """Whose link brings the panel's id of the person, of the visit and a source."""
    parameters = (
        Parameter("pid", "PID", identifies=True),
        Parameter("visit", "SESSION"),
    )
    return replace(small(), parameters=parameters)


def asking() -> Design:
    """A design that asks whether the answers may be kept."""
    return replace(small(), withdrawal=Withdrawal.ASK)


def link_of(study: Study) -> str:
    """A link with everything that can identify somebody."""
    Invitation.objects.create(
        study=study, label="ann@example.org", token_hash=tokens.invitation_hash("ANN-ANN-ANN-1")
    )
    return "/s/park/?PID=person-7&SESSION=visit-9&i=ANN-ANN-ANN-1"


def goes(client: Client, link: str = "", until: str = "thanks") -> str:
    """Enters and answers every page up to `until`; returns the resume code."""
    token = entered(client, link=link)
    for page, answers in WALK:
        if page == until:
            break
        client.get(f"/s/park/{page}/")
        sent(client, page, answers)
    return token


def withdraws(client: Client, **fields: str) -> Any:
    """Sends the page of withdrawal, being sure; the page that it leads to."""
    return client.post(WITHDRAW, {"sure": "yes", **fields}, follow=True)


def person() -> Participant:
    """The newest participant."""
    return Participant.objects.latest("id")


def everything() -> str:
    """All that the tables of this room hold, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("responses_"):
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def verdict() -> str:
    """What verification says of the only study, whose ledger must hold."""
    study = Study.objects.get()
    found = verify(study, seed_of(study))
    assert found.holds, found.line
    return found.line
