"""A respondent who reads the form of a page and fills it in at random, but the same each time."""

from random import Random
from typing import Any
from urllib.parse import urljoin

from lxml import html

from benchmarks.browser import Browser, WrongAnswerError

WORDS = ("street", "light", "walk", "neighbour", "evening", "park", "together", "time", "safe")
# One optional question in ten is passed over.
SKIPPED = 0.1


def walk(browser: Browser, entry: str, random: Random) -> None:
    """Goes from the entry to the page without a form.

    Raises WrongAnswerError where the site does not let them through.
    """
    path = entry
    while (form := _form(browser.get(path))) is not None:
        path = urljoin(path, form.get("action") or "")
        path = browser.post(path, filled(form, random))


def _form(page: bytes) -> Any:
    found = html.fromstring(page).xpath("//form[@id='page']")
    return found[0] if found else None


def filled(form: Any, random: Random) -> dict[str, str]:
    """What a browser would send: hidden fields, an answer to each question, and the button.

    Consent is given, required questions are answered.
    """
    fields: dict[str, str] = {}
    radios: dict[str, list[Any]] = {}
    for field in form.iter("input", "select", "textarea"):
        name = field.get("name")
        if field.get("tabindex") == "-1":
            continue  # out of sight: only a program would fill it in
        if field.get("type") == "hidden":
            fields[name] = field.get("value", "")
        elif field.get("type") == "radio":
            radios.setdefault(name, []).append(field)
        else:
            fields[name] = _typed(field, random)
    for name, options in radios.items():
        if "required" in options[0].attrib or random.random() > SKIPPED:
            fields[name] = _chosen(name, [option.get("value") for option in options], random)
    if not form.xpath(".//button[@name='move'][@value='next']"):
        raise WrongAnswerError("A page has a form without its button")
    return {**fields, "move": "next"}


def _typed(field: Any, random: Random) -> str:
    if "required" not in field.attrib and random.random() <= SKIPPED:
        return ""
    if field.tag == "select":
        values: list[str] = [option.get("value", "") for option in field.iter("option")]
        return random.choice([value for value in values if value])
    return " ".join(random.choices(WORDS, k=random.randint(3, 30)))


def _chosen(name: str, values: list[str], random: Random) -> str:
    return "agree" if name == "consent" else random.choice(values)
