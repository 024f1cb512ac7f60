"""The desk's pages on a study in this room: the preview, and the links and counts."""

from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from experiments.checks import problems
from experiments.design import Design, Page
from experiments.models import Status, Study
from experiments.studyrows import read_rows
from responses.arrival import entry_link
from responses.desk_study import study_at_desk
from responses.models import Mode
from responses.preview import (
    PreviewFacts,
    Unrenderable,
    matrices,
    page_after,
    page_before,
    participant_page,
    preview_levels,
)
from responses.questionnaire import first_page
from responses.rendering import View, Visit
from responses.watch import counts

VIEW_STUDY = "experiments.view_study"
VIEW_PARTICIPANT = "responses.view_participant"


@never_cache
@require_GET
def preview_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Every arm in every language side by side, and links to every page."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    design = read_rows(study)
    context = {
        **admin.site.each_context(request),
        "title": _("Preview of %(study)s") % {"study": study.slug},
        "study": study,
        "design": design,
        "matrices": matrices(design),
        "problem_count": len(problems(design)),
        "is_fullwidth": "1",
    }
    return render(request, "responses_desk/preview.html", context)


# csp says that views take a request alone.
@csp(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])  # type: ignore[arg-type]
@never_cache
@require_http_methods(["GET", "POST"])
def preview_page_view(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """One page as a participant sees it; its Next button leads on and stores nothing."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    design = read_rows(study)
    found = next((each for each in design.pages if each.code == page), None)
    if found is None:
        raise Http404
    asked = request.GET.get("lang", "")
    language = asked if asked in design.languages else next(iter(design.languages), "")
    arm = request.GET.get("arm", "")
    if request.method == "POST":
        return redirect(_moved(request, slug, design, found, language))
    levels = preview_levels(design, found, arm)
    visit = Visit(
        facts=PreviewFacts(levels=levels),
        resume_code="XXXX-XXXX-XXXX",
        completion_code="XXXXXXXXXX",
        link_parameters=f"&{urlencode({'arm': arm})}",
    )
    arriving = found == first_page(design)
    view = View(0, found.code, language, tuple(sorted(levels.items())), arriving)
    try:
        html = participant_page(design, view, visit, get_token(request))
    except Unrenderable:
        text = _("%(page)s can't be shown yet: a text of it is missing, or what it names is.")
        messages.error(request, text % {"page": found.code})
        return redirect("admin:responses_preview", slug)
    return HttpResponse(_with_banner(html, study, design, found, language, arm))


def _moved(request: HttpRequest, slug: str, design: Design, page: Page, language: str) -> str:
    """Where a button of the page leads: on, back, or to the same page in another language."""
    move, arm = request.POST.get("move", ""), request.GET.get("arm", "")
    if move == "back":
        return _address(slug, page_before(design, page) or page, language, arm)
    asked = move.removeprefix("language:")
    if asked != move and asked in design.languages:
        return _address(slug, page, asked, arm)
    return _address(slug, page_after(design, page) or page, language, arm)


def _address(slug: str, page: Page, language: str, arm: str) -> str:
    asked = urlencode({"lang": language, **({"arm": arm} if arm else {})})
    return f"{reverse('admin:responses_preview_page', args=[slug, page.code])}?{asked}"


def _with_banner(
    html: str, study: Study, design: Design, page: Page, language: str, arm: str
) -> str:
    """The participant's page with a line above it that says what it is."""
    before, after = page_before(design, page), page_after(design, page)
    context = {
        "study": study,
        "arm": arm,
        "before": _address(study.slug, before, language, arm) if before else "",
        "after": _address(study.slug, after, language, arm) if after else "",
    }
    banner = render_to_string("responses_desk/preview_banner.html", context)
    style = render_to_string("responses_desk/preview_style.html")
    html = html.replace("</head>", f"{style}</head>", 1)
    # After the link that skips to the content, which has to come first.
    return html.replace("</a>", f"</a>{banner}", 1)


@never_cache
@require_GET
def watch_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The links by which people enter, and how many are where."""
    study = study_at_desk(request, slug, VIEW_PARTICIPANT)
    context = {
        **admin.site.each_context(request),
        "title": _("Links and counts of %(study)s") % {"study": study.slug},
        "study": study,
        "links": _links(request, study),
        "modes": counts(study),
    }
    return render(request, "responses_desk/watch.html", context)


def _links(request: HttpRequest, study: Study) -> list[tuple[Any, str]]:
    """The addresses that are open, by mode."""
    base = request.build_absolute_uri("/")
    open_modes = {
        Mode.LIVE: study.status in (Status.LIVE, Status.PAUSED),
        Mode.PILOT: study.status != Status.CLOSED and study.pilot_version_id is not None,
    }
    return [
        (mode.label, entry_link(study.slug, mode, base)) for mode in open_modes if open_modes[mode]
    ]
