"""PURE: scales, items and their options."""

import re
from collections.abc import Iterator

from experiments.checks.order import first_showing, first_treatment
from experiments.checks.problem import Problem, listed, placed
from experiments.design import (
    Design,
    Factor,
    Item,
    ItemKind,
    Measure,
    Missing,
    Option,
    Role,
    Scale,
)

_WHOLE = re.compile(r"-?[0-9]+")
LONGEST_ANSWER = 20_000


def question_problems(design: Design) -> Iterator[Problem]:
    """What keeps scales from being scored and items from being asked."""
    for at, scale in placed(design.scales, "scales"):
        yield from _scale(design, at, scale)
    for index, page in enumerate(design.pages):
        for at, item in placed(page.items, f"pages[{index}].items"):
            yield from _options_of(at, item)
            yield from _place_in_scale(design, at, item)
            yield from _attention_check(design, at, item, index)
            yield from _manipulation_check(design, at, item, index)


def _scale(design: Design, at: str, scale: Scale) -> Iterator[Problem]:
    yield from _options(f"{at}.options", scale.options, scored=True)
    asked = list(design.items())
    if not any(item.scale == scale.code for item in asked):
        yield Problem(at, f"No item belongs to the scale {scale.code}.", "Add items or drop it.")
    for path, subscale in placed(scale.subscales, f"{at}.subscales"):
        if not any(item.subscale == subscale.code for item in asked):
            message = f"No item belongs to the subscale {subscale.code}."
            yield Problem(path, message, "Add items or drop it.")


def _options(at: str, options: tuple[Option, ...], *, scored: bool) -> Iterator[Problem]:
    answers = [option for option in options if option.missing is Missing.NONE]
    if len(answers) < 2:
        yield Problem(
            at, "There are no two options that count as answers.", "Add options to choose from."
        )
    whole = all(_WHOLE.fullmatch(option.code) for option in answers)
    yield from _same_numbers(at, options)
    for path, option in placed(options, at):
        if scored and not _WHOLE.fullmatch(option.code):
            yield Problem(
                f"{path}.code",
                f"{option.code} is no number, and a scale or ordinal item is analysed as numbers.",
                'Use whole numbers as codes, as in "1".',
            )
        elif option.missing and answers and whole and not option.code.startswith("-"):
            yield Problem(
                f"{path}.code",
                f"{option.code} counts as no answer, but stands among numbers as one.",
                'Give it a negative number as code, as in "-9".',
            )


def _same_numbers(at: str, options: tuple[Option, ...]) -> Iterator[Problem]:
    """Codes that a data set could not tell apart, as 1 and 01; `form` finds the same code twice."""
    first: dict[int, str] = {}
    for path, option in placed(options, at):
        if _WHOLE.fullmatch(option.code):
            number = int(option.code)
            if (twin := first.setdefault(number, option.code)) != option.code:
                message = f"{option.code} and {twin} are the same number."
                yield Problem(f"{path}.code", message, "Give each option a number of its own.")


def _options_of(at: str, item: Item) -> Iterator[Problem]:
    if item.kind in (ItemKind.SINGLE, ItemKind.DROPDOWN):
        ordinal = item.measure is Measure.ORDINAL
        yield from _options(f"{at}.options", item.options, scored=ordinal)
    elif item.options:
        whose = "uses its scale's" if item.kind is ItemKind.LIKERT else "has none"
        message = f"{item.code} lists options, but an item of kind {item.kind} {whose}."
        yield Problem(f"{at}.options", message, "Take them out, or make it single or dropdown.")
    if item.kind is ItemKind.TEXT and not 1 <= item.max_length <= LONGEST_ANSWER:
        message = f"{item.code} takes {item.max_length} characters."
        yield Problem(f"{at}.max_length", message, f"Allow 1 to {LONGEST_ANSWER:,}.")
    if item.kind is not ItemKind.TEXT and item.measure is Measure.TEXT:
        yield Problem(
            f"{at}.measure", f"{item.code} is chosen, not written.", "Use nominal or ordinal."
        )


def _place_in_scale(design: Design, at: str, item: Item) -> Iterator[Problem]:
    scales = {scale.code: scale for scale in design.scales}
    if item.kind is not ItemKind.LIKERT:
        for name in ("scale", "subscale", "reverse"):
            if getattr(item, name):
                message = f"{item.code} has a {name}, but is of kind {item.kind}."
                yield Problem(f"{at}.{name}", message, "Make it likert, or take that out.")
        return
    if item.scale not in scales:
        message = f"There is no scale {item.scale}." if item.scale else f"{item.code} has no scale."
        yield Problem(f"{at}.scale", message, f"Name one of: {listed(list(scales))}.")
        return
    own = [subscale.code for subscale in scales[item.scale].subscales]
    if item.subscale and item.subscale not in own:
        message = f"{item.scale} has no subscale {item.subscale}."
        yield Problem(f"{at}.subscale", message, f"Name one of: {listed(own)}.")


def _attention_check(design: Design, at: str, item: Item, page: int) -> Iterator[Problem]:
    if item.role is not Role.ATTENTION_CHECK:
        if item.expected:
            message = f"{item.code} expects an answer, but is no attention check."
            yield Problem(f"{at}.expected", message, "Give it `role: attention_check`.")
        return
    if item.kind not in (ItemKind.SINGLE, ItemKind.DROPDOWN):
        message = f"The attention check {item.code} is of kind {item.kind}."
        yield Problem(f"{at}.kind", message, "Make it single, so that no scale counts it.")
    elif item.expected not in [option.code for option in item.options]:
        yield Problem(
            f"{at}.expected",
            f"The attention check {item.code} expects no option of its own.",
            f"Name one of: {listed([option.code for option in item.options])}.",
        )
    if page >= first_treatment(design):
        message = f"The attention check {item.code} comes after the vignette, which may sway it."
        yield Problem(at, message, "Ask it on an earlier page.")


def _manipulation_check(design: Design, at: str, item: Item, page: int) -> Iterator[Problem]:
    if item.role is not Role.MANIPULATION_CHECK:
        if item.checks_factor:
            message = f"{item.code} checks a factor, but is no manipulation check."
            yield Problem(f"{at}.checks_factor", message, "Give it `role: manipulation_check`.")
        return
    factors = {factor.code: factor for factor in design.factors}
    if item.kind not in (ItemKind.SINGLE, ItemKind.DROPDOWN):
        message = f"The manipulation check {item.code} is of kind {item.kind}."
        yield Problem(f"{at}.kind", message, "Make it single, with the levels' codes as options.")
    elif item.checks_factor in factors:
        yield from _levels_as_options(at, item, factors[item.checks_factor])
    if item.checks_factor not in factors:
        message = f"The manipulation check {item.code} names no factor."
        yield Problem(f"{at}.checks_factor", message, f"Name one of: {listed(list(factors))}.")
    elif page < first_showing(design, (item.checks_factor,)):
        message = f"The manipulation check {item.code} comes before {item.checks_factor} is shown."
        yield Problem(at, message, "Ask it on the vignette's page or later.")


def _levels_as_options(at: str, item: Item, factor: Factor) -> Iterator[Problem]:
    """Levels that nobody could name: an answer is right if its code is the level's."""
    answers = [option.code for option in item.options if option.missing is Missing.NONE]
    lacking = [level.code for level in factor.levels if level.code not in answers]
    if lacking:
        yield Problem(
            f"{at}.options",
            f"The manipulation check {item.code} has no answer for {listed(lacking)}.",
            f"Give one option for each level of {factor.code}, with the level's code.",
        )
