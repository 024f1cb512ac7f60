"""PURE: numbers as people of a language write them, exact to the last digit."""

import re
from decimal import Decimal

from babel.numbers import (
    NumberFormatError,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)

from experiments.design import Item
from experiments.logic.deciding import number
from responses.questionnaire.facts import babel_locale

# A Decimal is exact to so many digits.
LONGEST = 28
# No letters and no exponent: only digits, with whatever a language puts between them.
_DIGITS = re.compile(r"-?\d(?:\d|[^\w])*")


def read_number(text: str, language: str) -> Decimal | None:
    """The number that a text is in a language, None if it is none.

    In English "1,000" is a thousand and "3,5" is nothing; in German "3,5" is three and a half.
    Where no grouping can be meant, a point is taken for a decimal point in any language.
    """
    plain = text.replace("−", "-").removeprefix("+")
    if len(plain) > LONGEST or not _DIGITS.fullmatch(plain):
        return None
    locale = babel_locale(language)
    group = str(get_group_symbol(locale))
    # Where thousands stand apart, any space does it.
    plain = plain.replace(" ", group) if group.isspace() else plain
    try:
        found: Decimal | None = parse_decimal(plain, locale=locale, strict=True)
    except NumberFormatError:
        whole, point, rest = plain.partition(".")
        pointed = bool(point) and rest.isdecimal() and len(rest) != 3 and "," not in whole
        found = number(plain) if pointed and get_decimal_symbol(locale) != "." else None
    return found + 0 if found is not None and found.is_finite() else None


def as_typed(stored: str, language: str) -> str:
    """A stored number with the decimal sign of a language."""
    return stored.replace(".", str(get_decimal_symbol(babel_locale(language))))


def as_stored(bound: float) -> Decimal:
    """A bound of the design, exactly as it was written."""
    return Decimal(str(bound))


def sentinel(item: Item) -> Decimal:
    """Where a slider that nobody touched stands: one step before its minimum."""
    return as_stored(item.minimum or 0) - as_stored(item.step or 1)


def off_step(item: Item, found: Decimal) -> bool:
    """Whether a slider can't stand there."""
    return (found - as_stored(item.minimum or 0)) % as_stored(item.step or 1) != 0
