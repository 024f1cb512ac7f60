"""The preview over HTTP: a frame of a device's width, what is in it, and the form around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from experiments.checks import problems
from experiments.design import Design, Outcome, Page, PageKind
from experiments.expansion import expanded
from experiments.models import Study
from experiments.studyrows import read_rows
from experiments.translated import language_name
from responses.desk_study import study_at_desk
from responses.outage import sent_fields
from responses.preview import controls
from responses.preview.carried import address_of, read_run, so_far
from responses.preview.page import UNFINISHED, Unrenderable, ending_html, page_html
from responses.preview.read_only import read_only
from responses.preview.run import Place, Refused, Run, filled, gone_on, send, turn, walked
from responses.questionnaire import needed_randomisations
from responses.received import language_asked

VIEW_STUDY = "experiments.view_study"
ENDED = "ended"
FRAME_POLICY = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "frame-ancestors": ["'self'"]}


@dataclass(frozen=True)
class Shown:
    """What the frame shows: a place, and what is said of how the bot came there."""

    place: Place
    said: str = ""


# csp says that views take a request alone.
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@never_cache
@require_GET
@read_only()
def preview_view(request: HttpRequest, slug: str) -> HttpResponse:
    """A page in a frame, and the form that chooses page, arms, language, device and who answers."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    written = read_rows(study)
    design = _met(written)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Preview of %(study)s") % {"study": study.slug},
        "study": study,
        "design": design,
        "problem_count": len(problems(written)),
        "is_fullwidth": "1",
    }
    if design.pages and design.languages:
        run = read_run(written, design, request.GET)
        shown = _asked_for(run, request.GET)
        context |= _around(study, shown, controls.device(request.GET.get("width", "")))
    return render(request, "responses_desk/preview.html", context)


@xframe_options_sameorigin
@csp(FRAME_POLICY)  # type: ignore[arg-type]
@never_cache
@require_http_methods(["GET", "POST"])
@read_only()
def preview_page_view(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """One page as a participant sees it; sending it leads on, as the questionnaire decides."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    written = read_rows(study)
    design = _met(written)
    found = controls.page_of(design, page)
    if found is None:
        raise Http404
    run = read_run(written, design, request.GET)
    if request.method == "POST":
        return _sent(request, study, run, found)
    outcome = controls.outcome(request.GET.get(ENDED, ""))
    if outcome:
        html = ending_html(request, run, found, outcome)
        return HttpResponse(_with_banner(html, study, run, found, outcome))
    return _page(request, study, run, found)


def _met(written: Design) -> Design:
    """The design as participants meet it; as it is written while it can't be dealt out."""
    try:
        return expanded(written)
    except UNFINISHED:
        return written


def _asked_for(run: Run, asked: Mapping[str, str]) -> Shown:
    """The place that the form asks for, the bot having done its part."""
    design = run.design
    chosen = asked.get("page", "")
    outcome = controls.outcome(chosen)
    page = controls.page_of(design, chosen) or design.pages[0]
    place = Place(run, page, outcome)
    if outcome:
        return Shown(place, _no_bot() if asked.get("bot") else "")
    match asked.get("bot", ""):
        case "fill":
            return Shown(replace(place, run=filled(run, page)))
        case "go_on":
            return Shown(_or_stay(place))
        case "come_here":
            return _walked_to(place)
    return Shown(place)


def _no_bot() -> str:
    return _("The bot answers so as to come to the end of the study, and to no other ending.")


def _or_stay(place: Place) -> Place:
    """Where the bot goes on to; an unfinished study may lead nowhere."""
    try:
        return gone_on(place.run, place.page)
    except UNFINISHED:
        return place


def _walked_to(place: Place) -> Shown:
    """That page with everything before it answered by the bot, if its way comes by there."""
    last = place
    try:
        for last in walked(place.run):
            if last.page == place.page:
                return Shown(last)
    except UNFINISHED:
        return Shown(place, _("The study leads nowhere from %(page)s.") % {"page": last.page.code})
    said = _(
        "With this seed and these arms the bot does not come to %(page)s: by its answers it is not "
        "shown. It came to %(end)s. Try another seed."
    )
    return Shown(last, said % {"page": place.page.code, "end": last.page.code})


def _around(study: Study, shown: Shown, device: str) -> dict[str, Any]:
    """What the page around the frame says and offers."""
    place, run = shown.place, shown.place.run
    _name, width, height = controls.DEVICES[device]
    return {
        "place": place,
        "chosen": place.outcome if place.outcome in controls.ENDINGS else place.page.code,
        "said": shown.said,
        "frame": _address(study.slug, place),
        "frame_width": width,
        "frame_height": height,
        "device": device,
        "devices": [(name, words) for name, (words, _wide, _high) in controls.DEVICES.items()],
        "arms": controls.arm_choices(run),
        "parameters": controls.parameter_choices(run),
        "languages": [(each, language_name(each)) for each in run.design.languages],
        "run": run,
        "so_far": so_far(run),
        "answered": len(run.answers),
        "endings": [(each.value, words) for each, words in controls.ENDINGS.items()],
    }


def _sent(request: HttpRequest, study: Study, run: Run, page: Page) -> HttpResponse:
    """Where what was sent of the page leads: on, back, to a language, or to its faults."""
    fields, language = sent_fields(request), language_asked(request)
    back = request.POST.get("move") == "back"
    if language or back:
        known = language if language in run.design.languages else ""
        place = turn(run, page, fields, language=known, back=back)
        return redirect(_address(study.slug, place))
    try:
        found = send(run, page, fields, time_is_up=bool(request.POST.get("time_up")))
    except UNFINISHED:
        return _cant(study, page)
    if isinstance(found, Refused):
        return _page(request, study, run, page, fields, found)
    return redirect(_address(study.slug, found))


def _page(
    request: HttpRequest,
    study: Study,
    run: Run,
    page: Page,
    fields: Mapping[str, tuple[str, ...]] | None = None,
    why: Refused | None = None,
) -> HttpResponse:
    try:
        html = page_html(request, run, page, sent=fields, why=why)
    except Unrenderable:
        return _cant(study, page)
    status = 422 if why else 200
    return HttpResponse(_with_banner(html, study, run, page, _outcome(page)), status=status)


def _outcome(page: Page) -> Outcome | None:
    return Outcome.COMPLETED if page.kind is PageKind.END else None


def _address(slug: str, place: Place) -> str:
    """The address of what the frame shows; the end page is a page, other outcomes are not."""
    address = reverse("admin:responses_preview_page", args=[slug, place.page.code])
    ended = place.outcome if place.outcome in controls.ENDINGS else None
    return f"{address}?{address_of(place.run)}" + (f"&{ENDED}={ended}" if ended else "")


def _with_banner(
    html: str, study: Study, run: Run, page: Page, outcome: Outcome | None = None
) -> str:
    """The participant's page with a line above it that says what it is, and which arms it shows."""
    shown = (step.code for step in needed_randomisations(run.design, page))
    context = {
        "study": study,
        "arms": ", ".join(run.arms[code] for code in shown if code in run.arms),
        "redirect": run.design.ending(outcome).redirect if outcome else "",
    }
    banner = render_to_string("responses_desk/preview_banner.html", context)
    style = render_to_string("responses_desk/preview_style.html")
    html = html.replace("</head>", f"{style}</head>", 1)
    # After the link that skips to the content, which has to come first.
    return html.replace("</a>", f"</a>{banner}", 1)


def _cant(study: Study, page: Page) -> HttpResponse:
    """In place of a page that can't be shown."""
    context = {"study": study, "page": page}
    return HttpResponse(render_to_string("responses_desk/preview_cant.html", context))
