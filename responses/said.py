"""PURE: answers as words, for people who read them at the desk."""

from collections.abc import Mapping

from experiments.answers import UNTOUCHED, missing_kind
from experiments.design import ONE_CHOICE, Design, Item, ItemKind, Text

EMPTY = "–"


def words(text: Text, language: str) -> str:
    """A text in that language, else in the first one that it has."""
    return text.get(language) or next(filter(None, text.values()), "")


def option_words(design: Design, item: Item, code: str, language: str) -> str:
    """An option by its label, with its code unless that is the same."""
    found = (option for option in design.options(item) if option.code == code)
    label = next((words(option.label, language) for option in found), "")
    return f"{label} ({code})" if label and label != code else code


def answer_words(design: Design, code: str, answer: object, language: str) -> str:
    """What was answered to the item of that code, in words; a dash for an empty answer.

    Chosen options with a comma between, a ranking as numbered ones, an allocation as points.
    """
    item = next((each for each in design.items() if each.code == code), None)
    if answer is None or item is None:
        return EMPTY if answer is None else str(answer)
    if kind := missing_kind(answer):
        return _no_answer(design, item, kind, language)
    if isinstance(answer, Mapping):
        points = answer.items()
        return ", ".join(f"{option_words(design, item, at, language)}: {n}" for at, n in points)
    if isinstance(answer, list | tuple):
        chosen = [option_words(design, item, at, language) for at in answer]
        if item.kind is ItemKind.RANKING:
            chosen = [f"{place}. {each}" for place, each in enumerate(chosen, start=1)]
        return ", ".join(chosen) or EMPTY
    if item.kind in ONE_CHOICE:
        return option_words(design, item, str(answer), language)
    return " ".join(filter(None, (str(answer), words(item.unit, language))))


def _no_answer(design: Design, item: Item, kind: str, language: str) -> str:
    """The option that says why there is no value; a slider that nobody moved has none."""
    if kind == UNTOUCHED:
        return EMPTY
    codes = (option.code for option in design.options(item) if option.missing == kind)
    return option_words(design, item, next(codes, kind), language)
