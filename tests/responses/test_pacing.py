"""An export asks little of Postgres while participants answer, and works at full speed else."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils.timezone import now

from experiments.models import Status
from responses.export.csv import snapshot
from responses.export.formats import FORMATS
from responses.export.making import write_tables
from responses.export.options import Options
from responses.export.record import record_export
from responses.models import Mode, Submission
from responses.pacing import (
    BURST,
    FIRST_PIECE,
    LEARNS,
    LEAST_PIECE,
    LONG_BURST,
    LONGEST_WAIT,
    QUIET_AFTER,
    SHARE,
    STEP,
    Pace,
    fetched,
    next_piece,
    participants_answer,
    spans,
)
from tests.responses.export.rows import completed, launched

# How many times as long as it worked an export waits.
WAITS = 1 / SHARE - 1


class Clock:
    """A clock that goes on as it is told and sleeps at once; it keeps what it was asked for."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.sleeps.append(seconds)

    def pace(self, is_wanted: Callable[[], bool]) -> Pace:
        return Pace(is_wanted, self, self.sleep)


def test_work_is_waited_for_in_proportion_while_somebody_answers_and_not_else() -> None:
    clock, wanted = Clock(), [False]
    pace = clock.pace(lambda: wanted[0])
    pace.worked(2.0)
    assert (clock.sleeps, pace.burst) == ([], LONG_BURST)
    wanted[0] = True
    assert pace.burst == LONG_BURST  # It asks once a second.
    clock.time += 1
    assert pace.burst == BURST
    pace.worked(0.01)
    pace.worked(0.02)
    assert clock.sleeps == pytest.approx([0.01 * WAITS, 0.02 * WAITS])
    wanted[0] = False
    clock.time += 1
    pace.worked(2.0)
    assert len(clock.sleeps) == 2


def test_export_waits_no_longer_than_it_may_in_all() -> None:
    clock = Clock()
    pace = Pace(lambda: True, clock, clock.sleep, most_waited=1.5)
    pace.worked(0.6 / WAITS)
    # Such a piece was measured while the process stood still.
    pace.worked(10.0)
    assert clock.sleeps == pytest.approx([0.6, 0.9])
    assert not pace.waits
    pace.worked(10.0)
    assert len(clock.sleeps) == 2
    assert LONGEST_WAIT == 1.0


def test_stream_is_taken_at_a_share_of_the_speed_that_it_had_at_first() -> None:
    clock = Clock()
    pace = clock.pace(lambda: True)
    each = 0.001
    for turn in range(2):
        clock.time += 100  # Until the first bytes come, which say nothing.
        for step in range(1 + LEARNS // STEP):
            clock.time += each if step else 0
            pace.taken(STEP)
        # What has waited in the connection's buffers comes at once, and is no faster for it.
        for _ in range(10):
            pace.taken(STEP // 2)
        # What taught it its speed is waited for too, and every second half of a step.
        expected = [LEARNS / STEP * each * WAITS, *[each * WAITS] * 5]
        assert clock.sleeps == pytest.approx(expected * (turn + 1))
        pace.begin_stream()


def test_pieces_get_as_long_as_postgres_may_be_busy_at_a_time() -> None:
    assert next_piece(500, BURST / 2, BURST) == 1000
    assert next_piece(500, BURST / 100, BURST) == 1000
    assert next_piece(500, BURST * 5, BURST) == 100
    assert next_piece(500, 10.0, BURST) == LEAST_PIECE
    clock = Clock()
    found = []
    # A row takes 10 µs.
    for after, up_to in spans(clock.pace(lambda: True), 2000):
        found.append((after, up_to))
        clock.time += (up_to - after) * 1e-5
    assert found == [(0, 500), (500, 900), (900, 1300), (1300, 1700), (1700, 2000)]
    assert clock.sleeps == pytest.approx([0.005 * WAITS, *[0.004 * WAITS] * 3, 0.003 * WAITS])


@pytest.mark.django_db(transaction=True)
def test_rows_are_fetched_in_pieces_at_a_pace_and_many_at_a_time_without() -> None:
    numbers = "SELECT generate_series(1, 1200)"
    for wanted in (True, False):
        clock = Clock()
        with snapshot(clock.pace(lambda: wanted)) as reads:  # noqa: B023 - used in this turn alone
            rows = [row for (row,) in fetched(reads, "numbers", numbers, 5000)]
        assert rows == list(range(1, 1201))
        # The clock stands still, so that each piece has twice as many rows: 500, 1000.
        assert clock.sleeps == ([0.0] if wanted else [])
    assert FIRST_PIECE == 500


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
def test_every_format_is_the_same_file_at_a_pace_and_waits_for_counts_and_rows() -> None:
    study = launched(status=Status.CLOSED)
    for number in (1, 2, 3):
        completed(study, number, "money.high")
    for name in FORMATS:
        export = record_export(study=study, mode=Mode.LIVE, actor="hana", format_name=name)
        files, counts = [], []
        clock = Clock()
        for pace in (None, clock.pace(lambda: True)):
            file = BytesIO()
            with snapshot(pace) as reads:
                counts.append(write_tables(reads, export=export, file=file, options=Options()))
            files.append(file.getvalue())
        assert counts[0] == counts[1], name
        assert files[0] == files[1], name
        assert len(clock.sleeps) >= 2, name
