"""Designs with ways in, through and out that `small()` lacks, and how a browser sends a form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.test import Client
from lxml import html

from experiments.design import (
    PROLIFIC,
    Access,
    Design,
    Ending,
    Item,
    ItemKind,
    Limit,
    Measure,
    Option,
    Outcome,
    Page,
    PageKind,
    Quota,
    Role,
)
from tests.changed import changed
from tests.designs import both, small

PANEL = "https://panel.example/back"


@dataclass(frozen=True)
class Form:
    """The form of a page: where it is sent to, and what it would send as it stands."""

    address: str
    fields: dict[str, Any]


def form_of(page: bytes, address: str) -> Form:
    """The form of a page that was read at that address."""
    form = html.fromstring(page).get_element_by_id("page")
    action = form.get("action") or ""
    path = address.split("?", maxsplit=1)[0]
    fields: dict[str, Any] = {}
    for name, value in form.form_values():
        # A browser drops the first line break of a text area.
        fields.setdefault(name, []).append(value.removeprefix("\n"))
    return Form(path + action if action.startswith("?") else address, fields)


def arrives(client: Client, address: str, fields: Mapping[str, Any] | None = None) -> Any:
    """Opens the study's link and sends its form: agrees, or sends these fields; the response."""
    form = form_of(client.get(address).content, address)
    chosen = {"consent": "agree"} if fields is None else fields
    return client.post(form.address, {**form.fields, **chosen, "move": "next"})


def of_a_panel() -> Design:
    """`small()` whose links carry a panel's three parameters."""
    return replace(small(), parameters=PROLIFIC)


def by_invitation() -> Design:
    """`small()` that lets in by a personal link alone."""
    return replace(small(), access=Access.INVITATION)


def yes_or_no(code: str, english: str, korean: str) -> Item:
    """A single choice of yes and no."""
    options = (Option("yes", both("Yes", "예")), Option("no", both("No", "아니요")))
    return Item(code, ItemKind.SINGLE, both(english, korean), options)


def screened() -> Design:
    """`small()` that first asks for the age and a town; who is under age is screened out."""
    town = Item(
        "town",
        ItemKind.SHORT_TEXT,
        both("Your town?", "사는 곳은?"),
        required=False,
        measure=Measure.TEXT,
    )
    page = Page(
        "screen",
        PageKind.SCREENING,
        both("First", "먼저"),
        both("A question.", "질문."),
        (yes_or_no("adult", "Are you 18 or over?", "만 18세 이상입니까?"), town),
        screen_out_if='adult == "no"',
    )
    return changed(of_a_panel(), {"pages": lambda pages: (page, *pages)})


def ending_in(*outcomes: Outcome, design: Design | None = None, more: str = "") -> Design:
    """The design with a way back to the panel at these outcomes."""

    def ending(outcome: Outcome) -> Ending:
        # What is said to who completed stands on the end page.
        said = outcome is not Outcome.COMPLETED
        title = both(f"The end: {outcome}", f"끝: {outcome}") if said else {}
        body = both("Thank you.", "감사합니다.") if said else {}
        return Ending(outcome, title, body, f"{PANEL}?end={outcome}&cc={{code}}{more}")

    endings = tuple(ending(outcome) for outcome in outcomes)
    return replace(design or of_a_panel(), endings=endings)


def few(
    places: int, *items: str, cell: tuple[str, ...] = (), design: Design | None = None
) -> Design:
    """The design with so many places: in the study, or in one cell of these items."""
    return replace(design or of_a_panel(), quotas=(Quota("few", items, (Limit(cell, places),)),))


def checked(tries: int = 2) -> Design:
    """`small()` whose page `about` asks a comprehension check."""
    item = replace(
        yes_or_no("understood", "May you stop?", "그만두어도 됩니까?"),
        role=Role.COMPREHENSION_CHECK,
        expected="yes",
        tries=tries,
    )
    return changed(small(), {"pages[1].items": lambda items: (*items, item)})


def with_way_back() -> Design:
    """`small()` with a page `town` before its vignette; one may go back to `about` and `story`."""
    town = Page(
        "town",
        PageKind.QUESTIONS,
        both("Your town", "사는 곳"),
        {},
        (yes_or_no("city", "Do you live in a city?", "도시에 사십니까?"),),
        back=True,
    )
    grown = changed(small(), {"pages": lambda pages: (*pages[:2], town, *pages[2:])})
    return changed(grown, {"pages[4].back": True})
