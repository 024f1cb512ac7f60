"""No role sees, by any way of asking the desk or the API, who is in which arm too early.

People answer everything alike, some in an arm that is paid and some in one that is not.
"""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from analysis.api.scopes import missing_permissions
from analysis.models import ApiToken
from experiments.roles import ROLES
from responses.models import Participant
from tests.analysis.api.asking import ask, content, token
from tests.desk import client_of, member
from tests.responses.arms import by_arm, one_of_each
from tests.responses.studies import launched

LIST = "/admin/responses/participant/"
# Lookups and searches that would tell the two apart, if they were let through.
PEEKS = (
    *("arm=money.high", "reward=money", "assignments__main__levels__reward=money"),
    *("assignments__main__arm__contains=money", "answers__noticed=money", "answers__has_key=sign"),
    *("page=paid", "page__exact=paid", "submissions__page=paid", "submissions__answers__sign=yes"),
    *("study__versions__allocations__arm=money.high", "paradata__page=paid", "drafts__page=paid"),
    *("q=money", "q=paid", "q=sign", "_facets=True&arm=money.high", "p=0&revision__gte=6"),
)
TOLD = ("arm", "reward", "voice", "probability", "noticed", "sign")


def listed(client: Client, asked: str) -> list[int]:
    """Who is on the list of participants, in its order; nobody if it is not to be asked."""
    response = client.get(f"{LIST}?{asked}")
    if response.status_code != 200:
        assert response.status_code in (302, 400, 403)
        return []
    found = re.findall(r"participant/(\d+)/change", response.content.decode())
    return list(dict.fromkeys(map(int, found)))


def exported(response: Any) -> list[dict[str, str]]:
    """What a downloaded file says that could tell an arm, of each participant."""
    rows = csv.DictReader(io.StringIO(content(response).decode("utf-8-sig")))
    return [{name: row[name] for name in TOLD if name in row} for row in rows]


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_no_role_can_ask_who_is_in_which_arm(settings: Settings, tmp_path: Path) -> None:
    settings.EXPORT_ROOT = tmp_path
    study = launched(by_arm())
    one_of_each()
    # Chance may have taken some more of one arm first.
    people = set(Participant.objects.values_list("pk", flat=True))
    blank = dict.fromkeys(TOLD, "")
    for role in ROLES:
        member(study, role)
        user = User.objects.get(username=role.replace(" ", "-"))
        client = client_of(user)
        for asked in PEEKS:
            assert set(listed(client, asked)) in (set(), people), (role, asked)
        # By a column that knows the arm, both directions would give orders that differ by it.
        assert listed(client, "o=5") == listed(client, "o=-5")
        for asked in ("uses", "money", "sign"):
            terms = {"app_label": "analysis", "model_name": "look", "field_name": "study"}
            found = client.get("/admin/autocomplete/", {**terms, "term": asked})
            assert found.status_code == 403 or found.json()["results"] == []
        form = {"mode": "live", "format": "csv", "table": "participants", "language": "en"}
        if (made := client.post("/admin/export/park/", form, follow=True)).status_code == 200:
            assert exported(made) == [blank] * len(people), role
        unblinding = {**form, "unblind": "on", "reason": "Curious."}
        code = client.post("/admin/export/park/", unblinding).status_code
        assert code == (303 if role == "owner" else 403), role
        for scope in ApiToken.Scope:
            if missing_permissions(user, scope, study):
                continue
            text = token(study, scopes=(scope,), user=user)
            if scope == ApiToken.Scope.EXPORT:
                assert exported(ask(text, "park/export")) == [blank] * len(people)
                assert ask(text, "park/export?unblind=on&reason=x").status_code == 422
            elif scope == ApiToken.Scope.ALLOCATION:
                told = ask(text, "park/allocation").json()
                assert (told["arms"], told["seed"]) == (None, None)
                assert ask(text, "park/allocation/rows").status_code == 409
            elif scope == ApiToken.Scope.LOOKS:
                assert ask(text, "park/looks").json()["items"] == []
        for page in ("/", *(f"/{each}/change/" for each in people), "/watch/park/"):
            shown = client.get(LIST.rstrip("/") + page).content.decode()
            assert not re.search(r"money\.(high|low)|none\.(high|low)", shown), (role, page)
