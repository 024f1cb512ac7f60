"""What the forms of a study's parts share: languages, choices, a place among others."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import pretty_name
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from experiments.desk.addresses import add_address
from experiments.desk.lists import ChosenCodeField, ChosenCodesField
from experiments.desk.vocabulary import Vocabulary
from experiments.translated import TranslatedField


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of a part of a study; `parts.form_for` gives it `vocabulary` and `parent_row`."""

    vocabulary: ClassVar[Vocabulary]
    # What a new part goes into; None for inlines, whose formset says it.
    parent_row: ClassVar[Any] = None
    # The name of that; for inlines it is the row whose page they are on.
    parent: ClassVar[str] = "study"
    # Fields that can't be filled in before the study has a part of that name.
    needs: ClassVar[Mapping[str, str]] = {}
    code_form: ClassVar[Any] = _("A lower-case letter, then letters, digits or _.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_row is not None:
            setattr(self.instance, self.parent, self.parent_row)
        for name, field in self.fields.items():
            value = self.initial.get(name)
            label = str(field.label or pretty_name(name))
            if isinstance(field, TranslatedField):
                field.use_languages(label, self.vocabulary.study.languages, value)
            elif isinstance(field, (ChosenCodeField, ChosenCodesField)):
                field.offer(self.choices_for(name), value)
                if name in self.needs and not self.choices_for(name):
                    field.help_text = self._first(self.needs[name])
            elif name == "code":
                field.help_text = f"{field.help_text} {self.code_form}".strip()
            # In the tables of inlines only the head of the column says what a field is.
            if self.prefix and not isinstance(field, (TranslatedField, ChosenCodesField)):
                field.widget.attrs["aria-label"] = label

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        raise KeyError(name)

    def _first(self, part: str) -> SafeString:
        """What to do first, as a link."""
        said = {"factor": _("Add a factor first"), "scale": _("Add a scale first")}[part]
        link = '<a class="desk-link" href="{}">{}</a>'
        return format_html(link, add_address(self.vocabulary.study, part), said)

    def _get_validation_exclusions(self) -> set[str]:
        # The parent is no field of the form, yet a code may stand only once within it.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {self.parent}

    def _update_errors(self, errors: ValidationError) -> None:
        # What is wrong with a field that the form lacks is said above the form.
        if hasattr(errors, "error_dict"):
            told: dict[str, list[ValidationError]] = {}
            for name, wrong in errors.error_dict.items():
                told.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(wrong)
            errors = ValidationError(told)
        super()._update_errors(errors)  # type: ignore[misc]


class OrderedForm(PartForm):
    """A part with a place among others like it; left empty, it comes last."""

    order = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000,
        label=_("Place"),
        help_text=_("Left empty, it comes last."),
        widget=UnfoldAdminIntegerFieldWidget({"class": "desk-place"}),
    )

    def clean_order(self) -> int:
        """The place, after all others if it was left empty."""
        order: int | None = self.cleaned_data["order"]
        return self._last() if order is None else order

    def _last(self) -> int:
        parent_id = getattr(self.instance, f"{self.parent}_id")
        siblings = type(self.instance)._default_manager.filter(**{self.parent: parent_id})
        last = siblings.order_by("-order").values_list("order", flat=True).first()
        return 0 if last is None or parent_id is None else last + 1


class PartsFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """The inline forms of a part; a code that is typed twice is told, not sent to the database."""

    def clean(self) -> None:
        """Adds an error to each form that repeats a code or a cell."""
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            if self._should_delete_form(form) or not getattr(form, "cleaned_data", None):
                continue
            name = "code" if "code" in form.fields else "levels"
            value = form.cleaned_data.get(name)
            if value and str(value) in seen:
                form.add_error(name, _("This is there twice."))
            seen.add(str(value))
