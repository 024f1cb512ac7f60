"""The participant's pages over HTTP: shows where somebody is, and takes what they send."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experiments.models import DesignVersion, Status
from responses import carried, drafts, person, submission, tokens
from responses.cookies import address_of, go_to, lead_to, remembered, token_of
from responses.crowds import limits_codes, limits_posts
from responses.leading import leads_by_header
from responses.leaving import closed, ended
from responses.markdown import image_of
from responses.models import State
from responses.notices import Notice, notice_response
from responses.outage import sent_fields, survive_outage
from responses.person import Participant
from responses.questionnaire import Fault
from responses.received import (
    Received,
    declines,
    language_asked,
    paradata_of,
    received,
    says_otherwise,
)
from responses.showing import refused, shown
from responses.timing import seconds_to_wait, time_is_up
from responses.tries import was_sent_again
from responses.turning import turn

# In the address of a page: that what was sent of an earlier one was not taken.
UNSAVED = "unsaved"
FOR_EVER = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
@leads_by_header
@limits_posts
@survive_outage
def page(request: HttpRequest, *, slug: str, page: str) -> HttpResponse:
    """One page of the study: GET shows it, POST stores it and moves on, back, or to a language."""
    token = token_of(request, slug)
    if request.method == "POST":
        asked = (request, slug, token, page)
        return _stored_as_shown(*asked) or _posted(*asked)
    served = request.method == "GET"
    found = person.serve(slug, token, page) if served else person.read(slug, token)
    if found is None:
        return notice_response(request, Notice.UNKNOWN, slug=slug)
    if found.state == State.ANSWERING and found.study_status == Status.CLOSED:
        return closed(request, found)
    if found.page != page:
        return lead_to(slug, found.page)
    # Hardly any address has more to it, and to take one apart is a part of what a page costs.
    unsaved = bool(request.META.get("QUERY_STRING")) and UNSAVED in request.GET
    if found.state != State.ANSWERING:
        return ended(request, found, unsaved=unsaved)
    return shown(request, token, found, unsaved=unsaved)


def _stored_as_shown(request: HttpRequest, slug: str, token: str, page: str) -> HttpResponse | None:
    """Stores a page by what it carries; None where they must be read, and nothing is done then."""
    post = request.POST
    text = post.get(carried.FIELD, "")
    if not text or post.get("move") == "back" or language_asked(request) or post.get("time_up"):
        return None
    found = carried.opened(text, study=slug, token=token, page=page)
    if found is None:
        return None
    got = _received(request, found)
    if got.faults or was_sent_again(found, got.answers, got.asked):
        return None
    told = paradata_of(request, found.design, found.on)
    moved = submission.store_as_shown(
        participant=found, token=token, answers=got.answers, paradata=told, consents=got.consents
    )
    return go_to(request, slug, token, moved.page, found.language) if moved else None


def _received(request: HttpRequest, found: Participant) -> Received:
    sent = sent_fields(request)
    return received(found.design, found.on, sent, found.facts, language=found.language)


def _posted(request: HttpRequest, slug: str, token: str, page: str) -> HttpResponse:
    found = person.read(slug, token)
    if found is None:
        return notice_response(request, Notice.UNKNOWN, slug=slug, carry=sent_fields(request))
    turns = language_asked(request) or request.POST.get("move") == "back"
    if found.state != State.ANSWERING:
        return lead_to(slug, found.page) if turns else _not_taken(request, slug, found, page)
    if found.study_status == Status.CLOSED:
        return closed(request, found)
    if turns:
        return _turned(request, slug, token, found, page)
    # A vignette is left only by who was served it: an outcome without exposure would be no outcome.
    if found.page != page or found.awaits_exposure:
        return _not_taken(request, slug, found, page)
    return _sent(request, slug, token, found)


def _not_taken(request: HttpRequest, slug: str, found: Participant, page: str) -> HttpResponse:
    """Leads to where they are. Sent again as it was stored is a double click.

    Who takes their consent back is asked whether to withdraw. Anything else somebody typed in vain,
    which they are told there.
    """
    if declines(found, page, sent_fields(request)):
        return redirect("responses:withdraw", slug=slug)
    here = lead_to(slug, found.page)
    left = found.page != page or found.state != State.ANSWERING
    if left and says_otherwise(found, page, sent_fields(request)):
        here["Location"] += f"?{UNSAVED}=1"
    return here


def _turned(
    request: HttpRequest, slug: str, token: str, found: Participant, page: str
) -> HttpResponse:
    """Back, or another language; on a page that they have left only the language is another one."""
    language, here = language_asked(request), found.page == page
    if not (language or here):
        return lead_to(slug, found.page)
    code = turn(
        participant=found,
        fields=drafts.kept(sent_fields(request)) if here else None,
        language=language,
        back=not language,
    )
    known = language if language in found.design.languages else found.language
    return go_to(request, slug, token, code, known)


def _sent(request: HttpRequest, slug: str, token: str, found: Participant) -> HttpResponse:
    sent, got = sent_fields(request), _received(request, found)
    if request.POST.get("time_up") and time_is_up(found):
        got = got.as_it_is()
    if got.faults:
        return refused(request, token, found, sent, faults=got.faults, asked=got.asked)
    if wait := seconds_to_wait(found):
        return refused(
            *(request, token, found, sent),
            asked=got.asked,
            page_fault=Fault.TOO_SOON,
            seconds_left=wait,
        )
    return _stored(request, slug, token, found, got)


def _stored(
    request: HttpRequest, slug: str, token: str, found: Participant, got: Received
) -> HttpResponse:
    """Stores a page and goes on; who lost the race goes where the winner went."""
    if was_sent_again(found, got.answers, got.asked):
        return go_to(request, slug, token, found.page, found.language)
    moved = submission.store(
        participant=found,
        answers=got.answers,
        paradata=paradata_of(request, found.design, found.on),
        consents=got.consents,
    )
    if moved is None:
        # Another window was faster, or the study was closed: what this one said may be in vain.
        return _not_taken(request, slug, person.read(slug, token) or found, found.page)
    return go_to(request, slug, token, moved.page, found.language)


@require_http_methods(["GET", "HEAD", "POST"])
@limits_codes
@survive_outage
def resume(request: HttpRequest, *, slug: str) -> HttpResponse:
    """Asks for the resume code, and goes on where its holder was."""
    if request.method != "POST":
        return notice_response(request, Notice.RESUME, slug=slug)
    token = tokens.read(request.POST.get("code", ""))
    carry = dict(sent_fields(request))
    to = "".join(carry.pop("to", ())[-1:])
    carry.pop("code", None)
    found = person.read(slug, token)
    if found is None:
        return notice_response(request, Notice.WRONG_CODE, slug=slug, carry=carry, to=to)
    current = address_of(slug, found.page)
    if carry and to == current and found.state == State.ANSWERING:
        response = notice_response(
            request, Notice.FOUND_AGAIN, language=found.language, carry=carry, to=current
        )
        return remembered(request, response, slug, token, found.language)
    return go_to(request, slug, token, found.page, found.language)


@require_POST
@limits_posts
@survive_outage
def draft(request: HttpRequest, *, slug: str, page: str) -> HttpResponse:
    """Keeps what is typed on a page and not sent yet; the page's script sends it."""
    token = token_of(request, slug)
    saved = drafts.save(study=slug, token=token, page=page, fields=sent_fields(request))
    return HttpResponse(status=saved.value)


@require_safe
def image(request: HttpRequest, *, slug: str, name: str) -> HttpResponse:
    """A picture of the study, by a name that changes with it."""
    # Whoever began on an older version sees its pictures.
    versions = DesignVersion.objects.filter(study__slug=slug).order_by("-number")
    ids = versions.values_list("pk", flat=True)
    found = next((file for pk in ids if (file := image_of(pk, name))), None)
    if found is None:
        raise Http404("There is no such picture.")
    media_type, data = found
    return HttpResponse(data, content_type=media_type, headers={"Cache-Control": FOR_EVER})
