"""Puts a design into force as a study's working rows, and says what that changed."""

from dataclasses import dataclass

from django.db import transaction

from experiments.changes import changes
from experiments.compiler import read_rows, write_rows
from experiments.design import Design
from experiments.models import Study


@dataclass(frozen=True)
class Loaded:
    """The study, whether it is new, and the lines that say what changed in it."""

    study: Study
    created: bool
    changes: tuple[str, ...]


@transaction.atomic
def load(*, design: Design) -> Loaded:
    """Loads a design into rows; one that the rows say already changes nothing.

    The design must have no `form_problems`. Raises Refused for a closed study.
    """
    study = Study.objects.select_for_update().filter(slug=design.study).first()
    if study is None:
        return Loaded(write_rows(design=design), True, ())
    changed = changes(read_rows(study), design)
    return Loaded(write_rows(design=design) if changed else study, False, changed)
