"""What a participant is told of a fault, and what to do."""

from collections.abc import Callable, Mapping
from datetime import date

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.design import Item, ItemKind
from responses.questionnaire import Fault
from responses.questionnaire.facts import babel_locale
from responses.questionnaire.numbers import as_stored, as_typed

_Said = Callable[[Item, str, str], str]


def worded(fault: Fault, item: Item | None, typed: str, language: str) -> str:
    """The sentence for a fault in the active language; `typed` is the text that was sent."""
    if item is None:
        return _("Please choose one of the answers.")
    if fault is Fault.ASKED_ONCE:
        return _("You left this open. You can answer it, or go on without.")
    if fault is Fault.REQUIRED:
        return _missing(item)
    return _WORDS.get(fault, _not_an_option)(item, typed, language)


def number_words(bound: float | None, language: str) -> str:
    """A bound as the participant's language writes it."""
    return as_typed(f"{as_stored(bound or 0).normalize():f}", language)


def day_words(day: str, language: str) -> str:
    """A day, given in ISO 8601, as the participant's language writes it; empty if there is none."""
    locale = babel_locale(language)
    return str(format_date(date.fromisoformat(day), format="long", locale=locale)) if day else ""


def _missing(item: Item) -> str:
    write = _("Please write an answer.")
    said = {
        ItemKind.TEXT: write,
        ItemKind.SHORT_TEXT: write,
        ItemKind.NUMBER: _("Please write a number."),
        ItemKind.DATE: _("Please give a date."),
        ItemKind.SLIDER: _("Please move the slider to your answer."),
        ItemKind.RANKING: _("Please give each of them a place."),
        ItemKind.ALLOCATION: _("Please share out the points."),
        ItemKind.MULTIPLE: _("Please choose at least one answer."),
    }
    return said.get(item.kind, _("Please choose one of the answers."))


def _not_an_option(item: Item, typed: str, language: str) -> str:
    return _("Please choose one of the answers.")


def _too_long(item: Item, typed: str, language: str) -> str:
    text = _("Your answer has %(length)d characters. Please shorten it to %(most)d.")
    return text % {"length": len(typed), "most": item.max_length}


def _unreadable(item: Item, typed: str, language: str) -> str:
    return _("Your answer holds a character that can't be stored. Please type it again.")


def _both(item: Item, typed: str, language: str) -> str:
    return _("Please give an answer or tick the box, not both.")


def _exclusive(item: Item, typed: str, language: str) -> str:
    return _("One of the answers that you chose can only be chosen alone.")


def _not_a_number(item: Item, typed: str, language: str) -> str:
    example = number_words(12.5 if item.decimals else 12, language)
    return _("Please write a number in digits, such as %(example)s.") % {"example": example}


def _too_small(item: Item, typed: str, language: str) -> str:
    least = number_words(item.minimum, language)
    return _("Please write a number that is not below %(least)s.") % {"least": least}


def _too_large(item: Item, typed: str, language: str) -> str:
    most = number_words(item.maximum, language)
    return _("Please write a number that is not above %(most)s.") % {"most": most}


def _too_many_decimals(item: Item, typed: str, language: str) -> str:
    text = ngettext(
        "Please give at most %(count)d digit after the decimal sign.",
        "Please give at most %(count)d digits after the decimal sign.",
        item.decimals,
    )
    return text % {"count": item.decimals}


def _not_whole(item: Item, typed: str, language: str) -> str:
    return _("Please write a whole number.")


def _not_a_date(item: Item, typed: str, language: str) -> str:
    return _("Please write the date as year, month and day, such as 2026-03-31.")


def _too_early(item: Item, typed: str, language: str) -> str:
    return _("Please give a date that is not before %(first)s.") % {
        "first": day_words(item.earliest, language)
    }


def _too_late(item: Item, typed: str, language: str) -> str:
    return _("Please give a date that is not after %(last)s.") % {
        "last": day_words(item.latest, language)
    }


def _rank_missing(item: Item, typed: str, language: str) -> str:
    return _("Please give each of them a place.")


def _rank_twice(item: Item, typed: str, language: str) -> str:
    return _("Two of them have the same place. Please give each a place of its own.")


def _wrong_total(item: Item, typed: str, language: str) -> str:
    return _("The points must add up to %(total)d.") % {"total": item.total}


def _wrong(item: Item, typed: str, language: str) -> str:
    return _("That is not right. Please read the text again and choose once more.")


_WORDS: Mapping[Fault, _Said] = {
    Fault.NOT_AN_OPTION: _not_an_option,
    Fault.TOO_LONG: _too_long,
    Fault.UNREADABLE: _unreadable,
    Fault.BOTH: _both,
    Fault.EXCLUSIVE: _exclusive,
    Fault.NOT_A_NUMBER: _not_a_number,
    Fault.TOO_SMALL: _too_small,
    Fault.TOO_LARGE: _too_large,
    Fault.TOO_MANY_DECIMALS: _too_many_decimals,
    Fault.OFF_STEP: _not_an_option,
    Fault.NOT_WHOLE: _not_whole,
    Fault.NOT_A_DATE: _not_a_date,
    Fault.TOO_EARLY: _too_early,
    Fault.TOO_LATE: _too_late,
    Fault.RANK_MISSING: _rank_missing,
    Fault.RANK_TWICE: _rank_twice,
    Fault.WRONG_TOTAL: _wrong_total,
    Fault.WRONG: _wrong,
}
