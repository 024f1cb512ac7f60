"""The capacity model: what it reckons of given costs, and that the docs have its numbers."""

from dataclasses import replace

import pytest

from benchmarks.capacity.check import Held, Place, places, reckoned
from benchmarks.capacity.cores import Busy
from benchmarks.capacity.costs import Costs, costs
from benchmarks.capacity.model import Demand, Wall, carried, need, walls
from benchmarks.capacity.tables import TABLES, costs_table, size, whole
from benchmarks.measuring import Cost
from tests.capacity_tables import DOCS
from tests.marked import Marked

COSTS = Costs(
    machine="none",
    submissions=10,
    drafts=25.0,
    web_ms=20.0,
    postgres_ms=10.0,
    worker_ms=0.0,
    rest_ms=0.0,
    pages_web_ms=12.0,
    pages_postgres_ms=6.0,
    pages_wal=30_000,
    clients_ms=10.0,
    tables={"people": (1000, 200), "submissions": (3000, 800)},
    wal=40_000,
    wal_after_checkpoint=160_000,
    export=450,
    dump=1000,
    look_worker_ms=0.04,
    look_postgres_ms=0.03,
    web_worker=100_000_000,
    connection=10_000_000,
    lists={"0.2": 900.0, "2": 90.0},
)


def test_machine_carries_what_its_cores_have_time_for() -> None:
    # 60 % of two cores are 1,200 ms a second, and a participant takes 30.
    assert [carried(COSTS, cores) for cores in (2, 8)] == [40.0, 160.0]


def test_worker_and_rest_take_their_part_of_a_machine() -> None:
    # Of 1,200 ms a second 30 are taken by nobody, and a participant takes 39.
    loaded = replace(COSTS, worker_ms=9.0, rest_ms=30.0)
    assert [carried(loaded, cores) for cores in (2, 4)] == [30.0, 2370 / 39]
    found = need(loaded, Demand("few", 6000, 600, 1))
    assert (round(found.web_cores, 3), round(found.worker_cores, 3)) == (0.333, 0.15)


def test_costs_say_what_drafts_make_of_them() -> None:
    table = costs_table(COSTS).splitlines()
    assert [line for line in table if line.endswith((" ms |", " kB |"))] == [
        "| CPU of web processes | 20.0 ms | 8.0 ms |",
        "| CPU of Postgres | 10.0 ms | 4.0 ms |",
        "| WAL | 40.0 kB | 10.0 kB |",
    ]


@pytest.mark.parametrize(
    ("demand", "wanted"),
    [
        (
            Demand("few", 6000, 600, 1),
            (0.333, 1, 0.167, 8, 1, 400_000, 30_000_000, 240_000_000, ()),
        ),
        (
            Demand("a million in a day", 1_000_000, 86_400, 4),
            (
                1.543,
                1,
                0.772,
                16,
                4,
                1_851_852,
                5_000_000_000,
                40_000_000_000,
                ("parts", "replica"),
            ),
        ),
        (
            Demand("all in a day", 100_000_000, 86_400, 4),
            (
                *(154.321, 20, 77.16, 1240, 309, 185_185_185, 500_000_000_000, 4_000_000_000_000),
                ("Postgres apart", "PgBouncer", "parts", "replica", "several databases"),
            ),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Demand) else "",
)
def test_need_of_a_demand(demand: Demand, wanted: tuple[object, ...]) -> None:
    found = need(COSTS, demand)
    assert (
        round(found.web_cores, 3),
        found.web_machines,
        round(found.postgres_cores, 3),
        found.connections,
        found.pool,
        round(found.wal_per_second),
        found.disk,
        found.wal,
        found.steps,
    ) == wanted


def test_nearest_wall_comes_first() -> None:
    postgres = Wall("CPU of Postgres", 480.0, "more cores; then a database for each large study")
    disk = Wall(
        "WAL written in order",
        5000.0,
        "a disk for WAL alone; then a database for each large study",
    )
    head = "one row: the head of the largest list"
    remedy = "stratify, so that there are more lists; a disk that flushes sooner"
    assert walls(COSTS, 8, "0.2", 1 / 2) == (postgres, Wall(head, 1800.0, remedy), disk)
    assert walls(COSTS, 8, "2", 1 / 2) == (Wall(head, 180.0, remedy), postgres, disk)


@pytest.mark.parametrize("name", TABLES)
def test_docs_have_the_numbers_of_the_committed_costs(name: str) -> None:
    """`python -m tests.capacity_tables` puts them there."""
    assert Marked(DOCS, name).read() == TABLES[name](costs())


@pytest.mark.parametrize(
    ("number", "said"),
    [(12, "12 B"), (1500, "1.5 kB"), (250_000, "250 kB"), (3.2e9, "3.2 GB"), (4e12, "4.0 TB")],
)
def test_sizes_are_said_with_digits_that_count(number: float, said: str) -> None:
    assert size(number) == said


@pytest.mark.parametrize(("number", "said"), [(7.4, "7"), (38_412, "38,000"), (99.6, "100")])
def test_people_are_said_with_digits_that_count(number: float, said: str) -> None:
    assert whole(number) == said


def test_half_a_machine_is_reckoned_by_who_shares_it() -> None:
    cost, nobody = Cost(web=0.02, postgres=0.01, clients=0.01), Cost(0.0, 0.0, 0.0)
    found = places([0, 1, 2, 3])
    assert found == (
        Place("half, respondents on the other half", (0, 1), (2, 3)),
        Place("half, respondents too", (0, 1), (0, 1)),
        Place("whole, respondents too", (0, 1, 2, 3), (0, 1, 2, 3)),
    )
    assert [round(reckoned(each, cost, nobody), 2) for each in found] == [66.67, 50.0, 100.0]
    # What the worker takes for somebody, and all of it at rest; respondents at rest take nothing.
    folded = replace(cost, worker=0.008, beat=0.001, valkey=0.001)
    rest = Cost(web=0.01, postgres=0.04, clients=9.0, worker=0.15)
    assert [round(reckoned(each, folded, rest), 2) for each in found] == [45.0, 36.0, 76.0]


def test_cost_beyond_rest_is_what_respondents_bring() -> None:
    took = Cost(10.0, 5.0, 4.0, 3.0, 2.0, 1.0) - Cost(0.5, 0.25, 0.0, 1.0, 1.0, 0.5).times(2)
    assert took == Cost(9.0, 4.5, 4.0, 1.0, 0.0, 0.0)
    assert took.times(0.5).beside == 0.5


def test_time_that_others_had_is_taken_off() -> None:
    before, after = Busy(10.0, (5.0, 7.0)), Busy(20.0, (14.0, 17.0))
    # 19 of 20 s were busy, 15 of them ours.
    assert after.others_since(before, (0, 1), ours=15.0) == 0.2
    assert after.others_since(before, (0,), ours=9.5) == 0.0
    assert Held("half", 50.0, 39.0, 0.2).left == 40.0
