"""What a page carries of who is on it, so that what it sends is stored without reading them again.

To show a page its participant was read. What is needed of that to check the answers and to find the
way on goes with the form, encrypted, and comes back with what is sent. It is no proof of anything
but that it was so then: `submission.store_as_shown` stores only if the row is still the very one,
and whatever else is sent, or has happened meanwhile, is met by reading it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from experiments.cipher import boxed, derived_key, unboxed
from experiments.models import DesignVersion
from responses.designs import version_of
from responses.ledger.drawing import code_of, levels_of
from responses.models import State
from responses.person import Participant, somebody
from responses.questionnaire import needed_randomisations

# No code of an item begins so: studies may have any, and some did before pages carried something.
FIELD = "-carried"
# Filled up to the longest that another arm's would be, and to whole steps, so that a page's length
# says nothing of the arm whose name is in it, and little of the answers.
STEP, POSITION, PROBABILITY = 64, 20, 40
# Who said more than that is read: the page would weigh more than it spares.
LARGEST = 4096
_KEPT = (
    *("id", "version_id", "mode", "revision", "page", "language", "answers", "assignments"),
    *("parameters", "orders", "tries", "exposed", "since", "written"),
)
_kept_of = attrgetter(*_KEPT)
# What another release carried, by other names, opens nothing here.
_NAMES = repr(_KEPT)
# Somebody who answers a page that was served to them.
_OTHERS: dict[str, Any] = {
    "state": State.ANSWERING,
    "draft": None,
    "draft_number": 0,
    "awaits_exposure": False,
    "completion_code": "",
    "study_status": "",
    "now": 0.0,
}


def sealed(found: Participant, token: str) -> str:
    """What their page carries, for that token alone: URL-safe base 64.

    Empty where more is needed to store the page than the answers and the row: the time that has
    passed, a place in a quota, an allocation.
    """
    open_to_them = found.state == State.ANSWERING and not found.awaits_exposure
    before_an_arm = _led_to(found.version_id, found.page) - found.assignments.keys()
    timed = found.on.min_seconds or found.on.max_seconds
    if timed or before_an_arm or found.design.quotas or not open_to_them:
        return ""
    told = msgspec.json.encode((found.reference, *_kept_of(found))) + b" " * _shorter(found)
    # Filled up, so that not even this tells a short arm from a long one.
    if len(told) > LARGEST:
        return ""
    padded = told + b" " * (-len(told) % STEP)
    box = boxed(_cipher(), padded, _bound(found.design.study, token))
    return urlsafe_b64encode(box).decode()


def opened(text: str, *, study: str, token: str, page: str) -> Participant | None:
    """Who the page was shown to, as they were then; None if it carries nothing of that page.

    Nothing that needs the time, the draft or the study's status is in it.
    """
    try:
        told = unboxed(_cipher(), urlsafe_b64decode(text), _bound(study, token))
    except (ValueError, InvalidTag):
        return None
    reference, *values = msgspec.json.decode(told)
    kept = dict(zip(_KEPT, values, strict=True))
    found = somebody(_OTHERS | kept | {"reference": UUID(reference)})
    try:
        here = found.page == page and found.on.code == page and found.design.study == study
    except (DesignVersion.DoesNotExist, LookupError):
        # A backup from before that version was launched has been restored.
        return None
    return found if here else None


@lru_cache(maxsize=4096)
def _led_to(version_id: int, page: str) -> frozenset[str]:
    """The randomisations that the page needs which is written after this one."""
    design = version_of(version_id).design
    codes = [each.code for each in design.pages]
    following = design.pages[codes.index(page) + 1 :][:1]
    return frozenset(
        each.code for page in following for each in needed_randomisations(design, page)
    )


def _shorter(found: Participant) -> int:
    """How many letters less the assignments have than the longest that other arms would give."""
    arms = _arms(found.version_id)
    return sum(
        arms[code][held["arm"]]
        + max(0, POSITION - len(str(held["position"])))
        + max(0, PROBABILITY - len(str(held["probability"])))
        for code, held in found.assignments.items()
        if code in arms
    )


@lru_cache(maxsize=256)
def _arms(version_id: int) -> dict[str, dict[str, int]]:
    """By the code of an assignment and its arm: how many letters it has less than the longest."""
    found = {}
    # As they are written: what participants meet has a deck's draws dealt out, each under a code.
    for step in version_of(version_id).written.randomisations:
        for draw in range(1, step.draws + 1):
            sizes = {
                arm.code: len(msgspec.json.encode((arm.code, levels_of(step, arm.code, draw))))
                for arm in step.arms
            }
            longest = max(sizes.values())
            found[code_of(step, draw)] = {arm: longest - size for arm, size in sizes.items()}
    return found


def _bound(study: str, token: str) -> bytes:
    return f"{study}|{token}|{_NAMES}".encode()


def _cipher() -> AESGCM:
    return _of_key(settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _of_key(key: str) -> AESGCM:
    return AESGCM(derived_key(key, "page that carries its participant"))
