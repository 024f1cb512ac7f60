"""What somebody is told who has withdrawn, for the hour in which they may come back to it.

No row leads to them any more, so their browser keeps it, encrypted: the page can be loaded again,
turned into another language, and come back to.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from experiments.cipher import boxed, derived_key, unboxed
from experiments.models import DesignVersion, Study
from responses import tokens
from responses.designs import version_of
from responses.models import WithdrawnCode

AGE = 3600
# What browsers keep of a cookie is 4,096 bytes, its name and where it goes included.
LARGEST = 3500


@dataclass(frozen=True)
class Farewell:
    """The version that they answered, their language, their code, and the panel's address.

    `exposed`: they had seen the vignette, so that they are debriefed.
    """

    version_id: int
    language: str
    code: str
    redirect: str
    exposed: bool


def leave_with(slug: str, farewell: Farewell) -> HttpResponse | None:
    """Leads to the page that says it, and forgets who it was; None if it is too long to be kept."""
    bound = slug.encode()
    box = boxed(_cipher(settings.SECRET_KEY), msgspec.json.encode(asdict(farewell)), bound)
    text = urlsafe_b64encode(box).decode()
    if len(text) > LARGEST:
        return None
    response = redirect("responses:withdrawn", slug=slug)
    response.set_cookie(
        _name(slug),
        text,
        max_age=AGE,
        path=reverse("responses:withdraw", kwargs={"slug": slug}),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    forget(response, slug)
    return response


def forget(response: HttpResponse, slug: str) -> None:
    """Takes the cookie away by which they were known."""
    path = reverse("responses:welcome", kwargs={"slug": slug})
    response.delete_cookie(f"coprod_{slug}", path=path)


def kept(request: HttpRequest, slug: str) -> Farewell | None:
    """What this browser keeps of a withdrawal from the study, None if nothing."""
    try:
        box = urlsafe_b64decode(request.COOKIES.get(_name(slug), ""))
        told = unboxed(_cipher(settings.SECRET_KEY), box, slug.encode())
        found = Farewell(**msgspec.json.decode(told))
        version_of(found.version_id)
    except (ValueError, TypeError, InvalidTag, DesignVersion.DoesNotExist):
        # Also what another release kept, with other fields, or was before a backup was restored.
        return None
    return found


def told_again(slug: str, token: str, language: str) -> Farewell | None:
    """What the holder of a token is told who withdrew and lost the answer to it, as by two clicks.

    None if nobody was given a code for it. Two SQL statements. Where the panel wants them back is
    erased, and not told again.
    """
    study = Study.objects.filter(slug=slug).first()
    if study is None or not (version_id := study.live_version_id or study.pilot_version_id):
        return None
    offered = {
        tokens.code_hash(study.pk, code): (code, exposed)
        for exposed in (False, True)
        if (code := tokens.farewell_code(token, slug, exposed=exposed))
    }
    found = WithdrawnCode.objects.filter(study=study, code_hash__in=offered).first()
    if found is None:
        return None
    code, exposed = offered[bytes(found.code_hash)]
    return Farewell(version_id, language, code, "", exposed)


def _name(slug: str) -> str:
    return f"withdrawn_{slug}"


@lru_cache(maxsize=2)
def _cipher(key: str) -> AESGCM:
    return AESGCM(derived_key(key, "what somebody who withdrew is told"))
