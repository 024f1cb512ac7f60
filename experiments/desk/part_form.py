"""What the forms of a study's parts share: languages, choices, a place among others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, UniqueConstraint
from django.forms.utils import pretty_name
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from experiments.checks import Problem
from experiments.desk.addresses import add_address
from experiments.desk.lists import ChosenCodeField, ChosenCodesField
from experiments.desk.meanwhile import ChecksMeanwhile
from experiments.desk.taken import SaysTaken
from experiments.desk.vocabulary import Vocabulary
from experiments.in_words import in_words
from experiments.translated import TranslatedField


def name_of(model: type[Model], field: str) -> str:
    """What a field is called in the language that is active, as its model names it."""
    try:
        return str(capfirst(model._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return pretty_name(field)


class PartForm(ChecksMeanwhile, SaysTaken, forms.ModelForm):  # type: ignore[type-arg]
    """A form of a part of a study; `parts.form_for` gives it `vocabulary` and `parent_row`."""

    vocabulary: ClassVar[Vocabulary]
    # What a new part goes into; None for inlines, whose formset says it.
    parent_row: ClassVar[Any] = None
    # The name of that; for inlines it is the row whose page they are on.
    parent: ClassVar[str] = "study"
    # That row itself; None while it is added, and for all that is no inline.
    above: ClassVar[Any] = None
    # Fields that can't be filled in before the study has a part of that name.
    needs: ClassVar[Mapping[str, str]] = {}
    code_form: ClassVar[Any] = _("A lower-case letter, then letters, digits or _.")
    # The fields by heading, as Django's `fieldsets`; empty for all of them under none.
    groups: ClassVar[Sequence[Any]] = ()
    # Fields that have a meaning only where another field has one of these values.
    only_for: ClassVar[Mapping[str, tuple[str, Iterable[str]]]] = {}
    # Numbers that may be left empty: they become their default.
    may_be_empty: ClassVar[Sequence[str]] = ()
    # What tells the rows of an inline apart.
    key: ClassVar[str] = "code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_row is not None:
            setattr(self.instance, self.parent, self.parent_row)
        for name in self.may_be_empty:
            self.fields[name].required = False
        for name, field in self.fields.items():
            value = self.initial.get(name)
            field.label = field.label or name_of(type(self.instance), name)
            label = str(field.label)
            if isinstance(field, TranslatedField):
                field.use_languages(label, self.vocabulary.study.languages, value)
            elif isinstance(field, (ChosenCodeField, ChosenCodesField)):
                field.offer(self.choices_for(name), value)
                if name in self.needs and not self.choices_for(name):
                    field.help_text = self._first(self.needs[name])
                elif isinstance(field, ChosenCodesField) and not field.choices:
                    field.help_text = f"{_('There is nothing to tick yet.')} {field.help_text}"
            elif name == "code":
                field.help_text = f"{field.help_text} {self.code_form}".strip()
            # The rows of an inline are compared with what is stored, places and all.
            field.show_hidden_initial &= not self.prefix
            # In the tables of inlines only the head of the column says what a field is.
            if self.prefix and not isinstance(field, (TranslatedField, ChosenCodesField)):
                field.widget.attrs["aria-label"] = label

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        raise KeyError(name)

    def clean(self) -> dict[str, Any]:
        """The numbers that were left empty at their defaults."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.may_be_empty:
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = self._default(name)
        return cleaned

    def shown_where(self) -> dict[str, str]:
        """When unfold's script shows a field of `only_for`: its expression by the field's name.

        A field that holds something, or has an error, is always shown.
        """
        return {
            name: f"{[str(value) for value in values]}.includes({other})"
            for name, (other, values) in self.only_for.items()
            if not self._filled(name)
        }

    def tell(self, problems: Iterable[Problem], at: str, whole: str = "") -> None:
        """Adds the problems of the part at that path to its fields; `whole` has those of no field.

        Those of what the form has no field for are left to the study's page.
        """
        wrong = set(self.errors)
        for problem in problems:
            field = re.match(rf"{re.escape(at)}\.([a-z_]+)", problem.path)
            name = field[1] if field else whole if problem.path == at else ""
            if name in self.fields and name not in wrong:
                self.add_error(name, f"{in_words(problem.message)} {in_words(problem.remedy)}")

    def place(self, column: str) -> int:
        """The place in that column, after all others if it was left empty.

        One that the form did not change is as it is now, not as it was when the form was opened.
        """
        place: int | None = self.cleaned_data[column]
        if self.instance.pk and column not in self.changed_data:
            return int(getattr(self.instance, column))
        if place is not None:
            return place
        parent_id = getattr(self.instance, f"{self.parent}_id")
        siblings = type(self.instance)._default_manager.filter(**{self.parent: parent_id})
        last = siblings.order_by(f"-{column}").values_list(column, flat=True).first()
        return 0 if last is None or parent_id is None else last + 1

    def _default(self, name: str) -> Any:
        return self._meta.model._meta.get_field(name).get_default()

    def _filled(self, name: str) -> bool:
        value = self[name].value()
        if isinstance(value, Mapping):
            return any(value.values()) or name in self.errors
        return name in self.errors or str(value) not in ("", "None", str(self._default(name)))

    def _first(self, part: str) -> SafeString:
        """What to do first, as a link."""
        said = {"factor": _("Add a factor first"), "scale": _("Add a scale first")}[part]
        link = '<a class="desk-link" href="{}">{}</a>'
        return format_html(link, add_address(self.vocabulary.study, part), said)

    def _get_validation_exclusions(self) -> set[str]:
        # The parent is no field of the form, yet a code may stand only once within it.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {self.parent}


class PlaceField(forms.IntegerField):
    """The place of a part among others like it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_value=10_000,
            label=_("Place"),
            help_text=_("Left empty, it comes last."),
            widget=UnfoldAdminIntegerFieldWidget({"class": "desk-place"}),
            # A move of another part may change it while the form is open.
            show_hidden_initial=True,
            **kwargs,
        )


class OrderedForm(PartForm):
    """A part with a place among others like it; left empty, it comes last."""

    order = PlaceField()

    def clean_order(self) -> int:
        """The place, after all others if it was left empty."""
        return self.place("order")


class PartsFormSet(ChecksMeanwhile, PaginationInlineFormSet):  # type: ignore[misc]
    """The inline forms of a part; a code that is typed twice is told, not sent to the database."""

    def validate_unique(self) -> None:
        """Adds an error to each form that repeats a code or a cell, beside it.

        And to one that takes what a later row gives up: rows are stored one after the other.
        """
        seen: set[str] = set()
        once = any(isinstance(each, UniqueConstraint) for each in self.model._meta.constraints)
        held = [str(form.initial.get(form.key)) for form in self.initial_forms] if once else []
        for at, form in enumerate(self.forms):
            if self._should_delete_form(form) or not getattr(form, "cleaned_data", None):
                continue
            value = form.cleaned_data.get(form.key)
            wrong: Any = ""
            if value is not None and str(value) in seen:
                wrong = _("This is there twice. Change one of the two, or delete it.")
            elif str(value) in held[at + 1 :]:
                wrong = _("A row below has this. Change that one first, and save.")
            if wrong:
                form.add_error(form.key, wrong)
            seen.add(str(value))
