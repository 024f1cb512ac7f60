"""Withdrawing over HTTP: says what will be erased, asks, does it, and says farewell."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from experiments.design import Outcome, Withdrawal
from responses import farewells, person, tokens, withdrawal
from responses.cookies import remembered, token_of
from responses.crowds import limits_codes
from responses.csrf import csrf_token
from responses.designs import version_of
from responses.endings import Beside, ending_response, redirect_address
from responses.farewells import Farewell
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
        return _nobody(request, slug, "" if typed else token)
    asks = found.design.withdrawal is Withdrawal.ASK and bool(found.answers)
    # Where the study does not ask, everything is erased, whatever is sent.
    choice = request.POST.get("answers", "") if asks else ERASE
    sure = request.method == "POST" and bool(request.POST.get("sure"))
    if sure and choice in (KEEP, ERASE):
        return _withdrawn(request, slug, token, speaking(request, found), keep=choice == KEEP)
    asked = _ask(request, slug, speaking(request, found), asks=asks, fault=sure)
    # Who typed their code is known from now on, so that this page can be turned or left.
    return remembered(request, asked, slug, token, found.language) if typed else asked


@require_safe
@survive_outage
def withdrawn(request: HttpRequest, *, slug: str) -> HttpResponse:
    """The farewell, for as long as the browser keeps it; then the page that asks."""
    farewell = farewells.kept(request, slug)
    if farewell is None:
        return redirect("responses:withdraw", slug=slug)
    return _said(request, farewell)


def _nobody(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Nobody has that token or code: asks for the code, or tells who has withdrawn by it again.

    The second of two clicks comes with the cookie of before, and so does who lost the answer.
    """
    typed = bool(request.POST.get("code"))
    if token:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if farewell := farewells.told_again(slug, token, language):
            return farewells.leave_with(slug, farewell) or _said(request, farewell)
    notice = Notice.WITHDRAW_WRONG_CODE if typed else Notice.WITHDRAW
    return notice_response(request, notice, slug=slug, to_withdraw=True)


def _ask(
    request: HttpRequest, slug: str, found: Participant, *, asks: bool, fault: bool
) -> HttpResponse:
    with override(found.language):
        context = {
            "study": slug,
            "study_title": found.design.title.get(found.language, ""),
            "languages": language_names(found.design),
            "csrf": csrf_token(request),
            "asks": asks,
            "fault": fault,
            "back": reverse("responses:page", kwargs={"slug": slug, "page": found.page}),
            **language_context(found.language),
        }
        html = render_to_string("responses/withdraw.html", context)
    return private(html, found.language, status=422 if fault else 200)


def _withdrawn(
    request: HttpRequest, slug: str, token: str, found: Participant, *, keep: bool
) -> HttpResponse:
    """Withdraws them; the way back to the panel is read before its id is erased."""
    design = found.design
    address = design.ending(Outcome.WITHDRAWN).redirect
    known = {**found.parameters, **identity_of(found, design, address)}
    offered = tokens.farewell_code(token, slug, exposed=found.exposed)
    code = withdrawal.withdraw(participant_id=found.id, keep=keep, offered=offered)
    if not code:
        return _nobody(request, slug, token)
    farewell = Farewell(
        version_id=found.version_id,
        language=found.language,
        code=code,
        redirect=redirect_address(design, Outcome.WITHDRAWN, code, known),
        exposed=found.exposed,
    )
    if led := farewells.leave_with(slug, farewell):
        return led
    response = _said(request, farewell)
    farewells.forget(response, slug)
    return response


def _said(request: HttpRequest, farewell: Farewell) -> HttpResponse:
    design = version_of(farewell.version_id).design
    asked = str(request.GET.get("lang", ""))
    known = [each for each in (asked, farewell.language) if each in design.languages]
    return ending_response(
        request,
        design,
        Outcome.WITHDRAWN,
        language=(known or design.languages)[0],
        code=farewell.code,
        redirect=farewell.redirect,
        beside=Beside(debrief=farewell.exposed),
    )
