"""A page of the Design as a crispy form. It shows; `questionnaire.check` decides."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field as LayoutField
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _

from experiments.design import Design, Item, ItemKind, Page, PageKind
from responses.questionnaire import AGREE, CONSENT_FIELD, DECLINE, Fault

OPTIONS = "responses/fields/options.html"
TEMPLATES = {
    ItemKind.LIKERT: "responses/fields/likert.html",
    ItemKind.SINGLE: OPTIONS,
    ItemKind.DROPDOWN: "responses/fields/dropdown.html",
    ItemKind.TEXT: "responses/fields/text.html",
}


class PageForm(forms.Form):
    """The items of one page in one language; `answers` fills it in, `faults` are worded in it."""

    def __init__(
        self,
        design: Design,
        page: Page,
        language: str,
        *,
        answers: Mapping[str, Any] | None = None,
        faults: Mapping[str, Fault] | None = None,
    ) -> None:
        typed = dict(answers or {})
        super().__init__(initial=typed)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout()
        if page.kind is PageKind.CONSENT:
            self._add(CONSENT_FIELD, _consent_field(), OPTIONS)
        for item in page.items:
            self._add(item.code, _field(design, item, language), _template(design, page, item))
        # The form is never validated: it is told what `check` found.
        self._errors = forms.utils.ErrorDict()
        items = {item.code: item for item in page.items}
        for code, fault in (faults or {}).items():
            text = worded(fault, items.get(code), len(str(typed.get(code) or "")))
            self._errors[code] = self.error_class([text])

    def _add(self, code: str, field: forms.Field, template: str) -> None:
        self.fields[code] = field
        self.helper.layout.append(LayoutField(code, template=template))


def _consent_field() -> forms.Field:
    choices = [(AGREE, _("Yes, I agree to take part")), (DECLINE, _("No, I do not take part"))]
    return forms.ChoiceField(
        label=_("Do you agree to take part?"), choices=choices, widget=forms.RadioSelect
    )


def _template(design: Design, page: Page, item: Item) -> str:
    """The item's template. Among Likert items, the same options look the same.

    So an attention check that borrows a scale's options does not stand out.
    """
    likert = (design.options(other) for other in page.items if other.kind is ItemKind.LIKERT)
    borrowed = item.kind is ItemKind.SINGLE and item.options in likert
    return TEMPLATES[ItemKind.LIKERT if borrowed else item.kind]


def worded(fault: Fault, item: Item | None, length: int = 0) -> str:
    """What a participant is told of a fault, and what to do."""
    if fault is Fault.TOO_LONG and item:
        text = _("Your answer has %(length)d characters. Please shorten it to %(most)d.")
        return text % {"length": length, "most": item.max_length}
    if fault is Fault.UNREADABLE:
        return _("Your answer holds a character that can't be stored. Please type it again.")
    if item and item.kind is ItemKind.TEXT:
        return _("Please write an answer.")
    return _("Please choose one of the answers.")


def _field(design: Design, item: Item, language: str) -> forms.Field:
    label = item.text[language]
    if item.kind is ItemKind.TEXT:
        return forms.CharField(label=label, required=item.required, widget=forms.Textarea)
    choices = [(option.code, option.label[language]) for option in design.options(item)]
    if item.kind is ItemKind.DROPDOWN:
        choices = [("", _("Choose one")), *choices]
    widget = forms.Select if item.kind is ItemKind.DROPDOWN else forms.RadioSelect
    return forms.ChoiceField(label=label, required=item.required, choices=choices, widget=widget)
