"""How the API speaks: problem JSON on every way that fails, and a document of itself."""

import pytest
from django.test import Client

from tests.analysis.api.asking import ask, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/api/", "/api/v2/studies/", "/api/v1/", "/api/v1/docs"])
def test_address_that_leads_nowhere_is_a_problem(address: str) -> None:
    assert told(Client().get(address)) == (
        404,
        "Not Found.",
        "Check the address against /api/v1/openapi.json.",
    )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head", "trace"])
def test_api_only_reads(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)("/api/v1/studies/")
    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert "Access-Control-Allow-Origin" not in response


def test_token_is_asked_for_before_anything_is_told() -> None:
    for asked in ("?token=x", "?limit=x"):
        assert told(Client().get(f"/api/v1/studies/{asked}"))[0] == 401


def test_refused_requests_leave_no_id_and_no_token_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = f"coprod_0123456789_{'x' * 32}"
    assert ask(wrong, "park/panel/pid17").status_code == 401
    assert caplog.messages == ["A request of the API is not let in: This is no token of this site."]


def test_address_without_its_slash_leads_on() -> None:
    response = Client().get("/api/v1/studies")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/studies/")


def test_document_is_openapi_3_1_and_names_no_third_party() -> None:
    response = Client().get("/api/v1/openapi.json")
    document = response.json()
    assert document["openapi"] == "3.1.0"
    assert b"://" not in response.content
    assert list(document["components"]["securitySchemes"].values()) == [
        {"type": "http", "scheme": "bearer"}
    ]
    for path in document["paths"].values():
        assert set(path) == {"get"}
        assert path["get"]["security"] == [{"TokenBearer": []}]
        assert set(path["get"]["responses"]) >= {"200", "401", "403", "404", "422", "429"}


def test_other_host_is_a_problem_too() -> None:
    assert told(Client(headers={"Host": "evil.example"}).get("/api/v1/studies/"))[0] == 400
