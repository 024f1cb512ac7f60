"""A page of a run as a participant sees it, with nothing in it that leads to a participant's own.

A researcher may be a participant of the same study in the same browser: so what the page's script
would save, and where its links would lead, is taken out.
"""

import re

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import escape

from experiments.design import Design, Outcome, Page
from experiments.logic import ConditionError
from responses.endings import Beside, ending_response
from responses.markdown import image_address
from responses.preview.carried import address_of
from responses.preview.run import Refused, Run
from responses.questionnaire import Fault, Sent, first_page, foreseen, shows_arm, tries_to_go
from responses.rendering import View, render_design_page
from responses.visit import Visit

RESUME_CODE, COMPLETION_CODE = "XXXX-XXXX-XXXX", "XXXXXXXXXX"
# What an unfinished study runs into: a text, a page or a name that is not there yet.
UNFINISHED = (LookupError, ConditionError, StopIteration, RuntimeError, ValueError)
# Scripts that save what is typed, or forget it at an end.
_SCRIPTS = re.compile(r'<script src="[^"]*responses/(?:keep|ending)\b[^"]*"[^>]*></script>')
_DRAFT = re.compile(r'data-draft="[^"]*"')
_LANGUAGE_LINK = re.compile(r'href="\?lang=([\w-]+)"')


class Unrenderable(Exception):  # noqa: N818 # the study is unfinished, nothing went wrong
    """A page that can't be shown yet, because a text or something that it names is missing."""


def page_html(
    request: HttpRequest, run: Run, page: Page, *, sent: Sent | None = None, why: Refused | None
) -> str:
    """The page with the run's answers, or with what was sent and why it was not taken.

    Unrenderable if a text of it is missing.
    """
    try:
        visit = _visit(run, page, run.fields(page) if sent is None else sent, why)
        arriving = page == first_page(run.design)
        levels = tuple(sorted(visit.facts.levels.items()))
        view = View(0, page.code, run.language, levels, arriving)
        html = render_design_page(run.design, view, visit, get_token(request))
    except UNFINISHED as missing:
        raise Unrenderable(str(missing)) from missing
    return _harmless(html, run.design)


def ending_html(request: HttpRequest, run: Run, page: Page, outcome: Outcome) -> str:
    """What is said to whom the run ended before its end page."""
    place = run.design.pages.index(page)
    seen = any(shows_arm(run.design, each) for each in run.design.pages[: place + 1])
    response = ending_response(
        request,
        run.design,
        outcome,
        language=run.language,
        code=COMPLETION_CODE if outcome in _CODED else "",
        redirect="#main" if run.design.ending(outcome).redirect else "",
        beside=Beside(debrief=seen and outcome in _CODED),
    )
    html = _LANGUAGE_LINK.sub(
        lambda link: f'href="?{escape(_in_language(run, link[1], outcome))}"',
        response.content.decode(),
    )
    return _harmless(html, run.design)


# Who has entered has a code of how they left.
_CODED = (Outcome.REFUSED, Outcome.SCREENED_OUT, Outcome.QUOTA_FULL, Outcome.WITHDRAWN)


def _visit(run: Run, page: Page, typed: Sent, why: Refused | None) -> Visit:
    facts = run.facts(page)
    left = {} if why else tries_to_go(page, run.answers, run.tries)
    told = {f"{code}:{run.tries[code]}" for code in _tried(run, page)}
    return Visit(
        facts=foreseen(run.design, page, typed, facts, language=run.language),
        resume_code=RESUME_CODE,
        completion_code=COMPLETION_CODE,
        link_parameters=f"&{address_of(run).partition('&')[2]}",
        typed=typed,
        faults=why.faults if why else dict.fromkeys(left, Fault.WRONG),
        asked=(why.asked if why else frozenset()) | told,
        tries_left=left,
        left=page.max_seconds,
        redirect="#main",
    )


def _tried(run: Run, page: Page) -> list[str]:
    return [item.code for item in page.items if item.code in run.tries]


def _in_language(run: Run, language: str, outcome: Outcome) -> str:
    return f"lang={language}&{address_of(run).partition('&')[2]}&ended={outcome}"


def _harmless(html: str, design: Design) -> str:
    """Without the participants' own addresses; pictures stand in the page itself.

    A picture has its address only once a version that holds it was launched.
    """
    for image in design.images:
        data = f"data:{image.media_type};base64,{image.data}"
        html = html.replace(image_address(design, image), data)
    own = reverse("responses:welcome", kwargs={"slug": design.study})
    html = _DRAFT.sub('data-draft=""', _SCRIPTS.sub("", html))
    return re.sub(rf'href="{re.escape(own)}[^"]*"', 'href="#main"', html)
