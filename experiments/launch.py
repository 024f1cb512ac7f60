"""The moves of a study: draft, pilot, live, paused, live again, closed. Closed is the last.

Every move locks the study's row, so that two people at two desks make one move after the other, and
leaves a row that says when and by whom.
"""

from django.db import transaction
from django.utils import timezone

from experiments import seed
from experiments.compiler import compile_study
from experiments.design import Design, canonical_json, digest
from experiments.models import DesignVersion, Status, Study, StudyMove
from experiments.refusals import Refused
from experiments.said import said


@transaction.atomic
def launch(*, study: Study, pilot: bool = False, reason: str = "", by: str = "") -> DesignVersion:
    """Opens the study, or puts its changed rows into force as a new version; returns the version.

    Launching what is in force already changes nothing. A changed design of a live or paused study
    needs a reason; who began on a version finishes on it. The plan of the first version governs
    the study, and that of the first pilot version the pilot: a later version with another plan is a
    deviation that reports list. A paused study stays paused. The first launch draws the seed and
    publishes its commitment. `by` is the name of who launches.

    Raises NotLaunchable with every problem, or Refused.
    """
    study = _locked(study)
    _refuse_launch(study, pilot=pilot)
    design = compile_study(study)
    current = study.pilot_version if pilot else study.live_version
    # Not by digests: that of a release whose designs had fewer fields is another one.
    if current is None or current.written != design:
        if study.status in (Status.LIVE, Status.PAUSED) and not reason.strip():
            raise Refused(
                said(
                    "{slug} is {status} and its design has changed; give the reason for a new "
                    "version.",
                    slug=study.slug,
                    status=study.status,
                )
            )
        current = _freeze(study, design, pilot=pilot, reason=reason.strip(), by=by)
    elif study.status == Status.PAUSED:
        raise Refused(
            said(
                "{slug} is paused and its design has not changed; resume it instead.",
                slug=study.slug,
            )
        )
    _open(study, current, pilot=pilot)
    return current


def _freeze(study: Study, design: Design, *, pilot: bool, reason: str, by: str) -> DesignVersion:
    version = DesignVersion.objects.create(
        study=study,
        number=study.versions.count() + 1,
        digest=digest(design),
        canonical_json=canonical_json(design).decode(),
        reason=reason,
        pilot=pilot,
    )
    kind = StudyMove.Kind.PILOT if pilot else StudyMove.Kind.LAUNCH
    StudyMove.objects.create(study=study, kind=kind, version=version, made_by=by[:150])
    return version


def _refuse_launch(study: Study, *, pilot: bool) -> None:
    if study.status == Status.CLOSED:
        raise Refused(
            said(
                "{slug} is closed for good; copy it under another name to run again.",
                slug=study.slug,
            )
        )
    if pilot and study.status not in (Status.DRAFT, Status.PILOT):
        raise Refused(
            said(
                "{slug} is {status}; a pilot comes before the launch.",
                slug=study.slug,
                status=study.status,
            )
        )


def _open(study: Study, version: DesignVersion, *, pilot: bool) -> None:
    seed.draw(study=study)
    if pilot:
        study.pilot_version, study.status = version, Status.PILOT
    else:
        study.live_version = version
        study.launched_at = study.launched_at or timezone.now()
        if study.status != Status.PAUSED:
            study.status = Status.LIVE
    study.save()


@transaction.atomic
def pause(*, study: Study, by: str = "") -> Study:
    """Lets nobody new in; who is in the middle finishes. Refused unless the study is live."""
    return _move(study, StudyMove.Kind.PAUSE, by)


@transaction.atomic
def resume(*, study: Study, by: str = "") -> Study:
    """Lets people in again. Refused unless the study is paused."""
    return _move(study, StudyMove.Kind.RESUME, by)


@transaction.atomic
def close(*, study: Study, by: str = "") -> Study:
    """Ends the study for good and reveals its seed. Refused unless it is live or paused."""
    study = _move(study, StudyMove.Kind.CLOSE, by)
    seed.reveal(study=study)
    study.closed_at = timezone.now()
    study.save()
    return study


# From where to where each leads, and what is said where it does not.
_MOVES = {
    StudyMove.Kind.PAUSE: ((Status.LIVE,), Status.PAUSED, "only a live study can be paused"),
    StudyMove.Kind.RESUME: ((Status.PAUSED,), Status.LIVE, "only a paused study can be resumed"),
    StudyMove.Kind.CLOSE: (
        (Status.LIVE, Status.PAUSED),
        Status.CLOSED,
        "only a live or paused study can be closed",
    ),
}


def _move(study: Study, kind: StudyMove.Kind, by: str) -> Study:
    study = _locked(study)
    before, after, otherwise = _MOVES[kind]
    if study.status not in before:
        raise Refused(f"{study.slug} is {study.status}: {otherwise}.")
    study.status = after
    study.save()
    StudyMove.objects.create(study=study, kind=kind, made_by=by[:150])
    return study


def _locked(study: Study) -> Study:
    return Study.objects.select_for_update().get(pk=study.pk)
