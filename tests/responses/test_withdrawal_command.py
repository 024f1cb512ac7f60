"""`manage.py withdraw`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from responses import tokens
from responses.models import Erasure, State
from tests.responses.studies import launched
from tests.responses.withdrawing import goes, person

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("withdraw", *arguments, stdout=out)
    return out.getvalue()


def test_command_withdraws_by_resume_code_and_says_who_did_it(client: Client) -> None:
    launched()
    token = goes(client)
    before = str(person())
    told = run("park", tokens.shown(token).lower())
    assert told == f"{before} is withdrawn; their answers are erased.\n"
    assert (person().state, person().answers) == (State.WITHDRAWN, {})
    assert Erasure.objects.get().actor.endswith(" (shell)")


def test_command_withdraws_by_reference_and_may_keep_the_answers(client: Client) -> None:
    launched()
    goes(client)
    told = run("park", str(person().reference), "--keep")
    assert told == f"{person()} is withdrawn; their answers stay, without a name.\n"
    assert person().answers["will1"] == "6"
    assert Erasure.objects.get().kept is True
    with pytest.raises(CommandError, match="withdrew before"):
        run("park", str(person().reference))


@pytest.mark.parametrize("who", ["", "AAAA-AAAA-AAAA", "00000000-0000-4000-8000-000000000000"])
def test_command_refuses_whom_it_does_not_know(client: Client, who: str) -> None:
    launched()
    goes(client, until="story")
    with pytest.raises(CommandError, match="park has no participant of that"):
        run("park", who)
    with pytest.raises(CommandError, match="There is no study nonesuch"):
        run("nonesuch", who)
    assert Erasure.objects.count() == 0
