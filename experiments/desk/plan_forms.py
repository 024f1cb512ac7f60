"""The forms of the plan and its contrasts."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.design import Exclusion
from experiments.desk.lists import ChosenCodeField, ChosenCodesField, SpelledListField, fraction
from experiments.desk.part_form import OrderedForm, PartForm
from experiments.translated import TranslatedField

EXCLUSIONS = [(Exclusion.FAILED_ATTENTION.value, _("Who failed an attention check"))]


class PlanForm(PartForm):
    """The plan."""

    outcome = ChosenCodeField(label=_("Outcome"))
    looks = SpelledListField(
        read=fraction,
        wrong=_("“%(entry)s” is no number. Write fractions such as 0.5, 1."),
        help_text=_("Fractions of the sample size with commas between them, the last one 1."),
    )
    covariates = ChosenCodesField(required=False, label=_("Covariates"))
    associations = ChosenCodesField(required=False, label=_("Associations"))
    exclusions = ChosenCodesField(required=False, label=_("Exclusions"))

    class Meta:
        model = models.Plan
        fields = (
            *("outcome", "sample_size", "looks", "alpha", "spending", "smallest_effect"),
            *("covariates", "associations", "exclusions"),
        )
        help_texts: ClassVar = {
            "sample_size": _("How many eligible participants complete the study."),
            "smallest_effect": _("The smallest effect of interest, in points of the outcome."),
        }

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        if name == "exclusions":
            return EXCLUSIONS
        return self.vocabulary.scored if name == "outcome" else self.vocabulary.predictors


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
        fields = ("code", "order", "label", "factor", "level", "against", "interaction")

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.levels if name in ("level", "against") else self.vocabulary.factors
