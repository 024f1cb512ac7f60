"""Renders a page once and keeps its skeleton; a request only fills the holes and joins the items.

A page with something typed, or wrong, in it is rendered anew, since it shows that.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from experiments.answers import MISSING
from experiments.design import Design, Item, ItemKind, Outcome, Page, PageKind
from experiments.logic import NoValue, Value, names
from experiments.ordering import has_own_order, ordered_options
from experiments.piping import piped
from experiments.vignette import render, slots
from responses.csrf import csrf_token
from responses.designs import version_of
from responses.forms import PageForm
from responses.hints import limit_words
from responses.markdown import as_html
from responses.marks import hole, piped_text
from responses.questionnaire import (
    Facts,
    Fault,
    Progress,
    counting,
    previous_page,
    progress,
    shown_items,
)
from responses.questionnaire.flow import follows_consent, may_show, waits_here
from responses.questionnaire.knowledge import condition, known
from responses.skeleton import Skeleton, cut, join
from responses.view import View
from responses.visit import Visit

# Until a browser goes back to the panel by itself; where there is a debriefing to read, longer.
SECONDS, SECONDS_TO_READ = 10, 120
# So many digits tell apart whose texts a browser keeps.
WHO = 12
TEMPLATES = {
    PageKind.CONSENT: "consent",
    PageKind.VIGNETTE: "vignette",
    PageKind.END: "end",
}
HOLES = (
    *("csrf", "resume_code", "nonce", "link_parameters", "completion_code", "redirect"),
    *("number", "total", "progress", "next", "values", "asked", "back", "first_code"),
    *("who", "wait", "left", "draft_number", "unsaved"),
)

__all__ = ["View", "Visit", "page_response", "render_design_page"]


def page_response(
    request: HttpRequest, view: View, visit: Visit, *, status: int = 200
) -> HttpResponse:
    """The page as a response, its holes filled."""
    design = version_of(view.version_id).design
    pieces = skeleton(view) if visit.plain else cut(rendered(design, view, visit))
    html = _whole(design, view, visit, pieces, csrf_token(request))
    return private(HttpResponse(html, status=status), view.language)


def render_design_page(design: Design, view: View, visit: Visit, csrf: str = "") -> str:
    """The page's HTML for a design that need not have been launched, as a preview wants it."""
    return _whole(design, view, visit, cut(rendered(design, view, visit)), csrf)


@lru_cache(maxsize=4096)
def skeleton(view: View) -> Skeleton:
    """The page in pieces, kept in the process."""
    return cut(rendered(version_of(view.version_id).design, view, Visit()))


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
            "debriefing": as_html(design, design.debriefing.get(view.language, "")),
            "redirects": bool(design.ending(Outcome.COMPLETED).redirect),
            "redirect_seconds": seconds_until_back(design, debrief=True),
            "hole": {name: hole(name) for name in HOLES},
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


def private(response: HttpResponse, language: str = "") -> HttpResponse:
    """Marks a response as one person's, never to be kept by a cache or the history.

    The language is that of the page; where the desk is answered, a middleware says it.
    """
    response["Cache-Control"] = "no-store, private"
    if language:
        response["Content-Language"] = language
    return response


def _whole(design: Design, view: View, visit: Visit, pieces: Skeleton, csrf: str) -> str:
    page = design.page(view.page)
    holes = dict(_holes(design, page, view, visit)) | {"csrf": csrf}
    seed = visit.facts.seed
    items = [item.code for item in may_show(design, page, visit.facts)]
    options = {
        ("option", item.code): [each.code for each in ordered_options(design, item, seed)]
        for item in page.items
        if has_own_order(design, item)
    }
    return join(pieces, holes, {("item", ""): items, **options})


def _holes(design: Design, page: Page, view: View, visit: Visit) -> Iterator[tuple[str, str]]:
    """What fills the holes, escaped."""
    for name in ("resume_code", "nonce", "link_parameters", "completion_code", "redirect"):
        yield name, escape(text) if (text := getattr(visit, name)) else ""
    told = piped(page)
    counted = counting(design, visit.facts) if told else visit.facts
    for name in told:
        text = counted.filling(design, name, view.language)
        yield f"pipe.{name}", escape(text)
        yield f"url.{name}", quote(text, safe="")
    waiting = [item for item in page.items if waits_here(page, item)]
    shown = shown_items(design, page, visit.facts) if waiting else ()
    for item in waiting:
        yield f"hidden.{item.code}", "" if item in shown else "hidden"
    for item in page.items:
        if item.kind is ItemKind.SEMANTIC_DIFFERENTIAL:
            yield from _poles(design, item, view, counted)
    before = previous_page(design, page.code, visit.facts)
    yield "back", "" if before else "hidden"
    yield "first_code", "" if follows_consent(design, page.code, visit.facts) else "hidden"
    values = _values(design, page, visit)
    yield "values", escape(json.dumps(values, ensure_ascii=False)) if values else "{}"
    yield "asked", escape(" ".join(sorted(visit.asked)))
    # Two people may share a browser; who is nobody yet has no reference.
    yield "who", "" if view.arriving else visit.facts.seed.hex()[:WHO]
    yield "wait", str(visit.wait)
    yield "left", str(visit.left)
    yield "draft_number", str(visit.draft_number)
    yield "unsaved", "" if visit.unsaved else "hidden"
    yield from _progress_holes(design, page, view, visit)


def _progress_holes(
    design: Design, page: Page, view: View, visit: Visit
) -> Iterator[tuple[str, str]]:
    if page.kind is PageKind.END:
        return
    way = progress(design, page.code, visit.facts)
    yield "number", str(way.number)
    yield "total", str(way.total)
    yield from _progress_words(way, view.language)


@lru_cache(maxsize=1024)
def _progress_words(way: Progress, language: str) -> tuple[tuple[str, str], ...]:
    with override(language):
        said = (
            _("Page %(number)d of %(total)d")
            if way.exact
            else _("Page %(number)d of at most %(total)d")
        )
        told = escape(said % {"number": way.number, "total": way.total})
        leads_on = escape(_("Send and finish") if way.number == way.total else _("Next"))
    return ("progress", told), ("next", leads_on)


def _poles(design: Design, item: Item, view: View, facts: Facts) -> Iterator[tuple[str, str]]:
    """The poles beside the options: they change places when the options are turned round."""
    ends = [
        fill(text.get(view.language, ""), design, facts, view.language)
        for text in (item.left, item.right)
    ]
    written, shown = design.options(item), ordered_options(design, item, facts.seed)
    first = next(option for option in written if not option.missing)
    if first is not next(option for option in shown if not option.missing):
        ends.reverse()
    yield f"before.{item.code}", escape(ends[0])
    yield f"after.{item.code}", escape(ends[1])


def fill(text: str, design: Design, facts: Facts, language: str) -> str:
    """A text with its slots filled for one participant."""
    return render(text, {name: facts.filling(design, name, language) for name in slots(text)})


def _values(design: Design, page: Page, visit: Visit) -> dict[str, Any]:
    """What the browser must know of earlier pages to show and hide this page's items at once."""
    if not design.conditions:
        return {}
    wanted = {
        name for item in page.items if item.shown_if for name in names(condition(item.shown_if))
    }
    here = {item.code for item in page.items}
    values = known(design, visit.facts).values
    return {name: _told(values.get(name)) for name in sorted(wanted - here)}


def _told(value: Value) -> Any:
    """A value as the browser's script knows it: one that counts as no answer says so."""
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    return {MISSING: value} if isinstance(value, NoValue) else value


def language_names(design: Design) -> list[tuple[str, str]]:
    """The languages of a study, each with its own name for itself."""
    return [(code, _local_name(code)) for code in design.languages]


def _local_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
