"""PURE: scales, items and their options."""

import re
from collections.abc import Iterator

from experiments.checks.kinds import kind_problems
from experiments.checks.order import first_showing, first_treatment
from experiments.checks.problem import Problem, listed, placed
from experiments.design import (
    ON_A_SCALE,
    Design,
    Factor,
    Item,
    ItemKind,
    Measure,
    Missing,
    Option,
    Order,
    Role,
    Scale,
)

_WHOLE = re.compile(r"-?[0-9]+")
MOST_TRIES = 20
CHOSEN = (ItemKind.SINGLE, ItemKind.DROPDOWN)
# Their right answer is `expected`.
EXPECTING = (Role.ATTENTION_CHECK, Role.MOCK_VIGNETTE_CHECK, Role.COMPREHENSION_CHECK)


def question_problems(design: Design) -> Iterator[Problem]:
    """What keeps scales from being scored and items from being asked."""
    for at, scale in placed(design.scales, "scales"):
        yield from _scale(design, at, scale)
    for index, page in enumerate(design.pages):
        for at, item in placed(page.items, f"pages[{index}].items"):
            yield from _options_of(at, item)
            yield from kind_problems(at, item)
            yield from _place_in_scale(design, at, item)
            yield from _expecting(design, at, item, index)
            yield from _tries(at, item)
            yield from _manipulation_check(design, at, item, index)


def _scale(design: Design, at: str, scale: Scale) -> Iterator[Problem]:
    yield from _options(f"{at}.options", scale.options, scored=True)
    kinds = [option.missing for option in scale.options if option.missing]
    if len(set(kinds)) < len(kinds):
        message = f"{scale.code} has two options with the same kind of missing."
        yield Problem(f"{at}.options", message, "Keep one of them: data tell them by that kind.")
    if scale.option_order is Order.RANDOM:
        message = f"The options of {scale.code} are ranked, and would come in any order."
        yield Problem(f"{at}.option_order", message, "Use fixed or flipped.")
    for path, option in placed(scale.options, f"{at}.options"):
        if option.exclusive:
            message = f"{option.code} is exclusive, but a scale takes one answer."
            yield Problem(f"{path}.exclusive", message, "Take that out.")
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
    if item.kind in (*CHOSEN, ItemKind.MULTIPLE):
        ordinal = item.measure is Measure.ORDINAL
        yield from _options(f"{at}.options", item.options, scored=ordinal)


def _place_in_scale(design: Design, at: str, item: Item) -> Iterator[Problem]:
    scales = {scale.code: scale for scale in design.scales}
    if item.kind not in ON_A_SCALE:
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


def _expecting(design: Design, at: str, item: Item, page: int) -> Iterator[Problem]:
    """Checks with a right answer: that it is an option, and that nothing before may sway it."""
    what = item.role.replace("_", " ")
    if item.role not in EXPECTING:
        if item.expected:
            message = f"{item.code} expects an answer, but is no attention check."
            yield Problem(f"{at}.expected", message, "Give it `role: attention_check`.")
        return
    if item.kind not in CHOSEN:
        message = f"The {what} {item.code} is of kind {item.kind}."
        yield Problem(f"{at}.kind", message, "Make it single, so that no scale counts it.")
    elif item.expected not in [o.code for o in item.options if o.missing is Missing.NONE]:
        yield Problem(
            f"{at}.expected",
            f"The {what} {item.code} expects no option of its own.",
            f"Name one of: {listed([option.code for option in item.options])}.",
        )
    if item.role is not Role.COMPREHENSION_CHECK and page >= first_treatment(design):
        message = f"The {what} {item.code} comes after the vignette, which may sway it."
        yield Problem(at, message, "Ask it on an earlier page.")


def _tries(at: str, item: Item) -> Iterator[Problem]:
    asks = item.role is Role.COMPREHENSION_CHECK
    if asks and not 1 <= item.tries <= MOST_TRIES:
        message = f"The comprehension check {item.code} gives {item.tries} tries."
        yield Problem(f"{at}.tries", message, f"Give 1 to {MOST_TRIES}.")
    if asks and (not item.required or item.soft):
        message = f"The comprehension check {item.code} may be left open."
        name = "soft" if item.soft else "required"
        yield Problem(f"{at}.{name}", message, "Let it be required, and not soft.")
    if item.tries and not asks:
        message = f"{item.code} has tries, but is no comprehension check."
        yield Problem(f"{at}.tries", message, "Give it `role: comprehension_check`.")


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
