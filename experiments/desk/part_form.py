"""What the forms of a study's parts share: languages, choices, a place among others."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import pretty_name
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from experiments.desk.lists import ChosenCodeField, ChosenCodesField
from experiments.desk.vocabulary import Vocabulary
from experiments.translated import TranslatedField


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of a part of a study; `parts.form_for` gives it `vocabulary` and `parent_row`."""

    vocabulary: ClassVar[Vocabulary]
    # What a new part goes into; None for inlines, whose formset says it.
    parent_row: ClassVar[Any] = None
    parent: ClassVar[str] = "study"

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
            # In the tables of inlines only the head of the column says what a field is.
            if self.prefix and not isinstance(field, (TranslatedField, ChosenCodesField)):
                field.widget.attrs["aria-label"] = label

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        raise KeyError(name)

    def _get_validation_exclusions(self) -> set[str]:
        # The parent is no field of the form, yet a code may stand only once within it.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {self.parent}


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
