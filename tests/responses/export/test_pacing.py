"""An export takes its rows slowly while participants answer, and at full speed else."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils.timezone import now

from experiments.models import Status
from responses.export.csv import snapshot
from responses.export.formats import FORMATS
from responses.export.options import Options
from responses.export.pacing import LEARNS, QUIET_AFTER, SHARE, STEP, Pace, participants_answer
from responses.export.tables import tables
from responses.models import Mode, Submission
from tests.responses.export.rows import completed, launched


class Clock:
    """A clock that goes on as it is told and sleeps at once."""

    def __init__(self) -> None:
        self.time, self.slept = 0.0, 0.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.slept += seconds


def seconds(pace: Pace, clock: Clock, steps: int, each: float) -> float:
    """How long so many steps take that come every so many seconds, if nobody waits."""
    began = clock.time
    for _ in range(steps):
        clock.time += each
        pace.taken(STEP)
    return clock.time - began


def test_pace_waits_while_it_is_wanted_and_no_longer() -> None:
    clock, wanted = Clock(), [False]
    pace = Pace(lambda: wanted[0], clock, clock.sleep)
    learning = LEARNS // STEP
    # Nobody answers: nobody waits.
    assert seconds(pace, clock, learning + 1000, 0.01) == pytest.approx((learning + 1000) * 0.01)
    wanted[0] = True
    seconds(pace, clock, 100, 0.01)  # It asks once a second.
    # What has waited in the connection's buffers comes at once, and is no faster for it.
    assert seconds(pace, clock, 400, 0.001) == pytest.approx(400 * 0.01 / SHARE, rel=0.05)
    wanted[0] = False
    seconds(pace, clock, 100, 0.01)
    before = clock.slept
    assert seconds(pace, clock, 100, 0.01) == pytest.approx(1)
    assert clock.slept == before


@pytest.mark.django_db(transaction=True)
def test_participants_answer_if_one_has_sent_a_page_in_the_last_seconds() -> None:
    study = launched()
    with snapshot() as reads:
        assert not participants_answer(reads)
    person = completed(study, 1, "money.high")
    of_page = {"participant": person, "page": "opinion", "language": "en"}
    for revision, ago, expected in ((1, QUIET_AFTER * 2, False), (2, 0, True)):
        at = now() - timedelta(seconds=ago)
        Submission.objects.create(revision=revision, received_at=at, **of_page)
        with snapshot() as reads:
            assert participants_answer(reads) is expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_format_tells_its_pace_of_what_it_took(name: str) -> None:
    study, told, chosen = launched(status=Status.CLOSED), [0], FORMATS[name]
    completed(study, 1, "money.high")

    class Counts(Pace):
        def taken(self, size: int) -> None:
            told.append(size)

    with snapshot(Counts(lambda: True)) as reads:
        found = tables(reads, study_id=study.pk, mode=Mode.LIVE, kinds=chosen.kinds)
        wanted = {"participants": found["participants"]}
        chosen.write(reads, wanted, BytesIO(), Options())
    assert sum(told) > 100
