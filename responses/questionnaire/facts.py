"""PURE: what is known of a participant, as conditions, slots and orders ask for it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from experiments.answers import Answers, chosen_code, missing_kind
from experiments.design import ONE_CHOICE, Design, Item, ItemKind
from experiments.logic import NoValue, Value
from experiments.logic.deciding import number

# Signs of a script from right to left, and those that set a direction.
_TURNING = frozenset(
    ["R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDF", "PDI"]
)
# What a form sends: each field with its values.
Sent = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Facts:
    """Answers so far, levels by factor, panel parameters by code, and the seed of orders."""

    answers: Answers = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    seed: bytes = b""

    def filling(self, design: Design, name: str, language: str) -> str:
        """What stands in the slot of an item, a factor or a parameter; empty if it is unknown."""
        for factor in design.factors:
            if factor.code == name:
                texts = {level.code: level.text for level in factor.levels}
                return texts.get(self.levels.get(name, ""), {}).get(language, "")
        for item in design.items():
            if item.code == name:
                return isolated(_words(design, item, self.answers.get(name), language))
        return isolated(self.parameters.get(name, ""))


def isolated(text: str) -> str:
    """The text so that no sign of it turns what stands around it: isolated if it could.

    U+2068 begins an isolate of its own direction, U+2069 ends it (Unicode Standard Annex 9).
    """
    turning = any(unicodedata.bidirectional(sign) in _TURNING for sign in text)
    return f"\u2068{text}\u2069" if turning else text


@lru_cache(maxsize=256)
def babel_locale(language: str) -> Locale:
    """How a language writes numbers and days; English for one that nobody described."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def value_of(design: Design, item: Item, answer: object) -> Value:
    """An answer as conditions compare it: a code, chosen codes, a number, a text, or none."""
    if missing_kind(answer):
        code = chosen_code(design, item, answer)
        if code is None or item.kind not in (*ONE_CHOICE, ItemKind.MULTIPLE):
            return None
        return NoValue(code) if item.kind in ONE_CHOICE else (NoValue(code),)
    if isinstance(answer, list | tuple):
        return tuple(answer)
    return answer if isinstance(answer, str) else None


def _words(design: Design, item: Item, answer: object, language: str) -> str:
    """An answer as its participant would say it."""
    labels = {option.code: option.label.get(language, "") for option in design.options(item)}
    if missing_kind(answer):
        return ""
    if isinstance(answer, list | tuple):
        return ", ".join(labels.get(code, "") for code in answer)
    if not isinstance(answer, str):
        return ""
    if item.kind in ONE_CHOICE:
        return labels.get(answer, "")
    return _local(item, answer, language)


def _local(item: Item, answer: str, language: str) -> str:
    if item.kind in (ItemKind.NUMBER, ItemKind.SLIDER) and (found := number(answer)) is not None:
        return str(format_decimal(found, locale=babel_locale(language), decimal_quantization=False))
    if item.kind is ItemKind.DATE:
        day = date.fromisoformat(answer)
        return str(format_date(day, locale=babel_locale(language), format="long"))
    return answer
