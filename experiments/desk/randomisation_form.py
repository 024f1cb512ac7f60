"""The form of an assignment step."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.assignment import LARGEST_BLOCK
from experiments.design import Method
from experiments.desk.lists import ChosenCodeField, ChosenCodesField, SpelledListField, whole
from experiments.desk.part_form import OrderedForm
from experiments.desk.written import ConditionField, ConditionsField

BLOCKS = ("method", (Method.PERMUTED_BLOCKS,))
MINIMISED = ("method", (Method.MINIMISATION,))
COIN = ("method", (Method.MINIMISATION, Method.TOWARD_COMPLETES))
DECK = ("method", (Method.DECK,))
LISTED = ("method", (Method.PERMUTED_BLOCKS, Method.SIMPLE, Method.COMPLETE))


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
            "Items with options that are asked before the vignette, and required parameters with 2 "
            "to 50 values. Every combination of them is balanced by itself."
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
        help_text=_(
            "For minimisation: items asked before the vignette, and required parameters with 2 to "
            "50 values, kept in balance together."
        ),
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
    cluster = ChosenCodeField(
        label=_("Cluster"),
        required=False,
        help_text=_(
            "A parameter with values, such as the school: all participants with one value of it "
            "get one arm. Left at none, everybody is drawn alone."
        ),
    )
    assign_if = ConditionField(
        label=_("Assign if"),
        help_text=_(
            'Who is given an arm, such as: region == "seoul". The others see no page that shows '
            "one. Left empty, everybody."
        ),
    )
    impossible = ConditionsField(
        label=_("Impossible combinations"),
        help_text=_(
            'Conditions on the factors, one on each line, such as: reward == "none" and '
            'voice == "high". The arms that are made leave them out.'
        ),
    )
    only_for: ClassVar = {
        "block_sizes": BLOCKS,
        **dict.fromkeys(("covariates", "covariate_weights", "distance"), MINIMISED),
        "coin": COIN,
        **dict.fromkeys(("draws", "draw_order", "deck_size", "deck_interactions"), DECK),
        **dict.fromkeys(("cluster", "reuse_after_minutes"), LISTED),
    }
    may_be_empty = ("coin", "draws", "deck_size", "reuse_after_minutes")

    class Meta:
        model = models.Randomisation
        help_texts: ClassVar = {
            "method": _(
                "Permuted blocks keep the arms in step. Simple draws everybody by themselves. "
                "Complete gives each arm its weight as a total, in an order open to the end. "
                "Minimisation draws, by a coin, the arm that keeps covariates in balance. Toward "
                "completes draws, by a coin, the arm that is short of completes: arms that lose "
                "people are then filled up later than the others, which ties arm to time, so the "
                "analysis must adjust for time. A deck deals several vignettes to everybody."
            ),
            "distance": _("For minimisation: how imbalance is measured; range is the usual one."),
            "coin": _("The probability of the arm that is preferred; 0.8."),
            "draws": _("For a deck: how many vignettes everybody sees, none of them twice."),
            "draw_order": _(
                "For a deck: as it is dealt, or counterbalanced by Latin or Williams squares."
            ),
            "deck_size": _(
                "For a deck saved without arms: how many cells are chosen for it, such that the "
                "factors' effects are told best. 0: every possible cell."
            ),
            "deck_interactions": _("Whether they tell the interactions of two factors too."),
            "reuse_after_minutes": _(
                "After so many minutes without a page sent, the position of somebody who never saw "
                "the vignette is given to somebody else; such as 60. 0: never."
            ),
        }
        fields = (
            *("code", "order", "factors", "impossible", "assign_if", "cluster", "method"),
            *("block_sizes", "strata", "covariates", "covariate_weights", "distance", "coin"),
            *("draws", "draw_order", "deck_size", "deck_interactions", "reuse_after_minutes"),
        )
        labels: ClassVar = {
            "draws": _("Vignettes for each participant"),
            "draw_order": _("Their order"),
            "deck_size": _("Cells in the deck"),
            "deck_interactions": _("Interactions in the deck"),
            "reuse_after_minutes": _("Reuse positions after minutes"),
        }

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
        if name == "cluster":
            return self.vocabulary.listed_parameters
        return self.vocabulary.factors if name == "factors" else self.vocabulary.strata
