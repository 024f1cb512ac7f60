"""Form fields for columns that hold a list: of codes, of numbers, of the levels of an arm."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

T = TypeVar("T")
# A code with what it is called, or a heading with several of them.
Choices = Sequence[tuple[str, Any]]


class SpelledListField(forms.CharField):
    """A list that is typed with commas; `read` makes one entry or raises ValueError."""

    def __init__(
        self, *, read: Callable[[str], Any], wrong: Any, distinct: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(widget=UnfoldAdminTextInputWidget(), **kwargs)
        self.read, self.distinct = read, distinct
        self.wrong = wrong

    def prepare_value(self, value: Any) -> Any:
        """The list as it is shown."""
        return ", ".join(map(_spelled, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        """What is stored, or ValidationError."""
        entries = [part.strip() for part in str(value or "").split(",")]
        found = [self._entry(entry) for entry in entries if entry]
        if self.distinct and len(set(found)) != len(found):
            raise forms.ValidationError(_("Something is there twice; write it once."))
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is stored anew."""
        return not self.disabled and str(self.prepare_value(initial) or "") != str(data or "")

    def _entry(self, entry: str) -> Any:
        try:
            return self.read(entry)
        except ValueError:
            raise forms.ValidationError(self.wrong, params={"entry": entry}) from None


def _spelled(entry: Any) -> str:
    return f"{entry:g}" if isinstance(entry, float) else str(entry)


def whole(entry: str) -> int:
    """A whole number of six digits at most; ValueError otherwise."""
    if len(entry) > 6:
        raise ValueError(entry)
    return int(entry)


def fraction(entry: str) -> float:
    """A finite number; ValueError otherwise."""
    number = float(entry)
    if not math.isfinite(number):
        raise ValueError(entry)
    return number


class ChosenCodesField(forms.MultipleChoiceField):
    """Codes that are ticked. What was chosen before keeps its order, the rest comes after it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs)
        self.before: list[str] = []

    def offer(self, choices: Choices, value: Any) -> None:
        """Offers these, and what the value names that is none of them."""
        self.before = [str(code) for code in value] if isinstance(value, list) else []
        self.choices = with_strays(choices, self.before)

    def clean(self, value: Any) -> list[str]:
        """What is stored, or ValidationError."""
        ticked = super().clean(value)
        kept = [code for code in self.before if code in ticked]
        return kept + [code for code in ticked if code not in kept]


class ChosenCodeField(forms.ChoiceField):
    """One code out of what the study has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminSelectWidget(), **kwargs)

    def offer(self, choices: Choices, value: Any) -> None:
        """Offers these, nothing at all, and what the value names that is none of them."""
        strays = [str(value)] if value else []
        nothing = [] if "" in flat(choices) else [("", _("none"))]
        self.choices = [*nothing, *with_strays(choices, strays)]


class CellField(ChosenCodeField):
    """The codes of a cell, chosen as one: levels of an arm, answers: ``["monetary", "high"]``."""

    def prepare_value(self, value: Any) -> Any:
        """The list as it is shown."""
        return ".".join(map(str, value)) if isinstance(value, list) else value

    def offer(self, choices: Choices, value: Any) -> None:
        """The same, the value being a list of codes."""
        super().offer(choices, self.prepare_value(value))

    def clean(self, value: Any) -> Any:
        """What is stored, or ValidationError."""
        code = super().clean(value)
        return code.split(".") if code else []

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is stored anew."""
        return super().has_changed(self.prepare_value(initial), data)


def with_strays(choices: Choices, codes: Iterable[str]) -> list[tuple[str, Any]]:
    """The choices and, at their end, the codes that name nothing in the study any more."""
    known = set(flat(choices))
    strays = [code for code in codes if code not in known]
    named = [(code, _("%(code)s – not offered any more") % {"code": code}) for code in strays]
    return [*choices, *named]


def flat(choices: Choices) -> list[str]:
    """The codes of choices, those under headings too."""
    codes: list[str] = []
    for code, label in choices:
        codes += flat(label) if isinstance(label, (list, tuple)) else [code]
    return codes
