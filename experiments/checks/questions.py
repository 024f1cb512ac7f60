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
from experiments.said import said

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
        message = said("{scale} has two options with the same kind of missing.", scale=scale.code)
        yield Problem(
            f"{at}.options", message, said("Keep one of them: data tell them by that kind.")
        )
    if scale.option_order is Order.RANDOM:
        message = said(
            "The options of {scale} are ranked, and would come in any order.", scale=scale.code
        )
        yield Problem(f"{at}.option_order", message, said("Use fixed or flipped."))
    for path, option in placed(scale.options, f"{at}.options"):
        if option.exclusive:
            message = said(
                "{option} is exclusive, but a scale takes one answer.", option=option.code
            )
            yield Problem(f"{path}.exclusive", message, said("Take that out."))
    asked = list(design.items())
    if not any(item.scale == scale.code for item in asked):
        yield Problem(
            at,
            said("No item belongs to the scale {scale}.", scale=scale.code),
            said("Add items or drop it."),
        )
    for path, subscale in placed(scale.subscales, f"{at}.subscales"):
        if not any(item.subscale == subscale.code for item in asked):
            message = said("No item belongs to the subscale {subscale}.", subscale=subscale.code)
            yield Problem(path, message, said("Add items or drop it."))


def _options(at: str, options: tuple[Option, ...], *, scored: bool) -> Iterator[Problem]:
    answers = [option for option in options if option.missing is Missing.NONE]
    if len(answers) < 2:
        yield Problem(
            at,
            said("There are no two options that count as answers."),
            said("Add options to choose from."),
        )
    whole = all(_WHOLE.fullmatch(option.code) for option in answers)
    yield from _same_numbers(at, options)
    for path, option in placed(options, at):
        if scored and not _WHOLE.fullmatch(option.code):
            yield Problem(
                f"{path}.code",
                said(
                    "{option} is no number, and a scale or ordinal item is analysed as numbers.",
                    option=option.code,
                ),
                said('Use whole numbers as codes, as in "1".'),
            )
        elif option.missing and answers and whole and not option.code.startswith("-"):
            yield Problem(
                f"{path}.code",
                said(
                    "{option} counts as no answer, but stands among numbers as one.",
                    option=option.code,
                ),
                said('Give it a negative number as code, as in "-9".'),
            )


def _same_numbers(at: str, options: tuple[Option, ...]) -> Iterator[Problem]:
    """Codes that a data set could not tell apart, as 1 and 01; `form` finds the same code twice."""
    first: dict[int, str] = {}
    for path, option in placed(options, at):
        if _WHOLE.fullmatch(option.code):
            number = int(option.code)
            if (twin := first.setdefault(number, option.code)) != option.code:
                message = said(
                    "{option} and {twin} are the same number.", option=option.code, twin=twin
                )
                yield Problem(
                    f"{path}.code", message, said("Give each option a number of its own.")
                )


def _options_of(at: str, item: Item) -> Iterator[Problem]:
    if item.kind in (*CHOSEN, ItemKind.MULTIPLE):
        ordinal = item.measure is Measure.ORDINAL
        yield from _options(f"{at}.options", item.options, scored=ordinal)


def _place_in_scale(design: Design, at: str, item: Item) -> Iterator[Problem]:
    scales = {scale.code: scale for scale in design.scales}
    if item.kind not in ON_A_SCALE:
        for name in ("scale", "subscale", "reverse"):
            if getattr(item, name):
                message = said(
                    "{item} has a {name}, but is of kind {kind}.",
                    item=item.code,
                    name=name,
                    kind=item.kind,
                )
                yield Problem(f"{at}.{name}", message, said("Make it likert, or take that out."))
        return
    if item.scale not in scales:
        message = (
            said("There is no scale {scale}.", scale=item.scale)
            if item.scale
            else said("{item} has no scale.", item=item.code)
        )
        yield Problem(
            f"{at}.scale", message, said("Name one of: {scales}.", scales=listed(list(scales)))
        )
        return
    own = [subscale.code for subscale in scales[item.scale].subscales]
    if item.subscale and item.subscale not in own:
        message = said(
            "{scale} has no subscale {subscale}.", scale=item.scale, subscale=item.subscale
        )
        yield Problem(f"{at}.subscale", message, said("Name one of: {own}.", own=listed(own)))


def _expecting(design: Design, at: str, item: Item, page: int) -> Iterator[Problem]:
    """Checks with a right answer: that it is an option, and that nothing before may sway it."""
    what = item.role.replace("_", " ")
    if item.role not in EXPECTING:
        if item.expected:
            message = said("{item} expects an answer, but is no attention check.", item=item.code)
            yield Problem(f"{at}.expected", message, said("Give it `role: attention_check`."))
        return
    if item.kind not in CHOSEN:
        message = said(
            "The {what} {item} is of kind {kind}.", what=what, item=item.code, kind=item.kind
        )
        yield Problem(f"{at}.kind", message, said("Make it single, so that no scale counts it."))
    elif item.expected not in [o.code for o in item.options if o.missing is Missing.NONE]:
        yield Problem(
            f"{at}.expected",
            said("The {what} {item} expects no option of its own.", what=what, item=item.code),
            said("Name one of: {option}.", option=listed([option.code for option in item.options])),
        )
    if item.role is not Role.COMPREHENSION_CHECK and page >= first_treatment(design):
        message = said(
            "The {what} {item} comes after the vignette, which may sway it.",
            what=what,
            item=item.code,
        )
        yield Problem(at, message, said("Ask it on an earlier page."))


def _tries(at: str, item: Item) -> Iterator[Problem]:
    asks = item.role is Role.COMPREHENSION_CHECK
    if asks and not 1 <= item.tries <= MOST_TRIES:
        message = said(
            "The comprehension check {item} gives {tries} tries.", item=item.code, tries=item.tries
        )
        yield Problem(
            f"{at}.tries", message, said("Give 1 to {most_tries}.", most_tries=MOST_TRIES)
        )
    if asks and (not item.required or item.soft):
        message = said("The comprehension check {item} may be left open.", item=item.code)
        name = "soft" if item.soft else "required"
        yield Problem(f"{at}.{name}", message, said("Let it be required, and not soft."))
    if item.tries and not asks:
        message = said("{item} has tries, but is no comprehension check.", item=item.code)
        yield Problem(f"{at}.tries", message, said("Give it `role: comprehension_check`."))


def _manipulation_check(design: Design, at: str, item: Item, page: int) -> Iterator[Problem]:
    if item.role is not Role.MANIPULATION_CHECK:
        if item.checks_factor:
            message = said("{item} checks a factor, but is no manipulation check.", item=item.code)
            yield Problem(
                f"{at}.checks_factor", message, said("Give it `role: manipulation_check`.")
            )
        return
    factors = {factor.code: factor for factor in design.factors}
    if item.kind not in (ItemKind.SINGLE, ItemKind.DROPDOWN):
        message = said(
            "The manipulation check {item} is of kind {kind}.", item=item.code, kind=item.kind
        )
        yield Problem(
            f"{at}.kind", message, said("Make it single, with the levels' codes as options.")
        )
    elif item.checks_factor in factors:
        yield from _levels_as_options(at, item, factors[item.checks_factor])
    if item.checks_factor not in factors:
        message = said("The manipulation check {item} names no factor.", item=item.code)
        yield Problem(
            f"{at}.checks_factor",
            message,
            said("Name one of: {factors}.", factors=listed(list(factors))),
        )
    elif page < first_showing(design, (item.checks_factor,)):
        message = said(
            "The manipulation check {item} comes before {checks_factor} is shown.",
            item=item.code,
            checks_factor=item.checks_factor,
        )
        yield Problem(at, message, said("Ask it on the vignette's page or later."))


def _levels_as_options(at: str, item: Item, factor: Factor) -> Iterator[Problem]:
    """Levels that nobody could name: an answer is right if its code is the level's."""
    answers = [option.code for option in item.options if option.missing is Missing.NONE]
    lacking = [level.code for level in factor.levels if level.code not in answers]
    if lacking:
        yield Problem(
            f"{at}.options",
            said(
                "The manipulation check {item} has no answer for {lacking}.",
                item=item.code,
                lacking=listed(lacking),
            ),
            said(
                "Give one option for each level of {factor}, with the level's code.",
                factor=factor.code,
            ),
        )
