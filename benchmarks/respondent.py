"""A respondent who reads the form of a page and fills it in at random, but the same each time."""

from collections.abc import Callable
from random import Random

from rehearsal.browser import Browser
from rehearsal.forms import Control, Fields, Form
from rehearsal.respondent import walk

WORDS = ("street", "light", "walk", "neighbour", "evening", "park", "together", "time", "safe")
# One optional question in ten is passed over.
SKIPPED = 0.1


def walk_through(
    browser: Browser,
    entry: str,
    random: Random,
    answer: Callable[[Form, Fields], Fields] = lambda _, fields: fields,
) -> None:
    """Goes from the entry to the page without a form.

    `answer` takes the time to give the answers of a page, and returns what its form is sent with.
    Raises WrongAnswerError where the site does not let them through.
    """
    fill = at_random(random)
    for _page in walk(browser, entry, lambda form: answer(form, fill(form))):
        pass


def at_random(random: Random) -> Callable[[Form], Fields]:
    """Fills in forms: consent is given, required questions are answered."""

    def fill(form: Form) -> Fields:
        asked = [each for each in form.controls.values() if each.seen]
        answered = {each.name: _answer(each, random) for each in asked}
        return {name: [answer] for name, answer in answered.items() if answer is not None}

    return fill


def _answer(control: Control, random: Random) -> str | None:
    """What to send for a question; None for what is not chosen."""
    skipped = not control.required and random.random() <= SKIPPED
    if control.typed:
        return "" if skipped else " ".join(random.choices(WORDS, k=random.randint(3, 30)))
    if skipped:
        return None
    values = [value for value in control.options if value]
    return "agree" if control.name == "consent" else random.choice(values)
