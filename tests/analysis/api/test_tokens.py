"""Who is let in over the API, and to what."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from analysis.api.tokens import make_token, revoke
from analysis.models import ApiToken
from experiments.models import Study
from experiments.refusals import Refused
from tests.analysis.api.asking import ask, owner, token, told
from tests.desk import take
from tests.factories import LiveStudyFactory

pytestmark = pytest.mark.django_db

NEW = "Make a new one at the desk, under API tokens, or by manage.py api_token make."
UNKNOWN = (401, "This is no token of this site.", NEW)


@pytest.fixture
def study() -> Study:
    return LiveStudyFactory(slug="park")


def kept() -> ApiToken:
    return ApiToken.objects.get()


def test_token_is_kept_as_a_hash_and_told_once(study: Study) -> None:
    text = token(study, scopes=("looks", "export"))
    prefix, public_id, secret = text.split("_", 2)
    found = kept()
    assert (prefix, public_id, len(secret)) == ("coprod", found.public_id, 32)
    assert found.scopes == ["export", "looks"]
    assert secret.encode() not in bytes(found.secret_hash)
    assert str(found) == f"{public_id} R"


def test_request_without_a_token_is_told_how_to_bring_one(study: Study) -> None:
    response = Client().get("/api/v1/studies/")
    assert told(response) == (
        401,
        "The request brings no token in its header Authorization: Bearer.",
        NEW,
    )
    assert response["WWW-Authenticate"] == 'Bearer realm="coprod"'
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_desk_session_opens_nothing_over_the_api(study: Study, admin_client: Client) -> None:
    assert admin_client.get("/api/v1/studies/").status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "coprod_0123456789_" + "x" * 32,
        "coprod_" + "x" * 400,
        "coprod_0123456789_" + "é" * 32,
        "\x00",
    ],
)
def test_what_is_no_token_opens_nothing(study: Study, text: str) -> None:
    assert ask(text, "").status_code == 401


def test_another_secret_tells_nothing_of_the_token(study: Study) -> None:
    text = token(study)
    revoke(public_id=kept().public_id)
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    assert told(ask(wrong, "")) == UNKNOWN


def test_expired_token_says_so(study: Study) -> None:
    text = token(study)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert told(ask(text, "")) == (401, f"The token {kept().public_id} expired.", NEW)


def test_revoked_token_says_so_and_stays_revoked(study: Study) -> None:
    text = token(study)
    first = revoke(public_id=kept().public_id).revoked_at
    assert told(ask(text, "")) == (401, f"The token {kept().public_id} was revoked.", NEW)
    assert revoke(public_id=kept().public_id).revoked_at == first


@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_staff": False}])
def test_owner_without_access_takes_the_token_along(study: Study, lost: dict[str, bool]) -> None:
    text = token(study)
    User.objects.filter(username="hana").update(**lost)
    said = f"The owner of the token {kept().public_id} has no access any more."
    assert told(ask(text, "")) == (401, said, NEW)


def test_token_goes_with_its_owner(study: Study) -> None:
    text = token(study)
    User.objects.get(username="hana").delete()
    assert told(ask(text, "")) == UNKNOWN


def test_token_reaches_its_studies_alone(study: Study) -> None:
    other = LiveStudyFactory(slug="river")
    text = token(study)
    assert [each["slug"] for each in ask(text, "").json()["items"]] == ["park"]
    missing = (
        404,
        "The token reaches no study of that name.",
        "GET /api/v1/studies/ lists those that it reaches.",
    )
    for slug in (other.slug, "nowhere"):
        for part in ("/", "/export", "/looks", "/allocation", "/invitations", "/panel/x"):
            assert told(ask(text, slug + part)) == missing


def test_scope_opens_its_part_alone(study: Study) -> None:
    text = token(study, scopes=("looks",))
    assert ask(text, "park/looks").status_code == 200
    parts = ("export", "exports/1", "codebook", "allocation", "allocation/lists")
    for part in (*parts, "allocation/rows", "invitations", "panel/x"):
        status, detail, _remedy = told(ask(text, f"park/{part}"))
        assert status == 403
        assert detail.startswith("The token may read looks and not ")


PARTS = [
    ("", "view_study", "experiments.view_study"),
    ("park/", "view_study", "experiments.view_study"),
    ("park/export", "export_data", "responses.export_data"),
    ("park/codebook", "export_data", "responses.export_data"),
    ("park/looks", "view_look", "analysis.view_look"),
    ("park/looks/live/1", "export_data", "responses.export_data"),
    ("park/allocation", "view_look", "analysis.view_look"),
    ("park/invitations", "view_invitation", "responses.view_invitation"),
    ("park/panel/x", "view_participant", "responses.view_participant"),
]


@pytest.mark.parametrize(("address", "codename", "named"), PARTS)
def test_permission_that_the_owner_lost_is_lost_at_once(
    study: Study, address: str, codename: str, named: str
) -> None:
    text = token(study)
    user = User.objects.get(username="hana")
    take(user, codename)
    assert told(ask(text, address)) == (
        403,
        f"The token's owner, hana, lacks the permission {named}.",
        "Ask whoever runs the desk for it; the token reads what its owner may.",
    )


def test_use_is_noted_to_the_minute(study: Study) -> None:
    text = token(study)
    assert kept().last_used_at is None
    ask(text, "")
    first = kept().last_used_at
    ask(text, "")
    assert kept().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    ask(text, "")
    assert kept().last_used_at > first  # type: ignore[operator]


GOOD: dict[str, Any] = {"name": "R", "scopes": ["export"], "days": 1}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": " "}, "A token needs a name that says what it is for."),
        ({"scopes": []}, "A token needs scopes: any of "),
        ({"scopes": ["export", "everything"]}, "A token needs scopes: any of "),
        ({"scopes": ["looks"]}, "hana lacks what looks needs in park: analysis.view_look."),
        ({"days": 0}, "A token is good for 1 to 366 days."),
        ({"days": 367}, "A token is good for 1 to 366 days."),
        ({"studies": []}, "A token needs a study that it may read."),
    ],
)
def test_token_that_could_open_nothing_is_not_made(
    study: Study, asked: dict[str, Any], why: str
) -> None:
    values = {"studies": [study], **GOOD, **asked}
    with pytest.raises(Refused) as refused:
        make_token(owner=owner("export_data"), made_by="tests", **values)
    assert str(refused.value).startswith(why)
    assert not ApiToken.objects.exists()
