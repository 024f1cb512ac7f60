"""The forms of what is varied: factors, levels, arms."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.desk.lists import CellField
from experiments.desk.part_form import OrderedForm
from experiments.translated import TranslatedField


class FactorForm(OrderedForm):
    """A factor."""

    label = TranslatedField(help_text=_("What reports and the codebook call it."))

    class Meta:
        model = models.Factor
        fields = ("code", "order", "label")
        help_texts: ClassVar = {"code": _("Its slot in a vignette, as in {reward}.")}


class LevelForm(OrderedForm):
    """A level; its text may say nothing."""

    parent = "factor"
    label = TranslatedField(help_text=_("What reports and the codebook call it."))
    text = TranslatedField(
        rows=3,
        required=False,
        may_be_silent=True,
        help_text=_("What the factor's slot becomes. Empty in every language, it says nothing."),
    )

    class Meta:
        model = models.Level
        fields = ("code", "order", "label", "text")


class ArmForm(OrderedForm):
    """An arm: a cell of the randomisation's factors, with its weight."""

    parent = "randomisation"
    key = "levels"
    levels = CellField(label=_("Arm"))

    class Meta:
        model = models.Arm
        fields = ("order", "levels", "weight")

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.cells(tuple(self.above.factors if self.above else ()))
