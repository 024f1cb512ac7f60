"""Design to study rows, all at once; a design with problems too, so that drafts are kept.

The dataclasses and the models name their fields alike, so one function makes any row.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from django.db import models as orm
from django.db import transaction

from experiments import models
from experiments.design import Design
from experiments.models import Status, Study
from experiments.refusals import Refused
from experiments.said import said
from experiments.studyrows import NO_PLAN

TOP_PARTS: tuple[type[orm.Model], ...] = (
    *(models.Factor, models.Randomisation, models.Scale, models.Page, models.Plan),
    *(models.Block, models.Image, models.Parameter, models.Quota, models.Ending),
)

# A row with the part of the design that it holds.
_Pairs = list[tuple[Any, Any]]


@transaction.atomic
def write_rows(*, design: Design) -> Study:
    """Makes the rows of the study say what the design says; returns the study.

    The design must have no `form_problems`. Versions that were launched stay as they are: the rows
    of a running study are what its next version will be. Refused for a closed study.
    """
    Study.objects.get_or_create(slug=design.study)
    study = Study.objects.select_for_update().get(slug=design.study)
    if study.status == Status.CLOSED:
        raise Refused(
            said(
                "{slug} is closed, and a closed study stays as it is; load the file under "
                "another study name.",
                slug=study.slug,
            )
        )
    for name, value in _values(design, Study).items():
        setattr(study, name, value)
    study.save()
    _delete(study)
    _write(study, design)
    return study


def _delete(study: Study) -> None:
    for model in TOP_PARTS:
        model._default_manager.filter(study=study).delete()


def _write(study: Study, design: Design) -> None:
    top: _Pairs = [(study, design)]
    _children(_children(top, "factors", models.Factor), "levels", models.Level)
    _children(_children(top, "randomisations", models.Randomisation), "arms", models.Arm)
    scales = _children(top, "scales", models.Scale)
    _children(scales, "subscales", models.Subscale)
    _children(scales, "options", models.Option)
    items = _children(_children(top, "pages", models.Page), "items", models.Item)
    _children(items, "options", models.Option)
    _children(top, "blocks", models.Block)
    _children(top, "images", models.Image)
    _children(top, "parameters", models.Parameter)
    _children(_children(top, "quotas", models.Quota), "limits", models.Limit)
    _children(top, "endings", models.Ending)
    if design.plan == NO_PLAN:
        return
    plan = models.Plan.objects.create(study=study, **_values(design.plan, models.Plan))
    _children([(plan, design.plan)], "contrasts", models.Contrast)


def _children(parents: _Pairs, field: str, model: type[orm.Model]) -> _Pairs:
    """Rows for all parts that the parents hold in that field, in their order; one statement."""
    pairs = [
        (model(**{_link(parent): parent, _place(model): order}, **_values(part, model)), part)
        for parent, thing in parents
        for order, part in enumerate(getattr(thing, field))
    ]
    model._default_manager.bulk_create([row for row, _ in pairs])
    return pairs


def _place(model: type[orm.Model]) -> str:
    """The column of a row's place among its like; a block's `order` is how its pages stand."""
    return "position" if model is models.Block else "order"


def _link(parent: orm.Model) -> str:
    return str(parent._meta.model_name)


def _values(thing: Any, model: type[orm.Model]) -> dict[str, Any]:
    """The fields that the part and its model share."""
    columns = {field.name for field in model._meta.concrete_fields}
    return {
        field.name: _plain(getattr(thing, field.name))
        for field in fields(thing)
        if field.name in columns
    }


def _plain(value: Any) -> Any:
    """A value as a column takes it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
