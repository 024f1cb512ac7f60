"""The forms of what is asked: scales, options, blocks, pages; `item_form` has that of items."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiments import models
from experiments.checks.pages import LONGEST_STAY
from experiments.design import PageKind
from experiments.desk.lists import ChosenCodeField
from experiments.desk.part_form import OrderedForm, PartForm, PlaceField
from experiments.desk.written import ConditionField, NoteField
from experiments.translated import TranslatedField

# So long before a page is sent by itself, the participant is told; `checks.pages` asks for it.
WARNED = 30
ORDERS = _(
    "Fixed: as written. Random: in an order of each participant's own. Flipped: the other way "
    "round for half of the participants."
)


class ScaleForm(OrderedForm):
    """A scale."""

    label = TranslatedField(help_text=_("What reports and the codebook call it."))
    source = NoteField(rows=3, help_text=_("Where the scale was published."))
    groups: ClassVar = (
        (None, {"fields": ("code", "order", "label", "source")}),
        (_("Order"), {"fields": ("item_order", "option_order")}),
    )

    class Meta:
        model = models.Scale
        fields = ("code", "order", "label", "source", "item_order", "option_order")
        labels: ClassVar = {
            "item_order": _("Order of items"),
            "option_order": _("Order of options"),
        }
        help_texts: ClassVar = {
            "item_order": ORDERS,
            "option_order": _("The same for all of its items; agreement scales are often flipped."),
        }


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
        fields: ClassVar[Sequence[str]] = ("order", "code", "label", "missing")
        help_texts: ClassVar = {
            "missing": _("Why whoever chooses it counts as not having answered; empty if not.")
        }


class ItemOptionForm(OptionForm):
    """An option of an item; those of a scale are chosen one at a time."""

    class Meta(OptionForm.Meta):
        fields = (*OptionForm.Meta.fields, "exclusive")
        help_texts: ClassVar = OptionForm.Meta.help_texts | {
            "exclusive": _("In a multiple choice it is chosen alone, like “none of these”.")
        }


class BlockForm(PartForm):
    """A block of pages."""

    position = PlaceField()

    class Meta:
        model = models.Block
        fields = ("code", "position", "order")
        labels: ClassVar = {"order": _("Order of its pages")}
        help_texts: ClassVar = {
            "code": _("Pages are put into it on their own forms; they stand next to each other."),
            "order": ORDERS,
        }

    def clean_position(self) -> int:
        """The place, after all others if it was left empty."""
        return self.place("position")


class PageForm(OrderedForm):
    """A page."""

    title = TranslatedField()
    body = TranslatedField(
        rows=8,
        required=False,
        help_text=_("Markdown. On a vignette, a factor's code in braces is its slot: {reward}."),
    )
    block = ChosenCodeField(
        required=False,
        label=_("Block"),
        help_text=_("The pages of a block come in an order of each participant's own."),
    )
    repeats = ChosenCodeField(
        required=False,
        label=_("Repeats"),
        help_text=_(
            "The deck for whose vignettes it is shown again and again, with its neighbours that "
            "name the same deck."
        ),
    )
    shown_if = ConditionField(
        label=_("Shown if"),
        help_text=_('Who sees the page, such as: region == "seoul". Left empty, everybody.'),
    )
    screen_out_if = ConditionField(
        label=_("Screen out if"),
        help_text=_("Who is thanked and leaves once the page is sent, such as: age < 18."),
    )
    groups: ClassVar = (
        (None, {"fields": ("code", "order", "kind", "title", "body")}),
        (
            _("Who sees it, and how"),
            {
                "fields": (
                    "shown_if",
                    "screen_out_if",
                    "block",
                    "back",
                    "min_seconds",
                    "max_seconds",
                    "repeats",
                )
            },
        ),
    )
    only_for: ClassVar = {
        **dict.fromkeys(
            ("shown_if", "screen_out_if"),
            ("kind", (PageKind.SCREENING, PageKind.QUESTIONS, PageKind.VIGNETTE)),
        ),
        **dict.fromkeys(("block", "back"), ("kind", (PageKind.QUESTIONS,))),
        **dict.fromkeys(
            ("min_seconds", "max_seconds", "repeats"),
            ("kind", (PageKind.QUESTIONS, PageKind.VIGNETTE)),
        ),
    }
    may_be_empty = ("min_seconds", "max_seconds")

    class Meta:
        model = models.Page
        fields = (
            *("code", "kind", "order", "title", "body", "shown_if", "screen_out_if", "block"),
            *("back", "min_seconds", "max_seconds", "repeats"),
        )
        labels: ClassVar = {
            "back": _("Participants can go back from it"),
            "min_seconds": _("Least seconds"),
            "max_seconds": _("Most seconds"),
        }
        help_texts: ClassVar = {
            "kind": _(
                "Screening and consent come first, end comes last; a vignette shows the arm's text."
            ),
            "back": _("To the page before, to change an answer."),
            "min_seconds": _("It can't be sent earlier, such as 5. 0: at once."),
            "max_seconds": _(
                "After so many, such as 300, it is sent as it is, unless the participant asks for "
                "more time. 0: no limit."
            ),
        }

    def clean_min_seconds(self) -> int | None:
        """Seconds that somebody may have to stay."""
        return self._within_a_day("min_seconds")

    def clean_max_seconds(self) -> int | None:
        """Seconds of which the last ones can be announced."""
        most = self._within_a_day("max_seconds")
        least = (self.cleaned_data.get("min_seconds") or 0) + WARNED
        if most and most < least:
            raise ValidationError(
                _("Give %(least)d or more: participants are warned before. 0 is no limit."),
                params={"least": least},
            )
        return most

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.decks if name == "repeats" else self.vocabulary.blocks

    def _within_a_day(self, name: str) -> int | None:
        seconds: int | None = self.cleaned_data[name]
        if (seconds or 0) > LONGEST_STAY:
            raise ValidationError(_("Give a day at most: %(most)d."), params={"most": LONGEST_STAY})
        return seconds
