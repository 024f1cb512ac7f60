"""The forms of what is varied: factors, levels, randomisations, arms."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.assignment import LARGEST_BLOCK
from experiments.design import Method
from experiments.desk.lists import CellField, ChosenCodesField, SpelledListField, whole
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


class RandomisationForm(OrderedForm):
    """An assignment step."""

    needs: ClassVar = {"factors": "factor"}
    factors = ChosenCodesField(
        label=_("Factors"),
        help_text=_("Their levels together make the arms; saved without arms, it gets them all."),
    )
    strata = ChosenCodesField(
        label=_("Strata"),
        required=False,
        help_text=_(
            "Items with options that are asked before the vignette. Every combination of their "
            "answers is balanced by itself."
        ),
    )
    block_sizes = SpelledListField(
        read=whole,
        required=False,
        wrong=_("“%(entry)s” is no whole number."),
        help_text=_(
            "For permuted blocks: multiples of the sum of the arms' weights, with commas between "
            "them, such as 6, 12 for six arms of weight 1. The size of each block is drawn from "
            "them."
        ),
    )

    covariates = ChosenCodesField(
        label=_("Covariates"),
        required=False,
        help_text=_("For minimisation: items asked before the vignette, kept in balance together."),
    )
    covariate_weights = SpelledListField(
        read=whole,
        required=False,
        distinct=False,
        wrong=_("“%(entry)s” is no whole number."),
        help_text=_(
            "How much each covariate counts, in their order, with commas: 2, 1. Empty: all alike."
        ),
    )

    class Meta:
        model = models.Randomisation
        help_texts: ClassVar = {
            "method": _(
                "Permuted blocks keep the arms in step. Simple draws everybody by themselves. "
                "Complete gives each arm its weight as a total, in an order open to the end. "
                "Minimisation draws, by a coin, the arm that keeps covariates in balance."
            ),
            "distance": _("For minimisation: how imbalance is measured; range is the usual one."),
            "coin": _("For minimisation: the probability of the arm that balances best; 0.8."),
        }
        fields = (
            *("code", "order", "factors", "method", "block_sizes", "strata"),
            *("covariates", "covariate_weights", "distance", "coin"),
        )

    def clean_block_sizes(self) -> list[int]:
        """Sizes that a block can have; whether the arms fit in is said on the study's page."""
        sizes: list[int] = self.cleaned_data["block_sizes"]
        if not sizes and self.cleaned_data.get("method") == Method.PERMUTED_BLOCKS:
            raise ValidationError(self.fields["block_sizes"].error_messages["required"])
        if not all(1 <= size <= LARGEST_BLOCK for size in sizes):
            raise ValidationError(
                _("Give sizes from 1 to %(most)d."), params={"most": LARGEST_BLOCK}
            )
        return sizes

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.factors if name == "factors" else self.vocabulary.strata


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
