"""PURE: conditions of a design in English: of whom something was asked."""

from collections.abc import Iterable

from experiments.design import Design, Item, Option, Page, Text
from experiments.expansion import joined
from experiments.logic import Condition, parse
from experiments.logic.tree import And, Answered, Compare, Constant, Constants, In, Name, Not, Or
from responses.export.codebook.entry import Universe

_COMPARED = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}


class Universes:
    """The universes of one expanded design's variables."""

    def __init__(self, design: Design) -> None:
        self._names: dict[str, str] = {}
        self._labels: dict[tuple[str, str], str] = {}
        for factor in design.factors:
            self._add(factor.code, factor.label, ())
            for level in factor.levels:
                self._labels[factor.code, level.code] = one_line(level.label)
        for parameter in design.parameters:
            self._names[parameter.code] = f"the link’s {parameter.name}"
        for item in design.items():
            self._add(item.code, item.text, design.options(item))

    def _add(self, code: str, label: Text, options: Iterable[Option]) -> None:
        words = one_line(label)
        self._names[code] = f"“{words}” ({code})" if words else code
        for option in options:
            self._labels[code, option.code] = one_line(option.label)

    def of_item(self, page: Page, item: Item) -> Universe:
        """Of whom an item is asked."""
        conditions = list(dict.fromkeys(filter(None, (page.shown_if, item.shown_if))))
        return self.given(f"Who came to the page {page.code}", conditions)

    def given(self, who: str, conditions: list[str]) -> Universe:
        """Those of `who` of whom all conditions hold."""
        if not conditions:
            return Universe(f"{who}.")
        words = " and ".join(
            self._part(parse(condition)) if len(conditions) > 1 else self._said(parse(condition))
            for condition in conditions
        )
        return Universe(f"{who}, if {words}.", joined(conditions))

    def _said(self, condition: Condition) -> str:  # noqa: PLR0911 # one for each kind
        match condition:
            case And(left, right):
                return f"{self._part(left)} and {self._part(right)}"
            case Or(left, right):
                return f"{self._part(left)} or {self._part(right)}"
            case Not(part):
                return f"it does not hold that {self._part(part)}"
            case Answered(name):
                return f"{self._names.get(name.code, name.code)} has an answer"
            case Compare(operator, left, right):
                told = self._operand(left, right), self._operand(right, left)
                return f"{told[0]} {_COMPARED[operator]} {told[1]}"
            case In(left, Constants() as texts):
                return f"{self._operand(left, texts)} is one of {self._operand(texts, left)}"
            case In(left, right):
                return f"{self._operand(left, right)} is among {self._operand(right, left)}"

    def _part(self, condition: Condition) -> str:
        """A part of a longer condition, in brackets if it has parts itself."""
        said = self._said(condition)
        return f"({said})" if isinstance(condition, And | Or) else said

    def _operand(
        self, operand: Name | Constant | Constants, other: Name | Constant | Constants
    ) -> str:
        of = other.code if isinstance(other, Name) else ""
        match operand:
            case Name(code):
                return self._names.get(code, code)
            case Constant(text):
                return self._constant(of, text)
            case Constants(texts):
                return ", ".join(self._constant(of, text) for text in texts)

    def _constant(self, of: str, text: str) -> str:
        label = self._labels.get((of, text))
        return f"{text} “{label}”" if label else text or "nothing"


def one_line(text: Text, language: str = "en") -> str:
    """A text on one line: in that language, else in one that has it; empty if none has."""
    found = text.get(language) or next(filter(None, text.values()), "")
    return " ".join(found.split())
