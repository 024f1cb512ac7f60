"""The study's link over HTTP: the first page, and the POST that makes a participant."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from experiments.design import Access, Outcome, PageKind
from responses import links, person, quota, tokens
from responses.arrival import Newcomer, admit
from responses.cookies import go_to, lead_to, token_of
from responses.crowds import limits_entries
from responses.device import fingerprint_of
from responses.door import Identified, Invited, read_door, read_identified
from responses.language import choose
from responses.leading import leads_by_header
from responses.models import Mode, State
from responses.notices import Notice, notice_response
from responses.outage import sent_fields, survive_outage
from responses.questionnaire import AGREE, CONSENT_FIELD, DECLINE, first_page
from responses.received import Received, language_asked, paradata_of, received
from responses.visitor import SCREENED, Visitor


@require_http_methods(["GET", "HEAD", "POST"])
@leads_by_header
@limits_entries
@survive_outage
def welcome(request: HttpRequest, *, slug: str) -> HttpResponse:
    """The first page. GET writes nothing; POST enters the participant."""
    given = {name: str(request.GET.get(name, "")) for name in request.GET}
    mode = links.mode_of(slug, given)
    if mode is None:
        return notice_response(request, Notice.BROKEN_LINK)
    invitation = given.get(links.INVITATION, "")[: links.LONGEST_VALUE]
    door = read_door(slug, token_of(request, slug), mode, invitation)
    if door is None:
        return notice_response(request, Notice.NO_STUDY)
    version_id = door.version(mode)
    if version_id is None:
        return notice_response(request, Notice.NOT_OPEN)
    visitor = Visitor(request, slug, mode, door, version_id, given)
    if door.page and door.knows(visitor.link, mode):
        return _known(visitor, door.page)
    if request.method == "POST":
        return _refusal(visitor) or _posted(visitor)
    # Who sends is let in, or not, as the row is made; to who only looks it is said in time.
    return _refusal(visitor) or _hopeless(visitor) or visitor.page(tokens.new_nonce(), {})


def _known(visitor: Visitor, page: str) -> HttpResponse:
    """Leads where they are; who declines in another window has taken part, and may withdraw."""
    request, answering = visitor.request, visitor.door.state == State.ANSWERING
    consent = first_page(visitor.design).kind is PageKind.CONSENT
    if answering and consent and request.POST.get(CONSENT_FIELD) == DECLINE:
        return redirect("responses:withdraw", slug=visitor.slug)
    return lead_to(visitor.slug, page)


def _refusal(visitor: Visitor) -> HttpResponse | None:
    """Why nobody enters by this link, None if somebody may."""
    link, door = visitor.link, visitor.door
    if outcome := door.shut(visitor.mode):
        return visitor.away(outcome)
    if link.lacks:
        return visitor.notice(Notice.LINK_LACKS)
    if visitor.design.access is Access.INVITATION and visitor.mode == Mode.LIVE:
        if not link.invitation:
            return visitor.notice(Notice.INVITATION_NEEDED)
        if door.invitation is Invited.UNKNOWN:
            return visitor.notice(Notice.BROKEN_LINK)
    return None


def _hopeless(visitor: Visitor) -> HttpResponse | None:
    """Why this person would not be let in now, None if nothing speaks against it.

    One SQL statement for a panel's id, one for a quota over the whole study.
    """
    door, mode, link = visitor.door, visitor.mode, visitor.link
    if link.invitation and door.invitation is not Invited.OPEN:
        return visitor.notice(Notice.INVITATION_USED, resumes=True)
    if link.identity:
        found = read_identified(study_id=door.study_id, mode=mode, identity=link.identity)
        if found is Identified.WITHDREW:
            return visitor.notice(Notice.WITHDREW)
        if found is Identified.TAKEN:
            return visitor.notice(Notice.ALREADY, resumes=True)
    if quota.study_is_full(study_id=door.study_id, mode=mode, design=visitor.design):
        return visitor.away(Outcome.FULL)
    return None


def _shut_meanwhile(visitor: Visitor) -> HttpResponse | None:
    """That the study was closed since its door was read, None if it was not; one SQL statement."""
    door = read_door(visitor.slug, "", visitor.mode)
    outcome = door.shut(visitor.mode) if door else Outcome.CLOSED
    return visitor.away(outcome) if outcome else None


def _taken(visitor: Visitor, newcomer: Newcomer) -> HttpResponse:
    """That they withdrew, or somebody else was faster; IntegrityError where nobody could be."""
    link = visitor.link
    # Who withdrew and left their answers is known by no token any more, but by their reference.
    if person.is_there(newcomer.reference):
        return visitor.notice(Notice.WITHDREW)
    if not (link.identity or link.invitation):
        raise IntegrityError(
            "Nobody can enter: the numbers of participants are given twice. Set their sequence "
            "behind the largest id of responses_participant."
        )
    used = Notice.INVITATION_USED if link.invitation and not link.identity else Notice.ALREADY
    return visitor.notice(used, resumes=True)


def _posted(visitor: Visitor) -> HttpResponse:
    request, design = visitor.request, visitor.design
    sent = sent_fields(request)
    nonce = request.POST.get("nonce", "")[:64]
    if language := language_asked(request):
        language = choose(design.languages, language, "")
        return visitor.page(nonce or tokens.new_nonce(), sent, language=language)
    page, facts = first_page(design), visitor.facts(nonce)
    got = received(design, page, sent, facts, language=visitor.language)
    if got.faults or not nonce:
        nonce = nonce or tokens.new_nonce()
        return visitor.page(nonce, sent, status=422, faults=got.faults, asked=got.asked)
    return _admitted(visitor, nonce, got)


def _admitted(visitor: Visitor, nonce: str, got: Received) -> HttpResponse:
    """Lets the visitor in, or says that somebody has the panel's id or the invitation already."""
    request, slug, link = visitor.request, visitor.slug, visitor.link
    choice = {True: AGREE, False: DECLINE, None: SCREENED}[got.consents]
    newcomer = Newcomer(
        study=slug,
        study_id=visitor.door.study_id,
        version_id=visitor.version_id,
        mode=visitor.mode,
        token=tokens.token_from(nonce, slug, choice),
        reference=tokens.reference_from(nonce, slug, choice),
        language=visitor.language,
        link=link,
        fingerprint=fingerprint_of(request) if visitor.design.fingerprint else None,
        # Who comes in all the same came by another panel id or invitation.
        known_browser=visitor.design.fingerprint and visitor.door.page is not None,
    )
    moved = admit(
        newcomer=newcomer,
        answers=got.answers,
        paradata=paradata_of(request, visitor.design, first_page(visitor.design)),
        consents=got.consents,
    )
    if moved is None:
        return _hopeless(visitor) or _shut_meanwhile(visitor) or _taken(visitor, newcomer)
    # Who declined may go back and agree, unless they are known by more than this browser.
    if moved.state == State.REFUSED and not (link.identity or link.invitation):
        return visitor.away(Outcome.REFUSED, moved.code)
    return go_to(request, slug, newcomer.token, moved.page, visitor.language)
