"""What one chooses of a preview: the page, the arms, the language, the device, who answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from experiments.design import Design, Outcome, Page
from experiments.logic import ConditionError, names, parse
from experiments.piping import piped
from responses.preview.carried import ARM, PARAMETER
from responses.preview.run import Run

# In CSS pixels: the width of a phone, of a tablet and of a desk's screen, each with its height.
DEVICES: dict[str, tuple[str | Promise, int, int]] = {
    "360": (_("Phone, 360 pixels wide"), 360, 740),
    "768": (_("Tablet, 768 pixels wide"), 768, 900),
    "1280": (_("Computer, 1280 pixels wide"), 1280, 800),
}
ENDINGS: dict[Outcome, str | Promise] = {
    Outcome.REFUSED: _("Ending: refused consent"),
    Outcome.SCREENED_OUT: _("Ending: screened out"),
    Outcome.QUOTA_FULL: _("Ending: no place left in a quota"),
    Outcome.WITHDRAWN: _("Ending: withdrew"),
    Outcome.PAUSED: _("At the door: the study is paused"),
    Outcome.CLOSED: _("At the door: the study is closed"),
    Outcome.FULL: _("At the door: the study is full"),
}


@dataclass(frozen=True)
class Choice:
    """A field of the form: its name in the address, what it is called, its values, the chosen."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str


def arm_choices(run: Run) -> tuple[Choice, ...]:
    """A choice for each randomisation, and for each draw of a deck."""
    return tuple(
        Choice(
            f"{ARM}{step.code}",
            step.code,
            tuple((arm.code, arm.code) for arm in step.arms),
            run.arms.get(step.code, ""),
        )
        for step in run.design.randomisations
        if step.arms
    )


def parameter_choices(run: Run) -> tuple[Choice, ...]:
    """What the link would bring, as far as the study asks for it anywhere."""
    asked = set(_asked_for(run.design))
    return tuple(
        Choice(
            f"{PARAMETER}{each.code}",
            each.code,
            tuple((value, value) for value in each.values),
            run.parameters.get(each.code, ""),
        )
        for each in run.design.parameters
        if each.code in asked or each.values
    )


def device(asked: str) -> str:
    """The width that was asked for, else a phone's."""
    return asked if asked in DEVICES else "360"


def outcome(asked: str) -> Outcome | None:
    """The ending that was asked for, if it can be seen."""
    return next((each for each in ENDINGS if each.value == asked), None)


def page_of(design: Design, code: str) -> Page | None:
    """The page of that code; None if there is none."""
    return next((page for page in design.pages if page.code == code), None)


def _asked_for(design: Design) -> Iterator[str]:
    for page in design.pages:
        yield from piped(page)
        conditions = [page.shown_if, page.screen_out_if, *(item.shown_if for item in page.items)]
        for condition in conditions:
            yield from _names(condition)


def _names(condition: str) -> set[str]:
    try:
        return set(names(parse(condition))) if condition else set()
    except ConditionError:
        return set()
