"""What the monitor draws and sums up, from counts alone."""

from datetime import UTC, datetime, timedelta
from math import log

import pytest

from responses.monitor.arms import Arms, ByArm, arms_of
from responses.monitor.bars import Bar, Strip, strip
from responses.monitor.course import days_of, hours_of
from responses.monitor.diagram import Box, Diagram, Step, Written, laid_out
from responses.monitor.shares import Share, duration, listed_of, shares_of, took_of
from responses.monitor.tallied import Kind, Tallied


def test_diagram_has_a_way_down_and_those_who_leave_it_beside() -> None:
    steps = (Step("Entered", 5, (("Refused", 1), ("Screened out", 0))), Step("Completed", 4))
    assert laid_out(steps) == Diagram(
        boxes=(
            Box(0, 0, 340, 40, "", (Written(24, "Entered", 5),)),
            Box(48, 54, 292, 40, "", (Written(78, "Refused", 1),)),
            Box(0, 108, 340, 40, "", (Written(132, "Completed", 4),)),
        ),
        arrows=((24, 74, 48, 74), (24, 40, 24, 108)),
        height=150,
    )


@pytest.mark.parametrize(("people", "places"), [(9, [0, 177, 0]), (1_000_000, [0, 0, 0])])
def test_arms_stand_in_pairs_where_they_fit(people: int, places: list[int]) -> None:
    arms = [(arm, (("Saw the vignette", people),)) for arm in ("a", "b", "c")]
    boxes = laid_out([], arms).boxes
    assert [box.x for box in boxes] == places
    assert len({(box.x, box.y) for box in boxes}) == 3


def test_bars_are_as_high_as_their_share_of_the_highest() -> None:
    bars = (Bar(0, 97, 3), Bar(20, 50, 50), Bar(30, 0, 100))
    assert strip([1, 0, 500, 1000]) == Strip(bars, 40, most=1000, total=1501)
    assert strip([2, 4]).path == "M0 50h8v50h-8zM10 0h8v100h-8z"
    assert strip([]) == Strip((), 0, 0, 0)


def test_hours_and_days_are_told_without_holes() -> None:
    now = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    hour = int(now.timestamp()) // 3600
    kinds = {
        "entered.hour": {str(hour): 2, str(hour - 47): 1},
        "entered.day": {"2026-03-02": 2, "2026-02-28": 1},
        "completed.day": {"2026-03-02": 1},
    }
    hours, days = hours_of(Tallied(kinds), now), days_of(Tallied(kinds), now)
    assert hours.stages[0] == (Kind.ENTERED, (1, *[0] * 46, 2))
    assert (hours.starts[0], hours.last) == (
        datetime(2026, 2, 28, 11, tzinfo=UTC),
        datetime(2026, 3, 2, 10, tzinfo=UTC),
    )
    assert days.rows == (
        (datetime(2026, 3, 2, tzinfo=UTC), (2, 0, 0, 1)),
        (datetime(2026, 3, 1, tzinfo=UTC), (0, 0, 0, 0)),
        (datetime(2026, 2, 28, tzinfo=UTC), (1, 0, 0, 0)),
    )
    assert days_of(Tallied(), now).rows == ()
    long_ago = Tallied({"entered.day": {str((now - timedelta(days=90)).date()): 1}})
    assert len(days_of(long_ago, now).starts) == 60


def test_median_is_known_to_five_per_cent() -> None:
    seconds = [100, 200, 300, 400, 5000]
    steps: dict[str, int] = {}
    for each in seconds:
        step = str(int(20 * log(each)))
        steps[step] = steps.get(step, 0) + 1
    took = took_of(Tallied({Kind.TOOK: steps}))
    assert took is not None
    assert took.median == pytest.approx(300, rel=0.05)  # a step's width
    assert took.bars[0] == (60, 1)
    assert took.bars[-1] == (3600, 1)
    assert sum(people for _, people in took.bars) == 5
    assert took_of(Tallied()) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(8.4, "8 s"), (60, "1 min"), (312, "5 min 12 s"), (890, "15 min"), (7300, "2 h 1 min")],
)
def test_durations_are_said(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_shares_say_how_many_of_whom_completed() -> None:
    tallied = Tallied(
        {
            Kind.DEVICE: {"0|phone": 3, "1|phone": 1, "0|": 4, "1|desktop": 2},
            Kind.LISTED: {"0|from=a=b": 1, "1|from=north": 2},
        }
    )
    shares = (Share("", 4, 0), Share("phone", 4, 1), Share("desktop", 2, 2))
    assert shares_of(tallied, Kind.DEVICE) == shares
    assert [share.per_cent for share in shares] == [0, 25, 100]
    assert listed_of(tallied) == (("from", (Share("north", 2, 2), Share("a=b", 1, 0))),)


def test_who_is_linked_to_no_arm_any_more_is_allocated_all_the_same() -> None:
    tallied = Tallied(
        {
            Kind.ALLOCATED: {"main|high": 6, "deal|high": 9},
            Kind.ARM: {"main|high|completed|1": 3, "main|high|answering|0": 1, "deal1|high|x|1": 3},
        }
    )
    assert arms_of(tallied, decks={"deal"}) == (
        Arms("deal", False, (ByArm("high", 9, 0, 0, 0, 0),)),
        Arms("main", True, (ByArm("high", 6, 3, 1, 0, 3),)),
    )
    assert arms_of(tallied, decks=())[1].arms[0].unlinked == 2
