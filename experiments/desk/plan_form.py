"""The form of the plan; `contrast_form` has that of its contrasts."""

from itertools import pairwise
from typing import Any, ClassVar

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiments import design, models
from experiments.checks.announced import announced_problems
from experiments.checks.plan import LARGEST_SAMPLE, SMALLEST_ALPHA
from experiments.checks.stopping import stopping_problems
from experiments.design import Equivalence, Exclusion, Monitoring, Spending
from experiments.desk.lists import ChosenCodeField, ChosenCodesField, SpelledListField, fraction
from experiments.desk.part_form import PartForm
from experiments.desk.plan_words import HEADS, WORDS
from experiments.desk.written import NumberField

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
        label=_("Outcome"),
        help_text=_(
            "A scale, a subscale, or one answer that is asked after the vignette: a number, an "
            "ordered one, or a choice of two, of which the share that chose the second is taken."
        ),
    )
    smallest_effect = NumberField(
        label=_("Smallest effect of interest"),
        help_text=_(
            "The smallest difference that would matter, in points of the outcome: 0.26. Tests of "
            "equivalence and futility need it."
        ),
    )
    outcome_sd = NumberField(
        label=HEADS["outcome_sd"],
        help_text=_(
            "How much answers in one arm differ from each other, as far as you know from a pilot "
            "or earlier studies: 1.3. Power is told by it; it is no promise."
        ),
    )
    looks = SpelledListField(
        read=fraction,
        wrong=_("“%(entry)s” is no number. Write fractions such as 0.5, 1."),
        help_text=_("Fractions of the sample size with commas between them, the last one 1."),
    )
    spending_parameter = NumberField(
        label=_("Its number"),
        help_text=_(
            "Gamma of Hwang–Shih–DeCani: -4 spends late, 1 early. Rho of the power: 3 spends late, "
            "1 evenly. The other two have none."
        ),
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
    futility = NumberField(
        label=HEADS["futility"],
        help_text=_(
            "If the smallest effect were true, how likely it would still be found. Where that "
            "falls below this, a contrast counts as futile: 0.1. Left empty, none ever does."
        ),
    )
    harm_level = NumberField(
        label=HEADS["harm_level"],
        help_text=_(
            "The one-sided p at which a primary effect in the harmful direction ends the study: "
            "0.01. Left empty, there is no such rule."
        ),
    )
    replan_at = NumberField(
        label=HEADS["replan_at"],
        help_text=_(
            "The share of the sample size at which it is computed again, by how much answers "
            "really differ and without a look at the arms: 0.3. It comes before the first look, "
            "and only ever makes the study larger. Left empty, the size stays."
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
    groups: ClassVar = (
        (None, {"fields": ("outcome", "sample_size", "smallest_effect", "outcome_sd")}),
        (
            _("How effects are estimated"),
            {"fields": ("estimator", "covariates", "standard_errors", "associations")},
        ),
        (
            _("Looks and alpha"),
            {
                "fields": (
                    *("monitoring", "looks", "alpha", "multiplicity", "spending"),
                    "spending_parameter",
                )
            },
        ),
        (
            _("Showing that there is no effect worth speaking of"),
            {"fields": ("equivalence", "equivalence_alpha", "equivalence_multiplicity")},
        ),
        (
            _("Ending before the last look"),
            {"fields": ("stopping", "futility", "harm_level", "harm_direction")},
        ),
        (_("Sizing the study anew"), {"fields": ("replan_at", "most_participants")}),
        (_("Who is left out"), {"fields": ("exclusions", "post_treatment_exclusions")}),
    )
    only_for: ClassVar = {
        "spending": ("monitoring", (Monitoring.GROUP_SEQUENTIAL,)),
        "spending_parameter": ("spending", (Spending.HWANG_SHIH_DECANI, Spending.POWER)),
        "futility": ("monitoring", (Monitoring.GROUP_SEQUENTIAL,)),
        "equivalence_alpha": ("equivalence", (Equivalence.TWO_ONE_SIDED,)),
        "equivalence_multiplicity": ("equivalence", [each for each in Equivalence if each]),
    }
    may_be_empty = ("equivalence_alpha",)

    class Meta:
        model = models.Plan
        fields = (
            *("outcome", "sample_size", "smallest_effect", "outcome_sd", "estimator"),
            *("covariates", "standard_errors", "associations", "monitoring", "looks", "alpha"),
            *("multiplicity", "spending", "spending_parameter", "equivalence"),
            *("equivalence_alpha", "equivalence_multiplicity", "stopping", "futility"),
            *("harm_level", "harm_direction", "replan_at", "most_participants", "exclusions"),
            "post_treatment_exclusions",
        )
        labels: ClassVar = HEADS | {
            "standard_errors": _("Standard errors"),
            "equivalence_alpha": _("Its alpha"),
            "equivalence_multiplicity": _("Several of them"),
            "harm_direction": _("Where harm lies"),
        }
        help_texts: ClassVar = {
            "sample_size": _("How many eligible participants complete the study."),
            "alpha": _("The chance of a false alarm, over all looks together: 0.05 as a rule."),
            "spending": _("How alpha is shared out between the looks: little early, most late."),
            "estimator": _(
                "Which of the two decides; the other is shown beside it. Adjusting for what is "
                "known of people beforehand makes estimates more precise."
            ),
            "standard_errors": _(
                "Where clusters or decks are assigned, CR2 errors are taken: leave this at HC2."
            ),
            "monitoring": _(
                "At planned looks is more precise. At any time lets you look as often as you like, "
                "and makes intervals about half as wide again."
            ),
            "multiplicity": _(
                "With three contrasts that each have all of alpha, one false alarm comes easily; "
                "by Holm the chance of any is alpha. Who is found hands its share to the others."
            ),
            "equivalence": _(
                "Whether a primary effect can be shown to be smaller than the smallest effect of "
                "interest, which is more than not to have found one."
            ),
            "equivalence_alpha": _("The chance to call an effect that matters none: 0.05."),
            "equivalence_multiplicity": _("How several tests of equivalence share their alpha."),
            "stopping": _(
                "The study goes on until each primary contrast is found, shown to be equivalent, "
                "or futile. Who is in the middle may always finish."
            ),
            "harm_direction": _("It counts only with a p for harm."),
            "most_participants": _("What you can pay for, should the study have to grow."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in WORDS.items():
            self.fields[name].choices = [(each.value, said) for each, said in words.items()]  # type: ignore[attr-defined]

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
        """Says what does not go together, and that a study has one plan.

        Another window may have saved one meanwhile.
        """
        cleaned = super().clean() or {}
        if not self.errors:
            plan = msgspec.convert({"contrasts": ()} | cleaned, design.Plan)
            self.tell((*stopping_problems(plan), *announced_problems(plan)), "plan")
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
        found = {"outcome": "outcomes", "post_treatment_exclusions": "late_checks"}
        return (
            EXCLUSIONS
            if name == "exclusions"
            else getattr(self.vocabulary, found.get(name, "predictors"))
        )
