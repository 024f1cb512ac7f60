"""The form of an item: what every kind has, then what only some kinds have a use for."""

from typing import Any, ClassVar

import msgspec
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from experiments import design, models
from experiments.checks.kinds import CHOSEN_FROM_OWN, NUMERIC, WITH_PARTS, WRITTEN, kind_problems
from experiments.design import ON_A_SCALE, ItemKind, PageKind, Role
from experiments.desk.instrument_forms import ORDERS
from experiments.desk.lists import ChosenCodeField
from experiments.desk.part_form import OrderedForm
from experiments.desk.written import ConditionField, DayField, NoteField, NumberField
from experiments.translated import TranslatedField

ASKED = tuple(kind for kind in ItemKind if kind is not ItemKind.STATEMENT)
BETWEEN_POLES = (ItemKind.SEMANTIC_DIFFERENTIAL, ItemKind.SLIDER)
ASKING = (PageKind.SCREENING, PageKind.QUESTIONS, PageKind.VIGNETTE)
WITH_A_RIGHT_ANSWER = (Role.ATTENTION_CHECK, Role.MOCK_VIGNETTE_CHECK, Role.COMPREHENSION_CHECK)


class ItemForm(OrderedForm):
    """An item."""

    parent = "page"
    page = forms.ModelChoiceField(
        models.Page.objects.none(),
        required=False,
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("On another page it comes last. Conditions can name it from there on only."),
    )
    text = TranslatedField(
        rows=2, help_text=_("The question. An earlier item's code in braces puts its answer in.")
    )
    scale = ChosenCodeField(
        required=False, label=_("Scale"), help_text=_("It has the item's options.")
    )
    subscale = ChosenCodeField(required=False, label=_("Subscale"))
    checks_factor = ChosenCodeField(
        required=False,
        label=_("Factor that it checks"),
        help_text=_("The item's options have the codes of the factor's levels."),
    )
    source = NoteField(help_text=_("Where the item was published."))
    shown_if = ConditionField(
        label=_("Shown if"),
        help_text=_(
            'Who is asked, such as: age >= 18 and "park" in uses. It names what is known before, '
            "and puts codes in quotes. Left empty, everybody."
        ),
    )
    left = TranslatedField(required=False, help_text=_("What stands at the left end: untidy."))
    right = TranslatedField(required=False, help_text=_("What stands at the right end: tidy."))
    unit = TranslatedField(required=False, help_text=_("What stands behind the number: hours."))
    minimum = NumberField(
        help_text=_("The smallest number that is taken, such as 0. A slider needs one.")
    )
    maximum = NumberField(
        help_text=_("The largest number that is taken, such as 120. A slider needs one.")
    )
    step = NumberField(help_text=_("How far a slider moves at a time, such as 0.5. Left empty: 1."))
    earliest = DayField(help_text=_("The first day that can be given. Left empty, any."))
    latest = DayField(help_text=_("The last day that can be given. Left empty, any."))
    groups: ClassVar = (
        (None, {"fields": ("code", "page", "order", "kind", "text", "shown_if")}),
        (
            _("Answer"),
            {
                "fields": (
                    *("required", "soft", "measure", "scale", "subscale", "reverse", "left"),
                    *("right", "minimum", "maximum", "step", "decimals", "unit", "max_length"),
                    *("earliest", "latest", "total", "option_order"),
                )
            },
        ),
        (
            _("Check and source"),
            {"fields": ("role", "expected", "tries", "checks_factor", "source")},
        ),
    )
    only_for: ClassVar = {
        **dict.fromkeys(("required", "soft", "measure"), ("kind", ASKED)),
        **dict.fromkeys(("scale", "subscale", "reverse"), ("kind", sorted(ON_A_SCALE))),
        **dict.fromkeys(("left", "right"), ("kind", BETWEEN_POLES)),
        **dict.fromkeys(("minimum", "maximum"), ("kind", sorted(NUMERIC))),
        "step": ("kind", (ItemKind.SLIDER,)),
        **dict.fromkeys(("decimals", "unit"), ("kind", (ItemKind.NUMBER,))),
        "max_length": ("kind", sorted(WRITTEN)),
        **dict.fromkeys(("earliest", "latest"), ("kind", (ItemKind.DATE,))),
        "total": ("kind", (ItemKind.ALLOCATION,)),
        "option_order": ("kind", sorted(CHOSEN_FROM_OWN | WITH_PARTS)),
        "expected": ("role", WITH_A_RIGHT_ANSWER),
        "tries": ("role", (Role.COMPREHENSION_CHECK,)),
        "checks_factor": ("role", (Role.MANIPULATION_CHECK,)),
    }
    may_be_empty = ("decimals", "max_length", "total", "tries")

    class Meta:
        model = models.Item
        fields = (
            *(
                "code",
                "page",
                "order",
                "kind",
                "text",
                "shown_if",
                "required",
                "soft",
                "measure",
                "scale",
            ),
            *("subscale", "reverse", "left", "right", "minimum", "maximum", "step", "decimals"),
            *("unit", "max_length", "earliest", "latest", "total", "option_order", "role"),
            *("expected", "tries", "checks_factor", "source"),
        )
        labels: ClassVar = {
            "option_order": _("Order of options"),
            "total": _("Points to give out"),
            "max_length": _("Most characters"),
            "soft": _("Asked for once only"),
        }
        help_texts: ClassVar = {
            "kind": _(
                "How it is answered. A likert item and a semantic differential have their scale's "
                "options, the other choices their own."
            ),
            "required": _("Nobody goes on without an answer, be it “prefer not to say”."),
            "soft": _("Who leaves it open is asked once more, and may then go on."),
            "measure": _(
                "Nominal: names. Ordinal: ranked, scored by number. Interval: the number itself, "
                "of numbers and sliders. Text: not counted."
            ),
            "role": _("Empty unless the item checks attention, or whether a factor was noticed."),
            "reverse": _("It counts the other way round in its scale."),
            "expected": _("The code of the right option of an attention check."),
            "tries": _("How often a comprehension check may be answered, such as 2."),
            "max_length": _("The most characters of a free text. Left empty: 2000."),
            "decimals": _("Digits behind the point, 2 for 3.75. Left empty: whole numbers."),
            "total": _("How many points the options share. Left empty: 100."),
            "option_order": ORDERS,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Q(pk=self.instance.page_id) | Q(kind__in=ASKING)
        pages: Any = self.fields["page"]
        pages.queryset = self.vocabulary.study.pages.filter(now)
        self.initial["page"] = self.instance.page_id

    def clean_page(self) -> models.Page:
        """The page; that on which it is if none was sent."""
        page: models.Page | None = self.cleaned_data["page"]
        return page or self.instance.page

    def clean_order(self) -> int:
        """The place; on another page the last one, unless another was typed."""
        page: models.Page | None = self.cleaned_data.get("page")
        typed: int | None = self.cleaned_data["order"]
        if page is None or page.pk == self.instance.page_id:
            return super().clean_order()
        if typed is not None and "order" in self.changed_data:
            return typed
        last = page.items.order_by("-order").values_list("order", flat=True).first()
        return 0 if last is None else last + 1

    def clean(self) -> dict[str, Any]:
        """Says what has no meaning for the kind of item, as the study's page would."""
        cleaned = super().clean()
        if not {"kind", "measure", "option_order"} & self.errors.keys():
            # The item as it would be, so far as its fields can be read.
            item = msgspec.convert({"code": "", "text": {}} | cleaned, design.Item)
            self.tell(kind_problems("item", item), "item")
        return cleaned

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        found = {"scale": "scales", "subscale": "subscales", "checks_factor": "factors"}
        return getattr(self.vocabulary, found[name])
