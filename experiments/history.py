"""The history of a study's rows: each change with who, when and how, and the way back.

Whatever changes rows at the desk or by `load_study` does so within `recorded`, which locks the
study and keeps the design before (if nobody noted it yet) and after, in the same transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from experiments.design import Design, canonical_json, digest
from experiments.models import Edit, Study, Way
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from experiments.said import said
from experiments.studyrows import read_rows

CHANGED_MEANWHILE = "Somebody changed {study} meanwhile; look at what differs now."


@contextmanager
def recorded(*, study: Study, by: str, way: Way, source: str = "") -> Iterator[None]:
    """Keeps what is changed within as one row of the history; none if nothing was.

    Rows that were changed past the history are kept first, as found.
    """
    with transaction.atomic():
        before = _rows(Study.objects.select_for_update().get(pk=study.pk))
        yield
        after = _rows(study)
        if after != before:
            _keep(study, before, Way.FOUND)
            _keep(study, after, way, by, source)


@transaction.atomic
def keep(*, study: Study, by: str, way: Way, source: str = "") -> Edit | None:
    """Adds the rows as they stand to the history; returns None if it has them already."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    return _keep(study, read_rows(study), way, by, source)


def _keep(study: Study, now: Design, way: Way, by: str = "", source: str = "") -> Edit | None:
    last = study.history.first()
    # Not by digests alone: that of a release whose designs had fewer fields is another one.
    if last is not None and (last.digest == digest(now) or last.design == now):
        return None
    return Edit.objects.create(
        study=study,
        number=last.number + 1 if last else 1,
        made_by=by[:150],
        way=way,
        source=source,
        digest=digest(now),
        canonical_json=canonical_json(now).decode(),
    )


def _rows(study: Study) -> Design:
    """What the study's rows make, read anew."""
    return read_rows(Study.objects.get(pk=study.pk))


def as_then(edit: Edit, study: Study) -> Design:
    """The design of that moment under the name that the study has now: links keep it."""
    return replace(edit.design, study=study.slug)


@transaction.atomic
def take_back(*, study: Study, number: int, by: str, seen: str) -> Study:
    """Makes the rows say again what they said after that change, as a new change.

    `seen` is the digest of the rows that whoever asks has seen. Versions that were launched stay
    as they are. Refused once the study can't be edited, if somebody changed it meanwhile, and if
    it is as it was then already. Edit.DoesNotExist if there was no such change.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if not study.editable:
        raise Refused(
            said(
                "{slug} is {status}: its parts can't be edited at the desk.",
                slug=study.slug,
                status=study.status,
            )
        )
    now, then = read_rows(study), as_then(study.history.get(number=number), study)
    if digest(now) != seen:
        raise Refused(CHANGED_MEANWHILE.format(study=study.slug))
    if now == then:
        raise Refused(
            said(
                "{slug} is as it was after change {number} already.", slug=study.slug, number=number
            )
        )
    with recorded(study=study, by=by, way=Way.BACK, source=str(number)):
        return write_rows(design=then)
