"""The form of codes, and what a row's choices are called."""

from enum import StrEnum
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from experiments.models.choice_words import WORDS

code_validator = RegexValidator(
    r"^[a-z][a-z0-9_]{0,31}$",
    _("Use a lower-case letter, then letters, digits or _, 32 characters at most."),
)
option_code_validator = RegexValidator(
    r"^(-?[0-9]{1,9}|[a-z][a-z0-9_]{0,31})$",
    _("Use a whole number, or a lower-case letter, then letters, digits or _."),
)


def choices(enum: type[StrEnum]) -> list[tuple[str, Any]]:
    """The members of one of the design's enumerations as a field's choices, each in words."""
    return [
        (member.value, WORDS.get(member.value) or member.value.replace("_", " ") or "—")
        for member in enum
    ]
