"""The participant's pages over HTTP."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from experiments.design import PageKind
from experiments.models import Status
from responses import arrival, submission, tokens
from responses.designs import version_of
from responses.language import choose
from responses.models import Mode, State
from responses.notices import Notice, notice_response
from responses.outage import sent_fields, survive_outage
from responses.questionnaire import AGREE, CONSENT_FIELD, DECLINE, Fault, check, first_page
from responses.rendering import View, page_response
from responses.submission import Participant

COOKIE_AGE = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@survive_outage
def welcome(request: HttpRequest, *, slug: str) -> HttpResponse:
    """The consent page. GET writes nothing; POST enters the participant."""
    parameters = {name: request.GET.get(name, "") for name in ("mode", "key")}
    mode = arrival.mode_of(slug, **parameters)
    if mode is None:
        return notice_response(request, Notice.BROKEN_LINK)
    door = arrival.read_door(slug, _token(request, slug), mode)
    if door is None:
        return notice_response(request, Notice.NO_STUDY)
    if door.page and not (door.state == State.COMPLETED and mode != Mode.LIVE):
        return redirect("responses:page", slug=slug, page=door.page)
    version_id = door.version_for(mode)
    if version_id is None:
        shut = {Status.PAUSED: Notice.PAUSED, Status.CLOSED: Notice.CLOSED}
        return notice_response(request, shut.get(Status(door.status), Notice.NOT_OPEN))
    view = _welcome_view(request, version_id)
    if request.method == "POST":
        return _enter(request, slug, door.study_id, view, mode)
    return page_response(request, view, _welcome_holes(request))


def _enter(request: HttpRequest, slug: str, study_id: int, view: View, mode: str) -> HttpResponse:
    consent = request.POST.get(CONSENT_FIELD, "")
    nonce = request.POST.get("nonce", "")[:64]
    if consent not in (AGREE, DECLINE) or not nonce:
        holes = _welcome_holes(request, nonce)
        faults = {CONSENT_FIELD: Fault.REQUIRED}
        return page_response(request, view, holes, faults=faults, status=422)
    token = tokens.token_from(nonce, slug, consent)
    arrival.enter(
        study_id=study_id,
        version_id=view.version_id,
        mode=mode,
        token=token,
        language=view.language,
        consent=consent,
    )
    if consent == DECLINE:
        return notice_response(request, Notice.DECLINED, language=view.language)
    found = submission.read(slug, token)
    if found is None:
        raise LookupError(f"Who just entered {slug} can't be found.")
    if found.page == view.page:
        return _store(slug, token, found, {})
    return _go_to(slug, token, found)


@require_http_methods(["GET", "POST"])
@survive_outage
def page(request: HttpRequest, *, slug: str, page: str) -> HttpResponse:
    """One page of the study: GET shows it, POST stores it and moves on."""
    token = _token(request, slug)
    posted = request.method == "POST"
    found = submission.read(slug, token) if posted else submission.serve(slug, token, page)
    if found is None:
        carry = sent_fields(request) if posted else None
        return notice_response(request, Notice.UNKNOWN, slug=slug, carry=carry)
    if found.study_status == Status.CLOSED and found.state != State.COMPLETED:
        too_late = Notice.CLOSED_MEANWHILE if posted else Notice.CLOSED
        return notice_response(request, too_late, language=found.language)
    completed = found.state == State.COMPLETED
    # A vignette is left only by who was served it: an outcome without exposure would be no outcome.
    if found.page != page or (posted and (completed or found.awaits_exposure)):
        return redirect("responses:page", slug=slug, page=found.page)
    if posted:
        return _submit(request, slug, token, found)
    if first_page(found.version.design).code == page:
        return redirect("responses:welcome", slug=slug)
    holes = {"resume_code": tokens.shown(token), "completion_code": found.completion_code}
    return page_response(request, _view_of(found), holes)


def _submit(request: HttpRequest, slug: str, token: str, found: Participant) -> HttpResponse:
    design = found.version.design
    sent = sent_fields(request)
    checked = check(design, design.page(found.page), sent)
    if checked.faults:
        holes = {"resume_code": tokens.shown(token)}
        view = _view_of(found)
        faults = checked.faults
        return page_response(request, view, holes, answers=sent, faults=faults, status=422)
    return _store(slug, token, found, checked.answers)


@require_http_methods(["GET", "POST"])
@survive_outage
def resume(request: HttpRequest, *, slug: str) -> HttpResponse:
    """Asks for the resume code, and goes on where its holder was."""
    if request.method == "GET":
        return notice_response(request, Notice.RESUME, slug=slug)
    token = tokens.read(request.POST.get("code", ""))
    carry = sent_fields(request)
    to = carry.pop("to", "")
    carry.pop("code", None)
    found = submission.read(slug, token)
    if found is None:
        return notice_response(request, Notice.WRONG_CODE, slug=slug, carry=carry, to=to)
    current = reverse("responses:page", kwargs={"slug": slug, "page": found.page})
    if carry and to == current:
        response = notice_response(
            request, Notice.FOUND_AGAIN, language=found.language, carry=carry, to=current
        )
        return _remembered(response, slug, token, found.language)
    return _go_to(slug, token, found)


def _store(
    slug: str, token: str, found: Participant, answers: Mapping[str, str | None]
) -> HttpResponse:
    """Stores a page and goes on; who lost the race goes where the winner went."""
    moved_to = submission.store(participant=found, answers=answers)
    if moved_to is None:
        return _go_to(slug, token, submission.read(slug, token) or found)
    response = redirect("responses:page", slug=slug, page=moved_to)
    return _remembered(response, slug, token, found.language)


def _go_to(slug: str, token: str, found: Participant) -> HttpResponse:
    response = redirect("responses:page", slug=slug, page=found.page)
    return _remembered(response, slug, token, found.language)


def _remembered(response: HttpResponse, slug: str, token: str, language: str) -> HttpResponse:
    """Sets the cookie that is the token, and the one that words notices in their language."""
    options: dict[str, Any] = {
        "max_age": COOKIE_AGE,
        "path": reverse("responses:welcome", kwargs={"slug": slug}),
        "secure": settings.HTTPS,
        "httponly": True,
        "samesite": "Lax",
    }
    response.set_cookie(f"coprod_{slug}", token, **options)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **options)
    return response


def _token(request: HttpRequest, slug: str) -> str:
    return request.COOKIES.get(f"coprod_{slug}", "")


def _welcome_view(request: HttpRequest, version_id: int) -> View:
    design = version_of(version_id).design
    header = request.headers.get("Accept-Language", "")
    language = choose(design.languages, request.GET.get("lang", ""), header)
    return View(version_id, first_page(design).code, language)


def _welcome_holes(request: HttpRequest, nonce: str = "") -> dict[str, str]:
    signed = [(name, request.GET[name]) for name in ("mode", "key") if request.GET.get(name)]
    parameters = "&" + urlencode(signed) if signed else ""
    return {"nonce": nonce or tokens.new_nonce(), "link_parameters": parameters}


def _view_of(found: Participant) -> View:
    design = found.version.design
    shown = design.page(found.page).kind is PageKind.VIGNETTE
    levels = tuple(sorted(found.levels.items())) if shown else ()
    return View(found.version_id, found.page, found.language, levels)
