"""A site of many processes on one Postgres and one Valkey, with PgBouncer between.

They are killed and added while people answer. Nothing is lost, and the look is spent once.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from analysis.look_log import verify as verify_log
from analysis.models import Look, LookEvent
from rehearsal.burst import run_burst
from rehearsal.exported import differing_cells, exported
from rehearsal.reckoning import reckoned
from rehearsal.rehearsing import Play, cast_of
from rehearsal.truth import Leaving, Trait, Truth
from responses.models import Allocation, Mode, Participant, Submission
from tests.balanced import Balancer
from tests.designs import small
from tests.pooled import left_in_sessions
from tests.processes import ANSWER_SECONDS
from tests.responses.studies import launched
from tests.site_parts import Part, Parts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PEOPLE, IN_FLIGHT = 240, 16
# Who answers with care, so that the first look comes due in the middle of the load.
TRUTH = Truth(
    traits={"motive": Trait(3.5, 0.8), "will": Trait(4.5, 1.2)},
    leaving=Leaving(each=0.01, back=0.5),
)
# Of them the first look takes this many; the second one would take more than there are.
PLANNED, FIRST = 260, 104


class Operator:
    """Kills and adds processes as visits end, some of them while others are still starting."""

    def __init__(self, parts: Parts, balancer: Balancer) -> None:
        self._parts, self._balancer = parts, balancer
        self.webs = [self._web() for _ in range(4)]
        self.workers = [parts.worker() for _ in range(3)]
        self.beats = [parts.beat()]
        self._threads = ThreadPoolExecutor(2)
        self._starting: list[Future[Part]] = []
        self._due: dict[int, Callable[[], None]] = {
            20: lambda: self._lose(self.webs[0]),
            25: lambda: self._begin(self._web),
            50: lambda: self._lose(self.workers[0]),
            55: lambda: self._begin(parts.worker),
            # The look comes due about here.
            100: lambda: self._lose(self.workers[1]),
            105: lambda: self._lose(self.webs[1]),
            110: lambda: self._begin(self._web),
            115: lambda: self._lose(self.beats[0]),
            120: lambda: self._begin(parts.beat),
            # Nobody else begins until all are there, so that the last people meet them.
            150: lambda: self.added.extend(each.result() for each in self._starting),
            200: lambda: self._lose(self.webs[2]),
        }
        self.added: list[Part] = []

    def tell(self, done: int, of: int, wrong: int) -> bool:
        """Does what is due after so many visits."""
        self._due.get(done, lambda: None)()
        return True

    def end(self) -> None:
        """Waits for what is still starting."""
        self._threads.shutdown()

    def _web(self) -> Part:
        part = self._parts.web()
        self._balancer.add(part.site)
        return part

    def _begin(self, start: Callable[[], Part]) -> None:
        self._starting.append(self._threads.submit(start))

    def _lose(self, part: Part) -> None:
        part.kill()
        # A balancer takes a while to see it: until then every fourth request meets nobody.
        if part.site:
            self._starting.append(self._threads.submit(self._seen, part))

    def _seen(self, part: Part) -> Part:
        time.sleep(1)
        self._balancer.drop(part.site)
        return part


def test_nothing_is_lost_while_processes_are_killed_and_added(
    transactional_db: None, pooler: tuple[str, str], tmp_path: Path
) -> None:
    study = launched(
        replace(small(), plan=replace(small().plan, sample_size=PLANNED, looks=(0.4, 1.0)))
    )
    cast = cast_of(Play(study, TRUTH, PEOPLE, seed=9))
    balancer, (through, _direct) = Balancer(), pooler
    environment = {
        "DATABASE_URL": through,
        "COPROD_DB_PREPARED": "false",
        "COPROD_SWEEP_SECONDS": "0.5",
    }
    with redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()
    with Parts(tmp_path, environment) as parts:
        operator = Operator(parts, balancer)
        burst = run_burst(
            balancer.next(), cast, in_flight=IN_FLIGHT, tell=operator.tell, opens=balancer.browser
        )
        operator.end()
        until_spent(study.pk)
        # Connections that killed processes left in the middle are not given to others.
        assert left_in_sessions(through) == []
    found = reckoned(study, burst.visits)
    assert found.faultless, found
    entered = [one for one in burst.visits if one.sent]
    pages = sum(len(one.sent) for one in entered)
    people = Participant.objects.filter(study=study, mode=Mode.REHEARSAL)
    assert (len(entered), pages) == (people.count(), Submission.objects.count())
    assert Allocation.objects.count() == people.exclude(assignments={}).count()
    assert differing_cells(exported(study), found.rows) == 0
    # One look, spent once: its row, its event, its cut.
    look = Look.objects.get(study=study)
    assert (look.number, look.n) == (1, FIRST)
    assert people.filter(first_look=1).count() == FIRST
    assert list(LookEvent.objects.values_list("kind", flat=True)) == ["spent"]
    assert verify_log(study.pk, Mode.REHEARSAL).holds
    # Those that were added served people, and those that were killed were met.
    webs = [part.site for part in (*operator.webs, *operator.added) if part.site]
    assert all(balancer.answered[site] for site in webs)
    assert all(balancer.failed[site] for site in webs[:2])


def until_spent(study: int) -> None:
    """Until a worker has spent the look that came due."""
    end = time.monotonic() + ANSWER_SECONDS
    while not Look.objects.filter(study=study).exists():
        assert time.monotonic() < end, "No worker spent the look."
        time.sleep(0.1)
