"""Renders a page once and keeps its skeleton; a request only fills the holes and joins the items.

A page with something typed, or wrong, in it is rendered anew, since it shows that.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override

from experiments.design import Design, Outcome, Page, PageKind
from experiments.ordering import has_own_order, ordered_options
from experiments.vignette import render, slots
from responses.cookies import HTML
from responses.csrf import csrf_token
from responses.designs import version_of
from responses.forms import PageForm
from responses.hints import limit_words
from responses.holes import OF_PARTICIPANT, OF_VISIT, are_alike, of_participant, of_visit
from responses.markdown import as_html
from responses.marks import hole, piped_text
from responses.questionnaire import Facts, Fault
from responses.questionnaire.flow import may_show
from responses.skeleton import Hole, Skeleton, cut, filled, join, settle
from responses.view import View
from responses.visit import Visit

# Until a browser goes back to the panel by itself; where there is a debriefing to read, longer.
SECONDS, SECONDS_TO_READ = 10, 120
TEMPLATES = {
    PageKind.CONSENT: "consent",
    PageKind.VIGNETTE: "vignette",
    PageKind.END: "end",
}
__all__ = ["View", "Visit", "page_response", "render_design_page"]


def page_response(
    request: HttpRequest, view: View, visit: Visit, *, status: int = 200
) -> HttpResponse:
    """The page as a response, its holes filled."""
    csrf = csrf_token(request)
    if visit.plain and (alike := settled(view)):
        html = filled(alike, of_visit(view, visit, csrf))
    else:
        design = version_of(view.version_id).design
        pieces = skeleton(view) if visit.plain else cut(rendered(design, view, visit))
        html = _whole(design, view, visit, pieces, csrf)
    return private(html, view.language, status=status)


def render_design_page(design: Design, view: View, visit: Visit, csrf: str = "") -> str:
    """The page's HTML for a design that need not have been launched, as a preview wants it."""
    return _whole(design, view, visit, cut(rendered(design, view, visit)), csrf)


@lru_cache(maxsize=4096)
def skeleton(view: View) -> Skeleton:
    """The page in pieces, kept in the process."""
    return cut(rendered(version_of(view.version_id).design, view, Visit()))


@lru_cache(maxsize=4096)
def settled(view: View) -> Sequence[str | Hole]:
    """The page with all holes filled but those of a visit; empty if more depends on who it is."""
    design = version_of(view.version_id).design
    page = design.page(view.page)
    if not are_alike(design, page):
        return ()
    return settle(skeleton(view).plain, dict(of_participant(design, page, view, Facts())))


def rendered(design: Design, view: View, visit: Visit) -> str:
    """The page's HTML with its marks still in it."""
    page = design.page(view.page)
    with override(view.language):
        form = PageForm(design, page, view.language, visit)
        context = {
            "design": design,
            "study": design.study,
            "study_title": design.title[view.language],
            "page": page,
            "title": piped_text(page.title[view.language]),
            "body": body_html(design, page, dict(view.levels), view.language),
            "form": form,
            "visit": visit,
            "soft": all(fault is Fault.ASKED_ONCE for fault in visit.faults.values()),
            "first": view.arriving,
            # Its Markdown is read where it is shown, and nowhere else.
            "debriefing": debriefing(design, view.language) if page.kind is PageKind.END else "",
            "redirects": bool(design.ending(Outcome.COMPLETED).redirect),
            "redirect_seconds": seconds_until_back(design, debrief=True),
            "hole": {name: hole(name) for name in (*OF_VISIT, *OF_PARTICIPANT)},
            "limit": limit_words(page.max_seconds),
            "languages": language_names(design),
            **language_context(view.language),
        }
        return render_to_string(f"responses/{TEMPLATES.get(page.kind, 'questions')}.html", context)


def body_html(design: Design, page: Page, levels: Mapping[str, str], language: str) -> str:
    """The page's body as HTML: levels filled in as Markdown, other slots left as holes."""
    text = page.body.get(language, "")
    fillings = {name: hole(f"pipe.{name}") for name in slots(text)} | {
        factor.code: level.text[language]
        for factor in design.factors
        for level in factor.levels
        if levels.get(factor.code) == level.code
    }
    return as_html(design, render(text, fillings))


def debriefing(design: Design, language: str) -> str:
    """The debriefing as HTML; empty if the study has none."""
    text = design.debriefing.get(language, "")
    return as_html(design, text) if text else ""


def view_levels(
    design: Design, page: Page, levels: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The levels that the page's body shows, which is what makes it another page for an arm."""
    if not levels:
        return ()
    shown = {slot for text in page.body.values() for slot in slots(text)}
    return tuple(sorted((code, level) for code, level in levels.items() if code in shown))


def seconds_until_back(design: Design, *, debrief: bool) -> int:
    """After how long the browser goes back to the panel: later where there is much to read."""
    return SECONDS_TO_READ if debrief and design.debriefing else SECONDS


def language_context(language: str) -> dict[str, str]:
    """The language tag and the direction of its script."""
    try:
        bidi = get_language_info(language)["bidi"]
    except KeyError:
        bidi = False
    return {"language": language, "direction": "rtl" if bidi else "ltr"}


def private(html: str, language: str = "", *, status: int = 200) -> HttpResponse:
    """The response that is one person's page, never to be kept by a cache or the history.

    The language is that of the page; where the desk is answered, a middleware says it.
    """
    headers = {"Content-Type": HTML, "Cache-Control": "no-store, private"}
    if language:
        headers["Content-Language"] = language
    return HttpResponse(html.encode(), status=status, headers=headers)


def _whole(design: Design, view: View, visit: Visit, pieces: Skeleton, csrf: str) -> str:
    page, facts = design.page(view.page), visit.facts
    holes = dict(of_participant(design, page, view, facts)) | of_visit(view, visit, csrf)
    items = [item.code for item in may_show(design, page, facts)]
    options = {
        ("option", item.code): [each.code for each in ordered_options(design, item, facts.seed)]
        for item in page.items
        if has_own_order(design, item)
    }
    return join(pieces, holes, {("item", ""): items, **options})


def language_names(design: Design) -> list[tuple[str, str]]:
    """The languages of a study, each with its own name for itself."""
    return [(code, _local_name(code)) for code in design.languages]


def _local_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
