"""The desk's pages on studies: the study, and a page for each part that has children."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from experiments import models
from experiments.cells import filled_arms
from experiments.design import PageKind
from experiments.desk import (
    contrast_form,
    entry_forms,
    image_form,
    instrument_forms,
    item_form,
    plan_form,
    randomisation_form,
    treatment_forms,
)
from experiments.desk.accounts import GroupAdmin, UserAdmin
from experiments.desk.addresses import address
from experiments.desk.parts import PartAdmin, StackedParts, TabularParts, parent_asked_for
from experiments.desk.study import StudyAdmin
from experiments.desk.versions import DesignVersionAdmin
from experiments.desk.vignette_words import vignette_of
from experiments.studyrows import read_rows

__all__ = ["DesignVersionAdmin", "GroupAdmin", "StudyAdmin", "UserAdmin"]


class LevelInline(StackedParts):
    """A factor's levels; the first is the reference."""

    model = models.Level
    form = treatment_forms.LevelForm


@admin.register(models.Factor)
class FactorAdmin(PartAdmin):
    """A factor with its levels."""

    form = treatment_forms.FactorForm
    inlines = (LevelInline,)


class ArmInline(TabularParts):
    """A randomisation's arms."""

    model = models.Arm
    form = treatment_forms.ArmForm


@admin.register(models.Randomisation)
class RandomisationAdmin(PartAdmin):
    """A randomisation with its arms; saved without any, it gets all that are possible."""

    form = randomisation_form.RandomisationForm
    inlines = (ArmInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Saves the arms, or makes them all."""
        super().save_related(request, form, formsets, change)
        row = form.instance
        if not row.arms.exists():
            design = read_rows(row.study)
            step = next(each for each in design.randomisations if each.code == row.code)
            cells = filled_arms(design.factors, step)
            models.Arm.objects.bulk_create(
                models.Arm(randomisation=row, order=order, levels=list(arm.levels))
                for order, arm in enumerate(cells)
            )


class OptionInline(TabularParts):
    """A scale's options."""

    model = models.Option
    form = instrument_forms.OptionForm


class ItemOptionInline(TabularParts):
    """An item's own options."""

    model = models.Option
    form = instrument_forms.ItemOptionForm


class SubscaleInline(TabularParts):
    """A scale's subscales."""

    model = models.Subscale
    form = instrument_forms.SubscaleForm


@admin.register(models.Scale)
class ScaleAdmin(PartAdmin):
    """A scale with its options and subscales."""

    form = instrument_forms.ScaleForm
    inlines = (OptionInline, SubscaleInline)


@admin.register(models.Page)
class PageAdmin(PartAdmin):
    """A page; its items are listed, and have pages of their own."""

    form = instrument_forms.PageForm

    def context_for(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The page's items as well."""
        items = row.items.all() if row else ()
        told = {"page_row": row, "items": items}
        if row and row.kind == PageKind.VIGNETTE:
            told["vignette"] = vignette_of(read_rows(row.study), row.code)
        return super().context_for(request, row) | told


@admin.register(models.Item)
class ItemAdmin(PartAdmin):
    """An item with its own options, if it has any."""

    path_to_study: ClassVar = ("page", "study")
    form = item_form.ItemForm
    inlines = (ItemOptionInline,)


@admin.register(models.Block)
class BlockAdmin(PartAdmin):
    """A block of pages."""

    form = instrument_forms.BlockForm


@admin.register(models.Image)
class ImageAdmin(PartAdmin):
    """A picture."""

    form = image_form.ImageForm


@admin.register(models.Parameter)
class ParameterAdmin(PartAdmin):
    """A panel parameter."""

    form = entry_forms.ParameterForm


class LimitInline(TabularParts):
    """A quota's limits: its cells, those without places too."""

    model = models.Limit
    form = entry_forms.LimitForm
    formset = entry_forms.LimitFormSet


@admin.register(models.Quota)
class QuotaAdmin(PartAdmin):
    """A quota with its limits, which are asked for once it is known what is crossed."""

    form = entry_forms.QuotaForm
    inlines = (LimitInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """None while the quota is added."""
        return self.inlines if obj and obj.pk else ()

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """On to its limits."""
        messages.info(request, _("Now give places to its cells."))
        return redirect(address(obj))


@admin.register(models.Ending)
class EndingAdmin(PartAdmin):
    """An ending."""

    form = entry_forms.EndingForm


class ContrastInline(StackedParts):
    """A plan's contrasts."""

    model = models.Contrast
    form = contrast_form.ContrastForm


@admin.register(models.Plan)
class PlanAdmin(PartAdmin):
    """The plan with its contrasts."""

    form = plan_form.PlanForm
    inlines = (ContrastInline,)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The plan's page; to add a second plan leads to the one that there is."""
        if object_id is None and request.method == "GET" and self.has_view_permission(request):
            study = parent_asked_for(request, models.Plan)
            if plan := models.Plan.objects.filter(study=study).first():
                text = _("%(study)s has this plan already: a study has one.")
                messages.info(request, text % {"study": study})
                return redirect(address(plan))
        return super().changeform_view(request, object_id, form_url, extra_context)
