"""People over HTTP: the database has what the site told them that it took, and nothing else."""

from dataclasses import replace

import pytest

from rehearsal.burst import run_burst
from rehearsal.reckoning import reckoned
from rehearsal.rehearsing import Play, cast_of
from rehearsal.truth import Leaving, Style, Trait, Truth
from responses.models import Paradata
from tests.responses.studies import launched

pytestmark = pytest.mark.slow

TRUTH = Truth(
    traits={"motive": Trait(3.5, 0.8), "will": Trait(4.5, 1.2)},
    leaving=Leaving(each=0.1, back=0.5),
    languages={"en": 0.5, "ko": 0.5},
    styles={Style.CARELESS: 0.1, Style.READER: 0.1},
    duplicates=0.1,
    refusing=0.1,
)


def test_burst_is_stored_as_it_was_told(live_site: str) -> None:
    study = launched()
    cast = cast_of(Play(study, TRUTH, n=60, seed=2))
    told: list[tuple[int, int, int]] = []

    def tell(*how: int) -> bool:
        told.append((how[0], how[1], how[2]))
        return True

    burst = run_burst(live_site, cast, in_flight=6, tell=tell)
    found = reckoned(study, burst.visits)
    assert (found.errors, found.faultless) == ({}, True)
    assert told[-1] == (60, 60, 0)
    entered = [one for one in burst.visits if one.sent]
    # Some left before they entered, some later, and some of them came back.
    assert sum(found.states.values()) == len(found.rows) == len(entered) < 60
    assert set(found.states) == {"completed", "answering", "refused"}
    assert found.states["answering"] == sum(bool(one.left) for one in entered)
    assert sum(one.came_back for one in burst.visits) > 0
    assert {row.language for row in found.rows.values()} == {"en", "ko"}
    assert sum(bool(cast.habits(one.person).clicks_twice) for one in entered) > 0
    assert sum(bool(cast.habits(one.person).changes_device) for one in entered) > 0


def test_paced_people_come_when_they_should_and_take_their_time(live_site: str) -> None:
    study = launched()
    play = Play(study, replace(TRUTH, leaving=Leaving(), refusing=0.0), 8, 2, minutes=0.1)
    cast = cast_of(play)
    burst = run_burst(live_site, cast, in_flight=8)
    found = reckoned(study, burst.visits)
    assert (found.errors, found.faultless) == ({}, True)
    assert found.states == {"completed": 8}
    assert burst.seconds >= cast.population.arrives[-1] * play.pace
    for person, row in found.rows.items():
        took = Paradata.objects.get(participant=row.id, page="about").seconds
        assert took >= cast.seconds("about")[person] * play.pace


def test_burst_tells_what_goes_wrong_and_stops_when_told(live_site: str) -> None:
    study = launched()
    cast = cast_of(Play(study, TRUTH, n=4, seed=2))
    lost = replace(cast, entry="/s/nowhere/?")
    burst = run_burst(live_site, lost, in_flight=1, tell=lambda *_how: False)
    assert [one.error for one in burst.visits] == ["GET was answered with 404"]
    assert not reckoned(study, burst.visits).faultless
