"""Form fields for what is stored as it is typed: notes, conditions, days, numbers."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from experiments.in_words import in_words
from experiments.logic import ConditionError, parse

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ChosenFile(forms.FileField):
    """A file that is chosen; one without a byte in it is mostly a download that broke off."""

    default_error_messages = {  # noqa: RUF012
        "empty": _("This file is empty. Choose another, or save it anew and choose it again.")
    }


class NoteField(forms.CharField):
    """Several lines; browsers send line ends as CR LF, whatever they were."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        widget = UnfoldAdminTextareaWidget({"rows": rows})
        super().__init__(required=False, strip=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text, empty if it is blank."""
        text = str(super().to_python(value) or "").replace("\r\n", "\n")
        return text if text.strip() else ""


class ConditionField(NoteField):
    """A condition in the language of `experiments.logic`; what it names is checked elsewhere."""

    def clean(self, value: Any) -> str:
        """The condition as it is written, or ValidationError."""
        text: str = super().clean(value)
        try:
            if text:
                parse(text)
        except ConditionError as error:
            raise forms.ValidationError(
                f"{in_words(error.message)} {in_words(error.remedy)}"
            ) from None
        return text


class LinesField(NoteField):
    """A list of texts, one on each line; blank lines are none."""

    def prepare_value(self, value: Any) -> Any:
        """The list as it is shown."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """What is stored, or ValidationError."""
        lines = [line.strip() for line in str(super().clean(value)).split("\n")]
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is stored anew."""
        before = self.prepare_value(initial) or ""
        return not self.disabled and before != str(data or "").replace("\r\n", "\n")


class ConditionsField(LinesField):
    """Conditions, one on each line."""

    def clean(self, value: Any) -> Any:
        """The conditions as they are written, or ValidationError."""
        lines = super().clean(value)
        for line in lines:
            ConditionField().clean(line)
        return lines


class DayField(forms.CharField):
    """A day in the form of ISO 8601, or none."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextInputWidget({"placeholder": "2026-03-31"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """The day, or ValidationError."""
        text: str = super().clean(value)
        if text and not _is_day(text):
            raise forms.ValidationError(
                _("“%(text)s” is no day. Write year, month and day, as in 2026-03-31."),
                params={"text": text},
            )
        return text


class NumberField(forms.FloatField):
    """A number, or none; 20.0 is shown as 20."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminDecimalFieldWidget(), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The number as it is shown."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
