"""What a thousand participants make the database read, and what twenty thousand do.

Blocks and rows, which don't depend on the machine; `make bench-growth` goes up to a million.
"""

from collections.abc import Callable, Mapping, Sequence

import pytest
from django.core.cache import cache

from benchmarks.growth.slopes import MAY_GROW, Grown, grown, per_decade
from benchmarks.product import launch_study
from responses.models import Participant

FEW, MANY = 1_000, 20_000
# An autovacuum reads in the same database now and then: what grew is asked again.
AGAIN = 3


@pytest.mark.slow
@pytest.mark.timeout(1800)  # a minute on a machine that does nothing else
@pytest.mark.django_db(transaction=True)
def test_only_what_is_known_reads_more_of_twenty_times_as_many() -> None:
    from benchmarks.monitor.people import fill, sent

    launch_study()
    study = fill(FEW, days=1)
    sent(study)
    few = read()
    last = Participant.objects.latest("id").pk
    fill(MANY - FEW, days=1)
    sent(study, after=last)
    many = read()
    for _ in range(AGAIN):
        if grows := growing([few, many]) - set(MAY_GROW):
            again = read(grows.__contains__)
            many |= {name: tuple(map(min, many[name], each)) for name, each in again.items()}
    grows = growing([few, many])
    assert {name: (few[name], many[name]) for name in grows - set(MAY_GROW)} == {}
    # It would be seen: these do, however few there are.
    assert grows >= {"progress", "integrity"}


def read(wanted: Callable[[str], bool] = lambda _: True) -> dict[str, tuple[int, ...]]:
    """Blocks and rows of each request of a participant and of each page and list of the desk."""
    from benchmarks.growth.desk import read_by_desk
    from benchmarks.growth.journey import read_by_page

    cache.clear()
    every = [*read_by_page(2), *read_by_desk(1, wanted)]
    return {each.name: (each.blocks, each.rows) for each in every}


def growing(by_size: Sequence[Mapping[str, tuple[int, ...]]]) -> set[str]:
    """The names of those that grow."""
    return {each.name for each in grown(by_size) if each.grows}


def test_growth_is_seen_in_rows_and_in_blocks() -> None:
    few = {"flat": (10, 5), "deeper": (10, 5), "rows": (10, 5), "blocks": (10, 5), "gone": (1, 1)}
    many = {"flat": (10, 5), "deeper": (16, 6), "rows": (10, 20_000), "blocks": (20_000, 5)}
    assert [each for each in grown([few, many]) if each.grows] == [
        Grown("rows", (10, 10), (5, 20_000)),
        Grown("blocks", (10, 20_000), (5, 5)),
    ]


@pytest.mark.parametrize(
    ("sizes", "values", "slope"),
    [
        ((1_000, 1_000_000), (5.0, 5.0), 1.0),
        ((1_000, 100_000, 1_000_000), (1.0, 7.0, 1_000.0), 10.0),
        ((10, 1_000), (3.0, 12.0), 2.0),
    ],
)
def test_slope_is_per_decade(
    sizes: tuple[int, ...], values: tuple[float, ...], slope: float
) -> None:
    assert per_decade(sizes, values) == pytest.approx(slope)
