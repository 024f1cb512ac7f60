"""The API as a whole: its parts, and what becomes of anything that goes wrong in them."""

import logging
from collections.abc import Sequence

import psycopg
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from analysis.api import allocation, exports, looks, people, studies
from analysis.api.bearer import CHALLENGE, NEW_TOKEN, TokenBearer
from analysis.api.parameters import only_known
from analysis.api.problems import Problem, of_status, response_of
from experiments.refusals import Refused

logger = logging.getLogger(__name__)

DESCRIPTION = (
    "Reads studies, data, codebooks, looks and allocation, and who of a panel is to be paid. "
    "Every request brings a token: `Authorization: Bearer coprod_…`. Lists are read in pages: "
    "ask again with `after` set to the `next` of the page before, until that is null. What the "
    "desk keeps secret while a study collects is secret here, and can't be unblinded."
)

api = NinjaAPI(
    title="Coprod",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=TokenBearer(),
    openapi_url=None,
    docs_url=None,
)
api.add_decorator(only_known)
for _part in (studies, exports, looks, allocation, people):
    api.add_router("", _part.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return response_of(problem)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = "The request brings no token in its header Authorization: Bearer."
    return response_of(Problem(401, detail, NEW_TOKEN, headers=CHALLENGE))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"where": _name(each["loc"]), "message": str(each["msg"])} for each in error.errors]
    detail = "; ".join(f"{each['where']}: {each['message']}" for each in errors)
    return response_of(Problem(422, detail, "Mend what `errors` names.", errors=errors))


def _name(place: Sequence[str | int]) -> str:
    """The parameter that a place is in: numbers stand for one of its several values."""
    return [each for each in place if isinstance(each, str)][-1]


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return response_of(Problem(409, str(refused), "Do what it says at the desk, and ask again."))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return of_status(404)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return of_status(error.status_code)


@api.exception_handler(DatabaseError)
@api.exception_handler(psycopg.Error)
@api.exception_handler(OSError)
def _outage(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("A request of the API broke off.", exc_info=error)
    return of_status(503, {"Retry-After": "60"})


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("A request of the API failed.", exc_info=error)
    return of_status(500)
