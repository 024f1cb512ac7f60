"""What the scripts of a page send: `static/responses/notes.js` and `keep.js`, as far as they ask.

A page that is sent tells its paradata: size of the window, when the page was shown, and for each
question when it was answered. A draft goes to the site a second after an answer, unless something
else is done before: so people, who read a question for longer, send one for nearly each answer.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from rehearsal.forms import Fields, Form

# How long a respondent of that number is on the page of that code, in seconds.
Thinks = Callable[[int, str], float]

# keep.js: after the last change, until a draft is sent; what a page sends beside answers.
PAUSE = 1.0
CSRF = "csrfmiddlewaretoken"
OWN = {CSRF, "paradata", "website", "move", "asked", "nonce", "time_up", "-carried"}
# To find and press the button, as a part of what a question takes; nobody has measured it.
BUTTON = 0.2
# Of a question, where it is not said how long people are on a page: for the times that are told.
SECONDS = 4.0
WINDOW = {"w": 1280, "h": 800, "touch": False}


@dataclass(frozen=True)
class Scripts:
    """Whether browsers run scripts, and whose drafts they send.

    Drafts come at the pauses that respondents make. With `drafts_of` they are those of people who
    take so long for a page, though nobody waits for it.
    """

    on: bool
    drafts_of: Thinks | None = None


OFF, ON = Scripts(False), Scripts(True)


class Browsing(Protocol):
    """What answering asks of a browser."""

    def keep(self, path: str, fields: Fields) -> None:
        """Sends a draft."""

    def pause(self, seconds: float) -> None:
        """Lets its reader take so long."""


@dataclass(frozen=True)
class Answering:
    """How the respondent of that number answers pages: how long they take, and what is sent."""

    browser: Browsing
    number: int
    thinks: Thinks | None = None
    scripts: Scripts = ON

    def answer(self, form: Form, fields: Fields) -> Fields:
        """Takes the time, sends drafts meanwhile, and returns what the page is sent with."""
        shown = time.time()
        took = self.thinks(self.number, form.page) if self.thinks else 0.0
        if not self.scripts.on:
            self.browser.pause(took)
            return fields
        given = [name for name, values in fields.items() if any(values)]
        seen = self.scripts.drafts_of(self.number, form.page) if self.scripts.drafts_of else took
        began = time.perf_counter()

        def until(second: float) -> None:
            # Of the time in which pauses are seen, so much is really taken.
            self.browser.pause(began + second * took / seen - time.perf_counter() if seen else 0.0)

        self._drafts(form, fields, given, moments(len(given), seen), until)
        until(seen)
        told = moments(len(given), seen or SECONDS * len(given))
        return {**fields, **paradata(form, dict(zip(given, told, strict=False)), shown)}

    def _drafts(
        self,
        form: Form,
        fields: Fields,
        given: Sequence[str],
        times: Sequence[float],
        until: Callable[[float], None],
    ) -> None:
        """Sends a draft of what was answered until then, at each pause."""
        address = form.attributes.get("data-draft", "")
        number, now = int(form.attributes.get("data-draft-number", "") or 0), {}
        for name, (moment, following) in zip(given, pairwise(times), strict=True):
            # Each letter that is typed is a change.
            number += len(fields[name][0]) if form.controls[name].typed else 1
            now[name] = fields[name]
            if address and following - moment > PAUSE:
                until(moment + PAUSE)
                self.browser.keep(address, draft(form, now, number))


def moments(questions: int, seconds: float) -> list[float]:
    """When each question of a page is answered, and last when its button is pressed.

    All questions take as long.
    """
    each = seconds / (questions + BUTTON)
    return [*(place * each for place in range(1, questions + 1)), seconds]


def draft(form: Form, fields: Fields, number: int) -> dict[str, list[str]]:
    """What a draft has: the fields of the form as they stand, but for those of the page."""
    now = form.sent(fields, move="")
    kept = {name: values for name, values in now.items() if name == CSRF or name not in OWN}
    return {**kept, "draft_number": [str(number)]}


def paradata(form: Form, told: Mapping[str, float], shown: float) -> dict[str, list[str]]:
    """The field that tells how the page was answered; none where the study wants nothing."""
    if form.attributes.get("data-paradata") != "on":
        return {}
    items = {
        name.partition(".")[0]: {"changes": 1, "pastes": 0, "last": ms, "first": ms}
        for name, ms in ((name, round(1000 * moment)) for name, moment in told.items())
    }
    times = {"began": round(1000 * shown), "hidden_ms": 0, "hidden_count": 0}
    text = json.dumps({**WINDOW, **times, "items": items}, separators=(",", ":"))
    return {"paradata": [text]}
