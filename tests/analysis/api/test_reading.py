"""What the API tells of studies, looks, allocation and people, and what it keeps to itself."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from analysis.models import Look, LookEvent
from analysis.redo import look_json
from experiments.launch import close
from experiments.models import Study
from responses import tokens
from responses.models import Allocation, Invitation
from responses.withdrawal import withdraw
from tests.analysis.api.asking import ask, token, told
from tests.analysis.looking import hand_made_look
from tests.factories import EmptyStudyFactory, LiveStudyFactory
from tests.responses.panels import code_of, known_as, link, panel
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> Study:
    """A live study of a panel, with one who completed and one who stopped."""
    study = launched(panel())
    walked(Client(), link=link("pid1"))
    walked(Client(), link=link("a%2Fb%20%C3%A9%3F"), until="about")
    return study


def test_study_is_told_with_its_launches_and_no_seed() -> None:
    study = LiveStudyFactory(slug="park")
    (version,) = study.versions.all()
    found = ask(token(study, scopes=("export",)), "park/").json()
    assert found == {
        "id": study.pk,
        "slug": "park",
        "title": study.title,
        "status": "live",
        "languages": ["en", "ko"],
        "launched_at": found["launched_at"],
        "closed_at": None,
        "question": study.question,
        "seed_sha256": study.seed_sha256,
        "seed": None,
        "live_version": 1,
        "pilot_version": None,
        "versions": [
            {
                "number": 1,
                "digest": version.digest,
                "pilot": False,
                "reason": "",
                "launched_at": found["versions"][0]["launched_at"],
            }
        ],
        "scopes": ["export"],
    }


def test_lists_are_read_page_by_page() -> None:
    studies = [EmptyStudyFactory() for _ in range(5)]
    text, after, seen = token(*studies), 0, []
    while after is not None:
        page = ask(text, f"?limit=2&after={after}").json()
        seen.append([each["slug"] for each in page["items"]])
        after = page["next"]
    names = [study.slug for study in studies]
    assert seen == [names[:2], names[2:4], names[4:]]


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=1001", "after=-1", f"after={2**63}", "limit=x"]
)
def test_page_that_there_can_not_be_is_refused(asked: str) -> None:
    status, _detail, remedy = told(ask(token(EmptyStudyFactory()), f"?{asked}"))
    assert (status, remedy) == (422, "Mend what `errors` names.")


def test_look_is_what_the_desk_gives_and_opened_by_the_owner() -> None:
    look = hand_made_look()
    text = token(look.study)
    (listed,) = ask(text, "park/looks").json()["items"]
    assert listed["url"] == "http://testserver/api/v1/studies/park/looks/live/1"
    opened = LookEvent.objects.filter(kind="opened").values_list("actor", "number")
    assert list(opened) == []
    response = ask(text, "park/looks/live/1")
    assert response.content == look_json(Look.objects.get())
    found = json.loads(response.content)
    assert (found["blinded"], found["results"]["integrity"]) == (True, None)
    assert list(opened.all()) == [("hana", 1)]


@pytest.mark.parametrize("name", ["live/2", "pilot/1", "live/0", "other/1", "live/99999", "live/x"])
def test_look_that_was_not_spent_is_none(name: str) -> None:
    assert told(ask(token(hand_made_look().study), f"park/looks/{name}"))[0] in (404, 422)


def test_allocation_of_a_live_study_tells_nothing_by_arm(live: Study) -> None:
    text = token(live)
    found = ask(text, "park/allocation").json()
    lists = ask(text, "park/allocation/lists").json()["items"]
    (row,) = Allocation.objects.all()
    assert found == {
        "study": "park",
        "mode": "live",
        "blinded": True,
        "seed_sha256": live.seed_sha256,
        "seed": None,
        "randomisations": [
            {"version": 1, "randomisation": "main", "lists": 1, "rows": 1, "given_again": 0}
        ],
        "arms": None,
    }
    assert [{**each, "id": 0} for each in lists] == [
        {
            "id": 0,
            "version": 1,
            "randomisation": "main",
            "stratum": row.stratum,
            "rows": 1,
            "given_again": 0,
            "digest": bytes(row.digest).hex(),
        }
    ]
    status, detail, _remedy = told(ask(text, "park/allocation/rows"))
    assert (status, detail) == (
        409,
        "park is live: whose arm is which is secret until it closes.",
    )


def test_allocation_of_a_closed_study_has_seed_arms_and_rows(live: Study) -> None:
    close(study=live)
    text, (row,) = token(live), Allocation.objects.all()
    found = ask(text, "park/allocation").json()
    live.refresh_from_db()
    assert (found["blinded"], found["seed"]) == (False, live.seed_revealed)
    assert found["arms"] == [{"version": 1, "randomisation": "main", "arm": row.arm, "rows": 1}]
    (told_row,) = ask(text, "park/allocation/rows").json()["items"]
    assert told_row == {
        "id": row.pk,
        "version": 1,
        "randomisation": "main",
        "stratum": row.stratum,
        "position": 0,
        "draw": 1,
        "block": row.block,
        "arm": row.arm,
        "probability": row.probability,
        "releases": None,
        "covariates": "",
        "key": str(row.key),
        "holder": bytes(row.holder).hex(),
        "allocated_at": told_row["allocated_at"],
        "digest": bytes(row.digest).hex(),
    }


def status_of(text: str, panel_id: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(text, f"park/panel/{panel_id}").json()
    return {name: found[name] for name in ("state", "pay", "why", "completion_code")}


def test_panel_is_told_whom_to_pay_and_no_answer(live: Study) -> None:
    text, code = token(live, scopes=("panel",)), code_of("pid1")
    done = {"state": "completed", "pay": "yes", "why": "Completed.", "completion_code": code}
    assert status_of(text, "pid1") == done
    assert set(ask(text, "park/panel/pid1").json()) == {*done, "panel_id", "mode"}
    halfway = {"state": "answering", "pay": "no", "why": "Not completed.", "completion_code": ""}
    assert status_of(text, "a/b%20%C3%A9%3F") == halfway
    nobody = {
        "state": None,
        "pay": "no",
        "why": "Nobody of this panel id took part.",
        "completion_code": "",
    }
    assert status_of(text, "pid3") == status_of(text, "pid1?mode=pilot") == nobody
    withdraw(participant_id=known_as("pid1").pk)
    assert status_of(text, "pid1") == {
        "state": "withdrawn",
        "pay": "look",
        "why": "Withdrew: pay as your consent page promises.",
        "completion_code": "",
    }


@pytest.mark.parametrize(
    "name", ["%00", "x" * 3000, "..%2f..%2fetc", "%27%3B--", "%F0%9F%8C%B3", "%FF%FE", "%E2%80%AE"]
)
def test_hostile_id_is_nobodys(live: Study, name: str) -> None:
    response = ask(token(live), f"park/panel/{name}")
    assert response.status_code in (200, 404)
    assert response.json().get("state") is None


@pytest.mark.parametrize(
    "slug", ["%00", "..", "pa%20rk", "park%2f..", "%E2%80%AE", "x" * 3000, "%FF"]
)
def test_hostile_name_of_a_study_is_none(live: Study, slug: str) -> None:
    for part in ("/", "/export", "/panel/pid1"):
        assert told(ask(token(live), slug + part))[0] == 404


def test_invitations_say_whose_link_was_used_and_not_when(live: Study) -> None:
    for label, used in (("ann@example.org", None), ("bo@example.org", timezone.now())):
        hashed = tokens.invitation_hash(label)
        Invitation.objects.create(study=live, label=label, token_hash=hashed, used_at=used)
    found = ask(token(live, scopes=("invitations",)), "park/invitations").json()
    assert [{**each, "id": 0} for each in found["items"]] == [
        {"id": 0, "label": "ann@example.org", "used": False},
        {"id": 0, "label": "bo@example.org", "used": True},
    ]


STATEMENTS = [("", 4), ("park/", 5), ("park/looks", 5), ("park/allocation", 5)]
STATEMENTS += [("park/allocation/lists", 5), ("park/invitations", 6), ("park/panel/pid1", 6)]


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("address", "statements"), STATEMENTS)
def test_statements_do_not_grow_with_the_rows(
    live: Study,
    address: str,
    statements: int,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(more):
        hashed = tokens.invitation_hash(str(number))
        Invitation.objects.create(study=live, label=str(number), token_hash=hashed)
    text = token(live, *(EmptyStudyFactory() for _ in range(more)))
    with django_assert_num_queries(statements):
        assert ask(text, address).status_code == 200
