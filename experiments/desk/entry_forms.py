"""The forms of the ways in and out: parameters, quotas with their limits, endings."""

from dataclasses import replace
from typing import Any, ClassVar

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from experiments import design, models
from experiments.checks.entry import LONGEST_LEASE, MOST_PLACES, entry_problems
from experiments.desk.lists import CellField, ChosenCodesField, flat
from experiments.desk.part_form import OrderedForm, PartsFormSet
from experiments.desk.written import LinesField
from experiments.translated import TranslatedField

# More rows than anybody fills in; beyond them cells are chosen one by one.
MOST_LISTED = 100


class ParameterForm(OrderedForm):
    """A panel parameter."""

    values = LinesField(
        label=_("Values"),
        help_text=_(
            "The only ones that it can have, one on each line; any other is as good as none. "
            "Needed where a randomisation goes by it, so that no made-up link makes a stratum."
        ),
    )

    class Meta:
        model = models.Parameter
        fields = ("code", "order", "name", "identifies", "required", "values")
        help_texts: ClassVar = {
            "code": _("What conditions, slots and data call it: prolific_pid."),
            "name": _("What the link calls it: PROLIFIC_PID in …?PROLIFIC_PID=123."),
            "identifies": _(
                "Nobody enters twice with the same; it is kept apart from the answers."
            ),
            "required": _("Nobody enters by a link without it."),
        }

    def clean(self) -> dict[str, Any]:
        """Says which names a link can't have."""
        cleaned = super().clean()
        part = msgspec.convert({"code": "", "name": "name"} | cleaned, design.Parameter)
        alone = replace(self.vocabulary.design, parameters=(part,), quotas=(), endings=())
        self.tell(entry_problems(alone), "parameters[0]")
        return cleaned


class QuotaForm(OrderedForm):
    """A quota."""

    items = ChosenCodesField(
        required=False,
        label=_("Items"),
        help_text=_(
            "Their answers are crossed: age with gender gives a cell for each pair. They are asked "
            "before the vignette. Tick none to limit the study as a whole."
        ),
    )
    may_be_empty = ("lease_minutes",)

    class Meta:
        model = models.Quota
        fields = ("code", "order", "items", "lease_minutes")
        help_texts: ClassVar = {
            "lease_minutes": _(
                "How long a place is held for somebody who sends nothing more. Left empty: 30."
            )
        }

    def clean_lease_minutes(self) -> int | None:
        """Minutes for which a place can be held."""
        minutes: int | None = self.cleaned_data["lease_minutes"]
        if minutes is not None and not 1 <= minutes <= LONGEST_LEASE:
            raise ValidationError(
                _("Hold it for 1 to %(most)d minutes."), params={"most": LONGEST_LEASE}
            )
        return minutes

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.crossable


class LimitForm(OrderedForm):
    """The places of one cell of a quota; a new one without places is none."""

    parent = "quota"
    key = "cell"
    cell = CellField(label=_("Cell"), required=False)

    class Meta:
        model = models.Limit
        fields = ("order", "cell", "places")
        help_texts: ClassVar = {"places": _("How many are let in. A cell without takes everybody.")}

    def has_changed(self) -> bool:
        """Whether it is stored: a cell is offered before anybody gives it places."""
        offered = self.instance.pk is None and not self.data.get(self.add_prefix("places"))
        return not offered and super().has_changed()

    def clean_cell(self) -> list[str]:
        """A cell of the quota as it is ticked now."""
        cell: list[str] = self.cleaned_data["cell"]
        if not cell and self.above.items:
            raise ValidationError(_("Choose a cell."))
        return cell

    def clean_places(self) -> int:
        """Places that can be counted."""
        places: int = self.cleaned_data["places"]
        if places > MOST_PLACES:
            raise ValidationError(_("Give 0 to %(most)d."), params={"most": MOST_PLACES})
        return places

    def choices_for(self, name: str) -> Any:
        """What the field of that name offers."""
        return self.vocabulary.answers(self.above.items)


class LimitFormSet(PartsFormSet):
    """A quota's limits, and after them a row for each cell that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = flat(self.form.vocabulary.answers(self.instance.items))
        limited = [".".join(map(str, limit.cell)) for limit in self.instance.limits.all()]
        open_cells = [cell for cell in offered if cell not in limited]
        if len(open_cells) <= MOST_LISTED:
            self.initial_extra = [{"cell": cell.split(".") if cell else []} for cell in open_cells]
            self.extra = len(open_cells)


class EndingForm(OrderedForm):
    """An ending."""

    title = TranslatedField(
        required=False, help_text=_("Left empty with the body, Coprod's own words are shown.")
    )
    body = TranslatedField(
        rows=4,
        required=False,
        help_text=_("Markdown. What is said to those who completed stands on the end page."),
    )

    class Meta:
        model = models.Ending
        fields = ("outcome", "order", "title", "body", "redirect")
        widgets: ClassVar = {
            "redirect": UnfoldAdminTextInputWidget(
                {"placeholder": "https://panel.example/done?cc={code}"}
            )
        }
        help_texts: ClassVar = {
            "outcome": _("How somebody leaves, or why they can't enter; each has one ending."),
            "redirect": _(
                "Where the panel wants its people back. {code} becomes the participant's code, "
                "{prolific_pid} or another parameter its value."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Says what is no address, and what belongs elsewhere."""
        cleaned = super().clean()
        if "outcome" not in self.errors:
            part = msgspec.convert(cleaned, design.Ending)
            alone = replace(self.vocabulary.design, quotas=(), endings=(part,))
            self.tell(entry_problems(alone), "endings[0]", whole="title")
        return cleaned
