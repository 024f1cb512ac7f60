"""Puts a design into force as a study's working rows, and says what that changed."""

from dataclasses import dataclass

from django.db import transaction

from experiments.compiler import read_rows, write_rows
from experiments.design import Design, digest
from experiments.differences import Difference, differences
from experiments.history import CHANGED_MEANWHILE, keep, recorded
from experiments.models import Study, Way
from experiments.refusals import Refused


@dataclass(frozen=True)
class Loaded:
    """The study, whether it is new, and what changed in it."""

    study: Study
    created: bool
    changes: tuple[Difference, ...]


@transaction.atomic
def load(*, design: Design, by: str, way: Way = Way.LOAD, seen: str | None = None) -> Loaded:
    """Loads a design into rows; one that the rows say already changes nothing.

    The design must have no `form_problems`. `seen` is the digest of the rows that whoever asks has
    seen, "" for no study of that name; None if nobody looked. Raises Refused for a closed study,
    and if somebody changed what was seen.
    """
    study = Study.objects.select_for_update().filter(slug=design.study).first()
    before = read_rows(study) if study else None
    if seen is not None and seen != (digest(before) if before else ""):
        raise Refused(CHANGED_MEANWHILE.format(study=design.study))
    if study is None or before is None:
        study = write_rows(design=design)
        keep(study=study, by=by, way=way)
        return Loaded(study, True, ())
    changed = differences(before, design)
    if changed:
        with recorded(study=study, by=by, way=way):
            study = write_rows(design=design)
    return Loaded(study, False, changed)
