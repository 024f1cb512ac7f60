"""Moves a part of a study among its like: up, down, or to a place."""

from typing import Any

from django.db import transaction

from experiments.desk.parts import study_of, why_fixed
from experiments.models import Study
from experiments.refusals import Refused


@transaction.atomic
def move_part(*, row: Any, steps: int = 0, to: int | None = None) -> int:
    """Puts the row so many places further down (up, if negative), or at a place counted from 0.

    Returns its new place. All of its like are numbered anew. Refused once it can't be edited.
    """
    study = Study.objects.select_for_update().get(pk=study_of(row).pk)
    if not study.editable:
        raise Refused(why_fixed(study, sent=True))
    parent = "page" if hasattr(row, "page_id") else "study"
    siblings = list(type(row)._default_manager.filter(**{parent: getattr(row, parent)}))
    place = siblings.index(row)
    new = min(max(place + steps if to is None else to, 0), len(siblings) - 1)
    siblings.insert(new, siblings.pop(place))
    # A block's `order` is how its pages stand.
    column = "position" if hasattr(row, "position") else "order"
    for order, sibling in enumerate(siblings):
        setattr(sibling, column, order)
    type(row)._default_manager.bulk_update(siblings, [column])
    return new
