"""Renders a page once and keeps its skeleton; a request only fills the holes.

A skeleton is the page of one design version in one language for one arm, cut at its holes: the
CSRF token, the resume code, the completion code, and on the consent page the entry nonce and the
link's parameters. A page with errors is rendered anew, since it shows what was typed.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language_info, override
from markdown_it import MarkdownIt

from experiments.design import Design, Page, PageKind
from experiments.vignette import vignette_text
from responses.designs import version_of
from responses.forms import PageForm
from responses.questionnaire import Fault, progress

HOLE_NAMES = ("csrf", "resume_code", "nonce", "link_parameters", "completion_code")
# Holes are marked with a word that nobody outside this process knows, so no text holds it.
BOUNDARY = secrets.token_hex(8)
HOLES = {name: f"{BOUNDARY}-{name};" for name in HOLE_NAMES}
HOLE = re.compile(f"{BOUNDARY}-([a-z_]+);")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class View:
    """What decides a skeleton: the version, the page, the language and the levels of the arm."""

    version_id: int
    page: str
    language: str
    levels: tuple[tuple[str, str], ...] = ()


def page_response(
    request: HttpRequest,
    view: View,
    holes: Mapping[str, str],
    *,
    status: int = 200,
    answers: Mapping[str, Any] | None = None,
    faults: Mapping[str, Fault] | None = None,
) -> HttpResponse:
    """The page as a response, its holes filled; with faults it is rendered anew."""
    filled = dict.fromkeys(HOLE_NAMES, "") | {"csrf": get_token(request)}
    filled |= {name: escape(text) for name, text in holes.items()}
    if faults:
        html = render_page(view, answers=answers, faults=faults)
        text = HOLE.sub(lambda hole: filled[hole[1]], html)
    else:
        pieces = skeleton(view)
        text = "".join(filled[p] if at % 2 else p for at, p in enumerate(pieces))
    return private(HttpResponse(text, status=status))


@lru_cache(maxsize=4096)
def skeleton(view: View) -> tuple[str, ...]:
    """The page in pieces, the name of a hole at every second place."""
    return tuple(HOLE.split(render_page(view)))


def render_page(
    view: View,
    *,
    answers: Mapping[str, Any] | None = None,
    faults: Mapping[str, Fault] | None = None,
) -> str:
    """The page's HTML with its holes still in it."""
    design = version_of(view.version_id).design
    return render_design_page(design, view, answers=answers, faults=faults)


def render_design_page(
    design: Design,
    view: View,
    *,
    answers: Mapping[str, Any] | None = None,
    faults: Mapping[str, Fault] | None = None,
) -> str:
    """The same for a design that need not have been launched, as the desk's preview wants it."""
    page = design.page(view.page)
    number, total = progress(design, page.code)
    with override(view.language):
        form = PageForm(design, page, view.language, answers=answers, faults=faults)
        context = {
            "study": design.study,
            "study_title": design.title[view.language],
            "page": page,
            "title": page.title[view.language],
            "body": body_html(design, page, dict(view.levels), view.language),
            "form": form,
            "number": number,
            "total": total,
            "holes": HOLES,
            "languages": _languages(design) if page.kind is PageKind.CONSENT else (),
            **language_context(view.language),
        }
        return render_to_string(f"responses/{page.kind.value}.html", context)


def body_html(design: Design, page: Page, levels: Mapping[str, str], language: str) -> str:
    """The page's body as HTML, its slots filled by the levels."""
    text = vignette_text(design, page, levels, language)
    return str(_markdown.render(text))


def language_context(language: str) -> dict[str, str]:
    """The language tag and the direction of its script."""
    try:
        bidi = get_language_info(language)["bidi"]
    except KeyError:
        bidi = False
    return {"language": language, "direction": "rtl" if bidi else "ltr"}


def private(response: HttpResponse) -> HttpResponse:
    """Marks a response as one person's, never to be kept by a cache or the history."""
    response["Cache-Control"] = "no-store, private"
    return response


def _languages(design: Design) -> list[tuple[str, str]]:
    return [(code, _local_name(code)) for code in design.languages]


def _local_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
