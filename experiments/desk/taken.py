"""What the desk says of a code, a name or a cell that may stand only once, and stands already."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from experiments.in_words import in_words
from experiments.models import Study
from experiments.said import said


class SaysTaken:
    """Mixed into the forms of a study's parts: says it beside the field, with what to do."""

    def _update_errors(self, errors: ValidationError) -> None:
        # Django names the columns of the constraint, and says it above the form.
        form: Any = self
        if hasattr(errors, "error_dict"):
            told: dict[str, list[ValidationError]] = {}
            for name, wrong in errors.error_dict.items():
                for error in wrong:
                    columns = (error.params or {}).get("unique_check", ())
                    field = next((each for each in columns if each in form.fields), "")
                    # What is wrong with a field that the form lacks is said above the form.
                    place = field or (name if name in form.fields else NON_FIELD_ERRORS)
                    again = ValidationError(taken(form, field)) if field else error
                    told.setdefault(place, []).append(again)
            errors = ValidationError(told)
        super()._update_errors(errors)  # type: ignore[misc]


def taken(form: Any, field: str) -> str:
    """That what was typed in the field is taken already, and what to do."""
    if isinstance(form.instance, Study):
        slug = form.cleaned_data[field]
        return in_words(said("There is a study {slug} already; take another name.", slug=slug))
    return _("There is one of these already. Choose another, or edit the one that is there.")
