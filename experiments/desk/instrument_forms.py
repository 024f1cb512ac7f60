"""The forms of what is asked: scales, pages, items and their options."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from experiments import models
from experiments.desk.lists import ChosenCodeField
from experiments.desk.part_form import OrderedForm
from experiments.translated import TranslatedField


class ScaleForm(OrderedForm):
    """A scale."""

    label = TranslatedField(help_text=_("What reports and the codebook call it."))

    class Meta:
        model = models.Scale
        fields = ("code", "order", "label", "source")
        widgets: ClassVar = {"source": UnfoldAdminTextareaWidget({"rows": 3})}
        help_texts: ClassVar = {"source": _("Where the scale was published.")}


class SubscaleForm(OrderedForm):
    """A subscale."""

    parent = "scale"
    label = TranslatedField()

    class Meta:
        model = models.Subscale
        fields = ("order", "code", "label")


class OptionForm(OrderedForm):
    """An option of a scale or of an item."""

    code_form = _("A whole number such as 1 or -9, or a lower-case letter, then letters, digits.")
    label = TranslatedField()

    class Meta:
        model = models.Option
        fields = ("order", "code", "label", "missing")
        help_texts: ClassVar = {
            "missing": _("Why whoever chooses it counts as not having answered; empty if not.")
        }


class PageForm(OrderedForm):
    """A page."""

    title = TranslatedField()
    body = TranslatedField(
        rows=8,
        required=False,
        help_text=_("Markdown. On a vignette, a factor's code in braces is its slot: {reward}."),
    )

    class Meta:
        model = models.Page
        fields = ("code", "kind", "order", "title", "body")


class ItemForm(OrderedForm):
    """An item."""

    parent = "page"
    text = TranslatedField(rows=2)
    scale = ChosenCodeField(required=False, label=_("Scale"))
    subscale = ChosenCodeField(required=False, label=_("Subscale"))
    checks_factor = ChosenCodeField(required=False, label=_("Factor that it checks"))

    class Meta:
        model = models.Item
        fields = (
            *("code", "order", "kind", "text", "required", "measure", "scale", "subscale"),
            *("reverse", "role", "expected", "checks_factor", "max_length", "source"),
        )
        widgets: ClassVar = {"source": UnfoldAdminTextareaWidget({"rows": 2})}
        help_texts: ClassVar = {
            "kind": _("A likert item uses its scale's options, single and dropdown its own."),
            "measure": _("Nominal: names. Ordinal: ranked, scored by number. Text: not counted."),
            "role": _("Empty unless the item checks attention, or whether a factor was noticed."),
            "reverse": _("It counts the other way round in its scale."),
            "expected": _("The code of the right option of an attention check."),
            "max_length": _("The most characters of a free text."),
        }

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        found = {"scale": "scales", "subscale": "subscales", "checks_factor": "factors"}
        return getattr(self.vocabulary, found[name])
