"""The moves of a study, and the seed that is drawn, kept and revealed on the way."""

import hashlib
import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from experiments import launch as moves
from experiments.compiler import NotLaunchable, compile_study, write_rows
from experiments.design import canonical_json, digest
from experiments.launch import close, launch, pause, resume
from experiments.models import DesignVersion, Plan, Status, Study
from experiments.refusals import Refused
from experiments.seed import seed_of
from tests.changed import changed
from tests.designs import small
from tests.factories import LiveStudyFactory, PilotStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db


def _change(study: Study, alpha: float) -> None:
    write_rows(design=changed(small(study=study.slug), {"plan.alpha": alpha}))


def _fresh(study: Study) -> Study:
    return Study.objects.get(pk=study.pk)


def test_launch_freezes_the_design_and_opens_the_study() -> None:
    study = StudyFactory(slug="park")

    version = launch(study=study)

    assert (version.number, version.digest, version.reason) == (1, digest(small()), "")
    assert DesignVersion.objects.get().design == small()
    now = _fresh(study)
    assert (now.status, now.live_version, now.pilot_version) == (Status.LIVE, version, None)
    assert now.launched_at is not None


def test_launch_draws_a_seed_and_publishes_its_digest_only() -> None:
    study = launch(study=StudyFactory()).study

    seed = seed_of(study)
    assert len(seed) == 32
    assert study.seed_sha256 == hashlib.sha256(seed).hexdigest()
    assert study.seed_revealed == ""
    assert seed.hex() not in study.seed_encrypted
    assert seed_of(launch(study=StudyFactory()).study) != seed


def test_launch_of_a_pilot_opens_the_pilot_only() -> None:
    study = StudyFactory(slug="park")

    version = launch(study=study, pilot=True)

    now = _fresh(study)
    assert (now.status, now.live_version, now.pilot_version) == (Status.PILOT, None, version)
    assert now.launched_at is None


def test_launch_after_the_pilot_is_a_version_of_its_own_with_the_same_seed() -> None:
    study = PilotStudyFactory(slug="park")

    version = launch(study=study)

    assert (version.number, version.digest) == (2, digest(small()))
    assert _fresh(study).seed_sha256 == study.seed_sha256


def test_launch_of_a_changed_pilot_is_a_new_version_without_a_reason() -> None:
    study = PilotStudyFactory(slug="park")
    _change(study, 0.01)

    version = launch(study=study, pilot=True)

    assert (version.number, _fresh(study).pilot_version) == (2, version)


@pytest.mark.parametrize("pilot", [False, True])
def test_launch_of_what_is_in_force_changes_nothing(pilot: bool) -> None:
    study = StudyFactory()

    first = launch(study=study, pilot=pilot)
    second = launch(study=study, pilot=pilot)

    assert (first, DesignVersion.objects.count()) == (second, 1)
    assert _fresh(study).seed_sha256 == first.study.seed_sha256


def test_launch_of_what_an_older_release_launched_changes_nothing() -> None:
    study = StudyFactory()
    fields = json.loads(canonical_json(compile_study(study)))
    del fields["release_free_text"]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    older = DesignVersion.objects.create(
        study=study,
        number=1,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        canonical_json=text,
    )
    Study.objects.filter(pk=study.pk).update(live_version=older, status=Status.LIVE)

    assert launch(study=_fresh(study)) == older
    assert DesignVersion.objects.count() == 1


def test_launch_of_a_changed_live_study_needs_a_reason() -> None:
    study = LiveStudyFactory(slug="park")
    _change(study, 0.01)

    with pytest.raises(Refused, match="park is live and its design has changed; give the reason"):
        launch(study=study, reason="  ")
    assert _fresh(study).live_version == study.live_version


def test_launch_of_a_changed_live_study_is_a_new_version_beside_the_old() -> None:
    study = LiveStudyFactory(slug="park")
    _change(study, 0.01)

    version = launch(study=study, reason=" A typo in the plan. ")

    assert (version.number, version.reason) == (2, "A typo in the plan.")
    assert _fresh(study).live_version == version
    assert DesignVersion.objects.get(number=1).design == small()
    assert _fresh(study).launched_at == study.launched_at


def test_launch_of_a_changed_paused_study_leaves_it_paused() -> None:
    study = pause(study=LiveStudyFactory(slug="park"))
    _change(study, 0.01)

    version = launch(study=study, reason="A typo in the plan.")

    assert (_fresh(study).status, _fresh(study).live_version) == (Status.PAUSED, version)


def test_launch_with_problems_lists_them_and_changes_nothing() -> None:
    study = StudyFactory(slug="park")
    Plan.objects.filter(study=study).update(outcome="wil")

    with pytest.raises(
        NotLaunchable, match=r"plan\.outcome: The outcome wil is no scale and no item\."
    ):
        launch(study=study)
    assert (_fresh(study).status, _fresh(study).seed_sha256) == (Status.DRAFT, "")
    assert not DesignVersion.objects.exists()


def test_pause_resume_and_close_move_a_study() -> None:
    study = LiveStudyFactory()

    assert pause(study=study).status == Status.PAUSED
    assert resume(study=study).status == Status.LIVE
    closed = close(study=study)

    assert _fresh(study) == closed
    assert (closed.status, closed.closed_at is not None) == (Status.CLOSED, True)


def test_close_reveals_the_seed_that_was_committed_to() -> None:
    study = LiveStudyFactory()

    closed = close(study=pause(study=study))

    assert hashlib.sha256(bytes.fromhex(closed.seed_revealed)).hexdigest() == study.seed_sha256


def _draft() -> Study:
    return StudyFactory(slug="park")


def _pilot() -> Study:
    return PilotStudyFactory(slug="park")


def _live() -> Study:
    return LiveStudyFactory(slug="park")


def _paused() -> Study:
    return pause(study=_live())


def _closed() -> Study:
    return close(study=_live())


@pytest.mark.parametrize(
    ("make", "move", "values", "message"),
    [
        (_draft, "pause", {}, "park is draft: only a live study can be paused."),
        (_pilot, "pause", {}, "park is pilot: only a live study can be paused."),
        (_paused, "pause", {}, "park is paused: only a live study can be paused."),
        (_closed, "pause", {}, "park is closed: only a live study can be paused."),
        (_draft, "resume", {}, "park is draft: only a paused study can be resumed."),
        (_live, "resume", {}, "park is live: only a paused study can be resumed."),
        (_closed, "resume", {}, "park is closed: only a paused study can be resumed."),
        (_draft, "close", {}, "park is draft: only a live or paused study can be closed."),
        (_pilot, "close", {}, "park is pilot: only a live or paused study can be closed."),
        (_closed, "close", {}, "park is closed: only a live or paused study can be closed."),
        (_live, "launch", {"pilot": True}, "park is live; a pilot comes before the launch."),
        (_paused, "launch", {"pilot": True}, "park is paused; a pilot comes before the launch."),
        (
            _paused,
            "launch",
            {"reason": "Why not."},
            "park is paused and its design has not changed; resume it instead.",
        ),
        (
            _closed,
            "launch",
            {"reason": "Again."},
            "park is closed for good; copy it under another name to run again.",
        ),
    ],
)
def test_moves_that_a_study_cannot_make_are_refused(
    make: Callable[[], Study], move: str, values: dict[str, object], message: str
) -> None:
    study = make()

    with pytest.raises(Refused) as refused:
        getattr(moves, move)(study=study, **values)

    assert str(refused.value) == message
    assert _fresh(study).status == study.status


def test_versions_are_never_changed() -> None:
    version = launch(study=StudyFactory())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DesignVersion.objects.filter(pk=version.pk).update(reason="Rewritten.")


@pytest.mark.django_db(transaction=True)
def test_launch_twice_at_once_makes_one_version_and_one_seed() -> None:
    study = StudyFactory()
    barrier = threading.Barrier(4)
    found: list[tuple[int, str]] = []

    def at_once() -> None:
        barrier.wait(10)
        version = launch(study=study)
        found.append((version.pk, version.study.seed_sha256))
        connection.close()

    threads = [threading.Thread(target=at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (len(found), len(set(found)), DesignVersion.objects.count()) == (4, 1, 1)
