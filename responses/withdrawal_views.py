"""Withdrawing over HTTP: says what will be erased, asks, and does it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from experiments.design import Outcome, Withdrawal
from responses import person, tokens, withdrawal
from responses.cookies import token_of
from responses.crowds import limits_codes
from responses.csrf import csrf_token
from responses.endings import Beside, ending_response, redirect_address
from responses.identities import identity_of
from responses.leaving import speaking
from responses.models import State
from responses.notices import Notice, notice_response
from responses.outage import survive_outage
from responses.person import Participant
from responses.rendering import language_context, language_names, private

KEEP = "keep"
ERASE = "erase"


@require_http_methods(["GET", "POST"])
@limits_codes
@survive_outage
def withdraw(request: HttpRequest, *, slug: str) -> HttpResponse:
    """GET asks; POST, once it is confirmed, withdraws whoever the cookie or the code says."""
    typed = request.POST.get("code", "")
    token = tokens.read(typed) if typed else token_of(request, slug)
    found = person.read(slug, token) if token else None
    if found is None or found.state == State.WITHDRAWN:
        notice = Notice.WITHDRAW_WRONG_CODE if typed else Notice.WITHDRAW
        return notice_response(request, notice, slug=slug, to_withdraw=True)
    asks = found.design.withdrawal is Withdrawal.ASK and bool(found.answers)
    # Where the study does not ask, everything is erased, whatever is sent.
    choice = request.POST.get("answers", "") if asks else ERASE
    if request.method == "GET" or not request.POST.get("sure"):
        return _ask(request, slug, found, typed=typed, asks=asks)
    if choice not in (KEEP, ERASE):
        return _ask(request, slug, found, typed=typed, asks=asks, fault=True)
    return _withdrawn(request, slug, found, keep=choice == KEEP)


def _ask(
    request: HttpRequest,
    slug: str,
    found: Participant,
    *,
    typed: str,
    asks: bool,
    fault: bool = False,
) -> HttpResponse:
    found = speaking(request, found)
    with override(found.language):
        context = {
            "study": slug,
            "study_title": found.design.title.get(found.language, ""),
            "languages": language_names(found.design),
            "csrf": csrf_token(request),
            "code": typed,
            "asks": asks,
            "fault": fault,
            "back": reverse("responses:page", kwargs={"slug": slug, "page": found.page}),
            **language_context(found.language),
        }
        html = render_to_string("responses/withdraw.html", context)
    return private(html, found.language, status=422 if fault else 200)


def _withdrawn(request: HttpRequest, slug: str, found: Participant, *, keep: bool) -> HttpResponse:
    """The farewell; the way back to the panel is read before its id is erased."""
    design = found.design
    address = design.ending(Outcome.WITHDRAWN).redirect
    known = {**found.parameters, **identity_of(found, design, address)}
    code = withdrawal.withdraw(participant_id=found.id, keep=keep)
    response = ending_response(
        request,
        design,
        Outcome.WITHDRAWN,
        language=found.language,
        code=code,
        redirect=redirect_address(design, Outcome.WITHDRAWN, code, known),
        beside=Beside(debrief=found.exposed),
    )
    path = reverse("responses:welcome", kwargs={"slug": slug})
    response.delete_cookie(f"coprod_{slug}", path=path)
    return response
