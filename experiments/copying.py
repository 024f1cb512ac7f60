"""Copies a study under another short name: what it asks, and nothing that was launched or sent."""

from dataclasses import replace

from django.db import transaction

from experiments.history import keep
from experiments.models import Study, Way
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from experiments.said import said
from experiments.studyrows import read_rows


@transaction.atomic
def copy_study(*, study: Study, slug: str, by: str) -> Study:
    """A new draft with the rows of the study as they stand; returns it.

    Versions, seed, participants and history stay with the study that was copied. The short name
    must be a code. Refused if another study has it.
    """
    design = replace(read_rows(Study.objects.get(pk=study.pk)), study=slug)
    # Of two people who take the same name at once the second waits here, and is told.
    _row, made = Study.objects.get_or_create(slug=slug)
    if not made:
        raise Refused(said("There is a study {slug} already; take another name.", slug=slug))
    copy = write_rows(design=design)
    keep(study=copy, by=by, way=Way.COPY, source=study.slug)
    return copy
