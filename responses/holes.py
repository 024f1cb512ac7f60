"""What fills the holes of a page that is rendered once: by who they are, and by each visit."""

import json
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import override

from experiments.answers import MISSING
from experiments.design import Design, Item, ItemKind, Order, Page, PageKind
from experiments.logic import NoValue, Value, names
from experiments.ordering import ordered_options, orders_shown
from experiments.piping import piped
from experiments.vignette import render, slots
from responses.questionnaire import (
    Facts,
    Progress,
    counting,
    previous_page,
    progress,
    shown_items,
)
from responses.questionnaire.flow import follows_consent, waits_here
from responses.questionnaire.knowledge import condition, known
from responses.view import View
from responses.visit import Visit

# So many digits tell apart whose texts a browser keeps.
WHO = 12
_OF_VISIT = ("resume_code", "nonce", "link_parameters", "completion_code", "redirect", "carried")
OF_VISIT = (*_OF_VISIT, "csrf", "asked", "who", "wait", "left", "draft_number", "unsaved")
OF_PARTICIPANT = ("number", "total", "progress", "next", "values", "back", "first_code")


def of_visit(view: View, visit: Visit, csrf: str) -> dict[str, str]:
    """What a visit fills in of any page, escaped."""
    return {name: escape(text) if (text := getattr(visit, name)) else "" for name in _OF_VISIT} | {
        "csrf": csrf,
        "asked": escape(" ".join(sorted(visit.asked))),
        # Two people may share a browser; who is nobody yet has no reference.
        "who": "" if view.arriving else visit.facts.seed.hex()[:WHO],
        "wait": str(visit.wait),
        "left": str(visit.left),
        "draft_number": str(visit.draft_number),
        "unsaved": "" if visit.unsaved else "hidden",
    }


def of_participant(
    design: Design, page: Page, view: View, facts: Facts
) -> Iterator[tuple[str, str]]:
    """What fills the other holes, escaped: it depends on answers, parameters, levels and orders."""
    told = piped(page)
    counted = counting(design, facts) if told else facts
    for name in told:
        text = counted.filling(design, name, view.language)
        yield f"pipe.{name}", escape(text)
        yield f"url.{name}", quote(text, safe="")
    waiting = [item for item in page.items if waits_here(page, item)]
    shown = shown_items(design, page, facts) if waiting else ()
    for item in waiting:
        yield f"hidden.{item.code}", "" if item in shown else "hidden"
    for item in page.items:
        if item.kind is ItemKind.SEMANTIC_DIFFERENTIAL:
            yield from _poles(design, item, view, counted)
    before = previous_page(design, page.code, facts)
    yield "back", "" if before else "hidden"
    yield "first_code", "" if follows_consent(design, page.code, facts) else "hidden"
    values = _values(design, page, facts)
    yield "values", escape(json.dumps(values, ensure_ascii=False)) if values else "{}"
    yield from _progress_holes(design, page, view, facts)


def are_alike(design: Design, page: Page) -> bool:
    """Whether `of_participant` is the same for everybody, and the page's order as well."""
    moves = any(block.order is not Order.FIXED for block in design.blocks)
    return not (moves or design.conditions or piped(page) or orders_shown(design, page, b""))


def _progress_holes(
    design: Design, page: Page, view: View, facts: Facts
) -> Iterator[tuple[str, str]]:
    if page.kind is PageKind.END:
        return
    way = progress(design, page.code, facts)
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
        _fill(text.get(view.language, ""), design, facts, view.language)
        for text in (item.left, item.right)
    ]
    written, shown = design.options(item), ordered_options(design, item, facts.seed)
    first = next(option for option in written if not option.missing)
    if first is not next(option for option in shown if not option.missing):
        ends.reverse()
    yield f"before.{item.code}", escape(ends[0])
    yield f"after.{item.code}", escape(ends[1])


def _fill(text: str, design: Design, facts: Facts, language: str) -> str:
    """A text with its slots filled for one participant."""
    return render(text, {name: facts.filling(design, name, language) for name in slots(text)})


def _values(design: Design, page: Page, facts: Facts) -> dict[str, Any]:
    """What the browser must know of earlier pages to show and hide this page's items at once."""
    if not design.conditions:
        return {}
    wanted = {
        name for item in page.items if item.shown_if for name in names(condition(item.shown_if))
    }
    here = {item.code for item in page.items}
    values = known(design, facts).values
    return {name: _told(values.get(name)) for name in sorted(wanted - here)}


def _told(value: Value) -> Any:
    """A value as the browser's script knows it: one that counts as no answer says so."""
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    return {MISSING: value} if isinstance(value, NoValue) else value
