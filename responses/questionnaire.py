"""PURE: what comes next, and whether what was sent answers a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from experiments.design import Design, Item, ItemKind, Page, PageKind, Randomisation
from experiments.vignette import slots

CONSENT_FIELD = "consent"
AGREE = "agree"
DECLINE = "decline"


class Fault(StrEnum):
    """Why an answer can't be taken."""

    REQUIRED = "required"
    NOT_AN_OPTION = "not_an_option"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Checked:
    """The answers of a page by item code (None: left empty), and the faults by item code."""

    answers: Mapping[str, str | None]
    faults: Mapping[str, Fault]


def next_page(design: Design, code: str) -> Page:
    """The page after the one of that code."""
    codes = [page.code for page in design.pages]
    return design.pages[codes.index(code) + 1]


def first_page(design: Design) -> Page:
    """The page that asks for consent; every design has one, at its start."""
    return design.pages[0]


def shows_arm(page: Page) -> bool:
    """Whether the page's text depends on the participant's levels."""
    return page.kind is PageKind.VIGNETTE


def needed_randomisations(design: Design, page: Page) -> tuple[Randomisation, ...]:
    """The randomisations whose levels the page's slots ask for, in the design's order."""
    wanted = {slot for text in page.body.values() for slot in slots(text)}
    return tuple(r for r in design.randomisations if wanted.intersection(r.factors))


def progress(design: Design, code: str) -> tuple[int, int]:
    """Which page this is, counting from 1, and how many there are before the end page."""
    codes = [page.code for page in design.pages]
    return codes.index(code) + 1, len(codes) - 1


def check(design: Design, page: Page, sent: Mapping[str, str]) -> Checked:
    """Holds what was sent against the page; what is no item of the page is left alone."""
    answers: dict[str, str | None] = {}
    faults: dict[str, Fault] = {}
    for item in page.items:
        answer = sent.get(item.code, "").replace("\r\n", "\n").replace("\r", "\n")
        if fault := _fault(design, item, answer):
            faults[item.code] = fault
        else:
            answers[item.code] = answer if answer.strip() else None
    return Checked(answers, faults)


def _fault(design: Design, item: Item, answer: str) -> Fault | None:
    if not answer.strip():
        return Fault.REQUIRED if item.required else None
    if item.kind is ItemKind.TEXT:
        # Postgres stores no NUL, and no browser sends one.
        if "\0" in answer:
            return Fault.UNREADABLE
        return Fault.TOO_LONG if len(answer) > item.max_length else None
    known = any(option.code == answer for option in design.options(item))
    return None if known else Fault.NOT_AN_OPTION
