"""A page of the Design as a crispy form. It shows; `questionnaire.check` decides."""

from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field as LayoutField
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _

from experiments.design import Design, Item, ItemKind, Page, PageKind
from responses.asked import Asked
from responses.questionnaire import AGREE, CONSENT_FIELD, DECLINE, Fault, Sent
from responses.questionnaire.flow import may_show
from responses.visit import Visit

FIELDS = "responses/fields/"
TEMPLATES = {
    ItemKind.LIKERT: "likert.html",
    ItemKind.SEMANTIC_DIFFERENTIAL: "poles.html",
    ItemKind.SINGLE: "options.html",
    ItemKind.MULTIPLE: "options.html",
    ItemKind.DROPDOWN: "dropdown.html",
    ItemKind.NUMBER: "input.html",
    ItemKind.DATE: "input.html",
    ItemKind.SHORT_TEXT: "input.html",
    ItemKind.TEXT: "text.html",
    ItemKind.SLIDER: "slider.html",
    ItemKind.RANKING: "ranking.html",
    ItemKind.ALLOCATION: "allocation.html",
    ItemKind.STATEMENT: "statement.html",
}


class PageForm(forms.Form):
    """The items of one page in one language, with what was typed and what is wrong with it.

    Without a visit all items are in it, as a page that is kept has them; with one, those that the
    participant may come to see.
    """

    def __init__(
        self, design: Design, page: Page, language: str, visit: Visit | None = None
    ) -> None:
        visit = visit or Visit()
        super().__init__()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout()
        self.summary: list[tuple[str, str, str]] = []
        asks = [item.required for item in page.items if item.kind is not ItemKind.STATEMENT]
        # Whether it must be said which questions want an answer.
        self.mixed = any(asks) and not all(asks)
        if page.kind is PageKind.CONSENT:
            self._add_consent(visit.typed, visit.faults)
        for item in page.items if visit.plain else may_show(design, page, visit.facts):
            asked = Asked(
                *(design, page, item, language, visit.typed),
                *(visit.faults.get(item.code), visit.tries_left.get(item.code, 0)),
                visit.facts.seed,
            )
            self._add(item.code, ItemField(asked), FIELDS + _template(design, page, item))
            if asked.fault:
                self.summary.append((asked.id, asked.text, asked.fault_words))

    def _add(self, code: str, field: forms.Field, template: str) -> None:
        self.fields[code] = field
        self.helper.layout.append(LayoutField(code, template=template))

    def _add_consent(self, typed: Sent, faults: Mapping[str, Fault]) -> None:
        field = _consent_field(typed)
        field.fault_words = worded_consent() if CONSENT_FIELD in faults else ""
        self._add(CONSENT_FIELD, field, FIELDS + "consent.html")
        if field.fault_words:
            self.summary.append((f"id_{CONSENT_FIELD}_0", str(field.label), field.fault_words))


class ItemField(forms.Field):
    """Carries an item to its template."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(label=asked.text, required=asked.item.required)
        self.asked = asked


class ConsentField(forms.ChoiceField):
    """Agree or decline."""

    fault_words = ""


def worded_consent() -> str:
    """What is said to who chose neither."""
    return _("Please choose one of the answers.")


def _consent_field(typed: Sent) -> ConsentField:
    choices = [(AGREE, _("Yes, I agree to take part")), (DECLINE, _("No, I do not take part"))]
    given = typed.get(CONSENT_FIELD, ())
    return ConsentField(
        label=_("Do you agree to take part?"),
        choices=choices,
        widget=forms.RadioSelect,
        initial=given[-1] if given else None,
    )


def _template(design: Design, page: Page, item: Item) -> str:
    """The item's template. Among Likert items, the same options look the same.

    So an attention check that borrows a scale's options does not stand out.
    """
    likert = (design.options(other) for other in page.items if other.kind is ItemKind.LIKERT)
    borrowed = item.kind is ItemKind.SINGLE and item.options in likert
    return TEMPLATES[ItemKind.LIKERT if borrowed else item.kind]
