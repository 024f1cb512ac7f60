"""The forms of the plan and its contrasts."""

from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.plan import LARGEST_SAMPLE, SMALLEST_ALPHA
from experiments.design import Exclusion
from experiments.desk.lists import ChosenCodeField, ChosenCodesField, SpelledListField, fraction
from experiments.desk.part_form import OrderedForm, PartForm
from experiments.translated import TranslatedField

# As `checks.plan` has it.
LARGEST_ALPHA = 0.5
EXCLUSIONS = [
    (Exclusion.FAILED_ATTENTION.value, _("Who failed an attention check")),
    (Exclusion.FAILED_MOCK_VIGNETTE.value, _("Who failed a question on a practice text")),
    (Exclusion.FAILED_COMPREHENSION.value, _("Who failed a comprehension check")),
]


class PlanForm(PartForm):
    """The plan."""

    needs: ClassVar = {"outcome": "scale"}
    outcome = ChosenCodeField(
        label=_("Outcome"), help_text=_("A scale or subscale that is asked after the vignette.")
    )
    looks = SpelledListField(
        read=fraction,
        wrong=_("“%(entry)s” is no number. Write fractions such as 0.5, 1."),
        help_text=_("Fractions of the sample size with commas between them, the last one 1."),
    )
    covariates = ChosenCodesField(
        required=False,
        label=_("Covariates"),
        help_text=_("Asked before the vignette; the adjusted estimates hold them constant."),
    )
    associations = ChosenCodesField(
        required=False,
        label=_("Associations"),
        help_text=_(
            "Asked before the vignette; reports show how each goes along with the outcome, which "
            "is no effect of it."
        ),
    )
    exclusions = ChosenCodesField(
        required=False,
        label=_("Exclusions"),
        help_text=_("Who is left out of the analysis, by checks asked before the vignette."),
    )
    post_treatment_exclusions = ChosenCodesField(
        required=False,
        label=_("Checks after the vignette that exclude as well"),
        help_text=_(
            "They can depend on the arm, which may bias every estimate; the report says so. Tick "
            "none unless you have a reason."
        ),
    )

    class Meta:
        model = models.Plan
        fields = (
            *("outcome", "sample_size", "looks", "alpha", "spending", "smallest_effect"),
            *("covariates", "associations", "exclusions", "post_treatment_exclusions"),
        )
        help_texts: ClassVar = {
            "sample_size": _("How many eligible participants complete the study."),
            "alpha": _("The chance of a false alarm, over all looks together: 0.05 as a rule."),
            "spending": _("How alpha is shared out between the looks: little early, most late."),
            "smallest_effect": _("The smallest effect of interest, in points of the outcome."),
        }

    def clean_sample_size(self) -> int:
        """A size that a study can have; whether it is enough for the arms is said elsewhere."""
        size: int = self.cleaned_data["sample_size"]
        if not 2 <= size <= LARGEST_SAMPLE:
            raise ValidationError(_("Plan 2 to %(most)d."), params={"most": LARGEST_SAMPLE})
        return size

    def clean_looks(self) -> list[float]:
        """Fractions that rise to 1."""
        looks: list[float] = self.cleaned_data["looks"]
        if looks[-1] != 1 or not all(low < high for low, high in pairwise((0.0, *looks))):
            raise ValidationError(_("Write fractions that rise from above 0 to 1: 0.5, 0.75, 1."))
        return looks

    def clean_alpha(self) -> float:
        """An alpha with which a test can be made."""
        alpha: float = self.cleaned_data["alpha"]
        if not SMALLEST_ALPHA <= alpha < LARGEST_ALPHA:
            bounds = {"least": SMALLEST_ALPHA, "most": LARGEST_ALPHA}
            raise ValidationError(_("Give %(least)s or more, and below %(most)s."), params=bounds)
        return alpha

    def clean_smallest_effect(self) -> float | None:
        """A size above 0, or none."""
        effect: float | None = self.cleaned_data["smallest_effect"]
        if effect is not None and effect <= 0:
            raise ValidationError(_("Give a size above 0, or leave it empty."))
        return effect

    def clean(self) -> dict[str, Any]:
        """Says that a study has one plan, should another window have saved it meanwhile."""
        cleaned = super().clean() or {}
        if self.instance.pk is None and models.Plan.objects.filter(study=self.parent_row).exists():
            raise ValidationError(
                _("This study has a plan already, saved in another window. Open and edit that one.")
            )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # `clean` has said it in better words.
        return super()._get_validation_exclusions() | {self.parent}

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        found = {"outcome": "scored", "post_treatment_exclusions": "late_checks"}
        return (
            EXCLUSIONS
            if name == "exclusions"
            else getattr(self.vocabulary, found.get(name, "predictors"))
        )


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
