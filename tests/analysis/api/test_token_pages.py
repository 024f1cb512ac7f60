"""The desk's pages on tokens: made in one's own name, shown once, revoked."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.models import ApiToken
from experiments.models import Study
from tests.analysis.api.asking import RIGHTS, ask, owner, token
from tests.desk import desk, form_of, text_of
from tests.factories import EmptyStudyFactory, LiveStudyFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/analysis/apitoken/"
ADD = f"{LIST}add/"
# Letters at the end of a token that are its secret, in which an underscore may stand, too.
SECRET = 32
MAY = (*RIGHTS, "add_apitoken", "view_apitoken", "change_apitoken")


@pytest.fixture
def study() -> Study:
    return LiveStudyFactory(slug="park")


def asked(study: Study, **other: Any) -> dict[str, Any]:
    return {
        "name": "nightly R",
        "studies": [study.pk],
        "scopes": ["export", "looks"],
        "days": 30,
        **other,
    }


def test_token_is_shown_once_and_works(study: Study) -> None:
    client = desk(*MAY)
    assert form_of(client.get(ADD), "making")["days"] == ["90"]
    response = client.post(ADD, asked(study))
    (found,) = ApiToken.objects.all()
    (word,) = [each for each in text_of(response).split() if each.startswith("coprod_")]
    assert (found.owner.username, found.made_by, found.scopes) == (
        *("assistant", "assistant"),
        ["export", "looks"],
    )
    assert ask(word, "park/looks").status_code == 200
    assert "no-store" in response["Cache-Control"]
    for address in (LIST, f"{LIST}{found.pk}/change/", ADD):
        page = client.get(address).content.decode()
        assert word not in page
        assert word[-SECRET:] not in page


@pytest.mark.parametrize(
    "other",
    [
        {"name": ""},
        {"name": "a\x00b"},
        {"studies": []},
        {"studies": ["x"]},
        {"scopes": []},
        {"scopes": ["all"]},
        {"days": 0},
        {"days": 367},
        {"days": ""},
    ],
)
def test_token_is_not_made_of_nonsense(study: Study, other: dict[str, Any]) -> None:
    assert desk(*MAY).post(ADD, asked(study, **other)).status_code == 422
    assert not ApiToken.objects.exists()


def test_scope_that_somebody_lacks_is_not_offered(study: Study) -> None:
    client = desk("add_apitoken")
    assert "There is nothing here that your account may read." in text_of(client.get(ADD))
    client = desk("export_data", "add_apitoken")
    page = client.get(ADD).content.decode()
    assert 'value="export"' in page
    assert 'value="looks"' not in page
    assert client.post(ADD, asked(study)).status_code == 422


@pytest.mark.parametrize("address", [LIST, ADD])
def test_pages_are_for_who_may(address: str) -> None:
    assert desk("view_study").get(address).status_code == 403


def test_everybody_sees_and_revokes_their_own(study: Study) -> None:
    theirs = token(study, user=owner())
    client = desk(*MAY)
    client.post(ADD, asked(study))
    mine = ApiToken.objects.get(owner__username="assistant")
    other = ApiToken.objects.get(owner__username="hana")
    assert other.public_id not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{other.pk}/change/").status_code == 302
    chosen = {"action": "revoke_chosen", "_selected_action": [mine.pk, other.pk]}
    page = client.post(LIST, chosen, follow=True)
    assert "1 token opens nothing any more." in text_of(page)
    assert ask(theirs, "").status_code == 200
    assert desk().post(LIST, chosen).status_code == 302
    assert ask(theirs, "").status_code == 401


def test_token_is_not_edited_or_deleted_at_the_desk(study: Study) -> None:
    token(study)
    (found,) = ApiToken.objects.all()
    client = desk()
    page = client.post(f"{LIST}{found.pk}/change/", {"name": "other"})
    assert page.status_code == 403
    assert client.post(f"{LIST}{found.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ApiToken.objects.get() == found


def test_no_account_is_deleted_at_the_desk_so_that_what_it_did_stays(study: Study) -> None:
    token(study)
    account = f"/admin/auth/user/{owner().pk}/delete/"
    for client in (desk(*MAY, "delete_apitoken", "delete_user"), desk()):
        assert client.post(account, {"post": "yes"}).status_code == 403
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("tokens", [1, 3])
def test_list_needs_as_many_statements_for_more_tokens(
    study: Study, tokens: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(tokens):
        token(study, *(EmptyStudyFactory() for _ in range(tokens - 1)))
    client = desk()
    with django_assert_num_queries(6):
        page = client.get(LIST)
    assert (" +2 active" in text_of(page)) is (tokens == 3)
