"""Tokens of the API: made, known again, revoked.

A token is `coprod_`, the id by which it is found, and a secret of 192 random bits. docs/decisions/
says why it looks like that and why a fast hash is enough.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import product

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from analysis.api.scopes import missing_permissions
from analysis.models import ApiToken
from experiments.models import Study
from experiments.refusals import Refused
from experiments.said import said

LONGEST_DAYS = 366
USUAL_DAYS = 90
# How exact `last_used_at` is: a token that is asked all the time is not written all the time.
USE_NOTED_EVERY = timedelta(minutes=1)

_FORM = re.compile(r"coprod_([0-9a-f]{10})_([A-Za-z0-9_-]{32})")
_NO_HASH = bytes(32)


class TokenRefusedError(Exception):
    """A token that opens nothing; the message says why, as far as its holder may know."""


@transaction.atomic
def make_token(
    *,
    owner: User,
    name: str,
    studies: Collection[Study],
    scopes: Collection[str],
    days: int,
    made_by: str,
) -> tuple[ApiToken, str]:
    """A new token and its text, which is told this once; Refused if it could open nothing."""
    _check(owner, name, studies, scopes, days)
    public_id, secret = secrets.token_hex(5), secrets.token_urlsafe(24)
    token = ApiToken.objects.create(
        owner=owner,
        name=name.strip(),
        public_id=public_id,
        secret_hash=_hash(secret),
        scopes=[scope for scope in ApiToken.Scope.values if scope in scopes],
        made_by=made_by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.studies.set(studies)
    return token, f"coprod_{public_id}_{secret}"


def known_token(text: str, now: datetime) -> ApiToken:
    """The token of that text with its owner; one SQL statement, none for what looks like no token.

    TokenRefusedError if there is none, or it does not open anything any more. The secret is
    compared in constant time; who has a wrong one learns nothing of the token.
    """
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise TokenRefusedError(said("This is no token of this site."))
    found = ApiToken.objects.select_related("owner").filter(public_id=parts[1]).first()
    kept = bytes(found.secret_hash) if found else _NO_HASH
    if not hmac.compare_digest(kept, _hash(parts[2])) or found is None:
        raise TokenRefusedError(said("This is no token of this site."))
    if found.revoked_at is not None:
        raise TokenRefusedError(
            said("The token {public_id} was revoked.", public_id=found.public_id)
        )
    if found.expires_at <= now:
        raise TokenRefusedError(said("The token {public_id} expired.", public_id=found.public_id))
    if not (found.owner.is_active and found.owner.is_staff):
        raise TokenRefusedError(
            said(
                "The owner of the token {public_id} has no access any more.",
                public_id=found.public_id,
            )
        )
    return found


def note_use(*, token: ApiToken, now: datetime) -> bool:
    """Notes that a token is used, unless that was noted a moment ago; whether it was noted now."""
    if token.last_used_at is not None and now - token.last_used_at < USE_NOTED_EVERY:
        return False
    return bool(ApiToken.objects.filter(pk=token.pk).update(last_used_at=now))


def revoke(*, public_id: str) -> ApiToken:
    """Ends a token for good; one that was revoked stays as it was. Refused if there is none."""
    open_tokens = ApiToken.objects.filter(public_id=public_id, revoked_at=None)
    open_tokens.update(revoked_at=timezone.now())
    token = ApiToken.objects.filter(public_id=public_id).first()
    if token is None:
        raise Refused(said("There is no token {public_id}.", public_id=public_id))
    return token


def _check(
    owner: User, name: str, studies: Collection[Study], scopes: Collection[str], days: int
) -> None:
    if not (owner.is_active and owner.is_staff):
        raise Refused(said("{owner} may not use the desk, so no token can be theirs.", owner=owner))
    if not name.strip():
        raise Refused(said("A token needs a name that says what it is for."))
    if not studies:
        raise Refused(said("A token needs a study that it may read."))
    if not scopes or not set(scopes) <= set(ApiToken.Scope.values):
        raise Refused(
            said("A token needs scopes: any of {values}.", values=", ".join(ApiToken.Scope.values))
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(
            said("A token is good for 1 to {longest_days} days.", longest_days=LONGEST_DAYS)
        )
    for study, scope in product(studies, scopes):
        if missing := missing_permissions(owner, scope, study):
            raise Refused(
                said(
                    "{owner} lacks what {scope} needs in {study}: {missing}.",
                    owner=owner,
                    scope=scope,
                    study=study.slug,
                    missing=", ".join(missing),
                )
            )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
