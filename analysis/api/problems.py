"""What the API says when something is wrong: problem JSON (RFC 9457), with what to do.

It knows no part of the API, so that the site can say the same of addresses that lead to none.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

API = "/api/"
PROBLEM_JSON = "application/problem+json"
# What the OpenAPI document says of an answer that is one.
PROBLEM_CONTENT = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
# What to do where only a status is known.
_REMEDIES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "Check the address and the headers against docs/api.md.",
    HTTPStatus.NOT_FOUND: "Check the address against /api/v1/openapi.json.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Ask by GET: the API only reads.",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "Ask for a part within what Content-Range says.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Tell whoever runs the site; its log says more.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Try again in a minute.",
}


class Problem(Exception):  # noqa: N818 # it is an answer
    """A request that is not answered as it was asked."""

    def __init__(
        self,
        status: int,
        detail: str,
        remedy: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy
        self.headers, self.errors = dict(headers or {}), errors


def response_of(problem: Problem) -> JsonResponse:
    """The response that says it."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "remedy": problem.remedy,
    }
    if problem.errors is not None:
        body["errors"] = problem.errors
    response = JsonResponse(
        body, status=problem.status, content_type=PROBLEM_JSON, headers=problem.headers
    )
    # Django's log would have the address, in which an id of a panel may stand.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def of_status(status: int, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """The problem of which only the status is known."""
    phrase = HTTPStatus(status).phrase
    remedy = _REMEDIES.get(status, "Check the request against docs/api.md.")
    return response_of(Problem(status, f"{phrase}.", remedy, headers=headers))


def under_the_api(request: HttpRequest) -> bool:
    """Whether the address lies under the API."""
    return request.path.startswith(API)
