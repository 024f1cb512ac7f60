"""The form of a plan's contrasts."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.desk.lists import ChosenCodeField, ChosenCodesField
from experiments.desk.part_form import OrderedForm
from experiments.desk.plan_words import FAMILIES
from experiments.translated import TranslatedField


class ContrastForm(OrderedForm):
    """A contrast: a level against another, or an interaction."""

    parent = "plan"
    label = TranslatedField()
    factor = ChosenCodeField(required=False, label=_("Factor"))
    level = ChosenCodeField(required=False, label=_("Level"))
    against = ChosenCodeField(required=False, label=_("Against"))
    interaction = ChosenCodesField(
        required=False,
        label=_("Or the interaction of"),
        help_text=_("Tick two or more factors, and leave factor and levels out."),
    )

    class Meta:
        model = models.Contrast
        fields = ("code", "order", "label", "family", "factor", "level", "against", "interaction")
        labels: ClassVar = {"family": _("What it is in the study")}
        help_texts: ClassVar = {
            "family": _(
                "Primary ones are tested with all of alpha. Secondary ones get their turn when "
                "every primary one was found. Exploratory ones are shown with false discovery "
                "rates (Benjamini–Hochberg)."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].choices = [(each.value, said) for each, said in FAMILIES.items()]  # type: ignore[attr-defined]

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.levels if name in ("level", "against") else self.vocabulary.factors
