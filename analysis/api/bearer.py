"""Who asks, and what they may read: the token of a request, its owner's rights, its studies."""

import logging
import time
from typing import cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from analysis.api.limits import REQUESTS
from analysis.api.problems import Problem
from analysis.api.scopes import VIEW_STUDY, missing_permissions
from analysis.api.tokens import TokenRefusedError, known_token, note_use
from analysis.models import ApiToken
from experiments.membership import studies_where
from experiments.models import Study
from responses.rates import Counted, Limit, seconds_to_wait

logger = logging.getLogger(__name__)

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="coprod"'}
NEW_TOKEN = "Make a new one at the desk, under API tokens, or by manage.py api_token make."  # noqa: S105 - it says where tokens are made


class TokenBearer(HttpBearer):
    """Reads `Authorization: Bearer coprod_…`; cookies and addresses carry no token."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token that a request brings, counted and noted as used; two SQL statements."""
        now = timezone.now()
        try:
            found = known_token(token, now)
        except TokenRefusedError as refused:
            logger.warning("A request of the API is not let in: %s", refused)
            raise Problem(401, str(refused), NEW_TOKEN, headers=CHALLENGE) from None
        check_limit(found, REQUESTS)
        note_use(token=found, now=now)
        return found


def token_of(request: HttpRequest) -> ApiToken:
    """The token by which a request was let in."""
    return cast("ApiToken", request.auth)  # type: ignore[attr-defined]


def owner_of(token: ApiToken) -> User:
    """The account in whose name a token reads."""
    return token.owner


def check_limit(token: ApiToken, limit: Limit) -> None:
    """Counts a request; Problem with Retry-After if there were too many."""
    wait = seconds_to_wait([Counted(limit, token.public_id)], time.time())
    if wait:
        raise Problem(
            429,
            f"The token has used up its {limit.most()} {limit.name} in {limit.seconds} seconds.",
            f"Ask again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def study_for(request: HttpRequest, slug: str, scope: ApiToken.Scope) -> Study:
    """The study, if the token and its owner may read that of it; at most three SQL statements."""
    token = token_of(request)
    if scope not in token.scopes:
        had = ", ".join(token.scopes)
        raise Problem(403, f"The token may read {had} and not {scope.value}.", NEW_TOKEN)
    if missing := missing_permissions(owner_of(token), scope):
        raise _lacking(owner_of(token), missing)
    study = study_of(token, slug)
    if missing := missing_permissions(owner_of(token), scope, study):
        raise _lacking(owner_of(token), missing)
    return study


def viewed_studies(token: ApiToken) -> QuerySet[Study]:
    """The token's studies that its owner may view; Problem if the owner may view none anywhere."""
    owner = owner_of(token)
    if not owner.has_perm(VIEW_STUDY):
        raise _lacking(owner, [VIEW_STUDY])
    return token.studies.filter(pk__in=studies_where(owner, VIEW_STUDY))


def study_of(token: ApiToken, slug: str) -> Study:
    """The study, if it is one of the token's and its owner is a member; one SQL statement."""
    return _named(token.studies.filter(pk__in=studies_where(owner_of(token))), slug)


def viewed_study(token: ApiToken, slug: str) -> Study:
    """The same, if its owner may view it; one SQL statement."""
    return _named(viewed_studies(token), slug)


def _named(studies: QuerySet[Study], slug: str) -> Study:
    study = studies.filter(slug=slug).first()
    if study is None:
        raise Problem(
            404,
            "The token reaches no study of that name.",
            "GET /api/v1/studies/ lists those that it reaches.",
        )
    return study


def _lacking(owner: User, missing: list[str]) -> Problem:
    return Problem(
        403,
        f"The token's owner, {owner.get_username()}, lacks the permission {', '.join(missing)}.",
        "Ask whoever runs the desk for it; the token reads what its owner may.",
    )
