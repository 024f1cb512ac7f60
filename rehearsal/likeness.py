"""Holds a rehearsal over HTTP against its twin: the same people in process, in the run's order."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.models import Look
from analysis.results import from_builtins
from experiments.models import DesignVersion
from experiments.ordering import participant_seed
from experiments.seed import seed_of
from rehearsal.moves import Move, in_order
from rehearsal.population import Population
from rehearsal.reckoning import Row
from rehearsal.twin import Journey, Setting, Twin
from rehearsal.twin_looks import Cutting, differing, eligible, looks
from responses.models import Allocation, Mode
from responses.tokens import cluster_hash


@dataclass(frozen=True)
class Likeness:
    """How the run and its twin differ.

    `people` counts, by field, the rows that differ; `looks` the parts that differ, by the look's
    number.
    """

    people: Mapping[str, int]
    looks: Mapping[int, tuple[str, ...]]
    compared: int

    @property
    def same(self) -> bool:
        """Whether they are the same in everything."""
        return not self.people and not any(self.looks.values())


def likeness(
    version: DesignVersion, population: Population, rows: Mapping[int, Row], spent: Sequence[Look]
) -> Likeness:
    """The likeness of a run's rows, by person, and of its looks."""
    journeys = twin_of(version, population, rows)
    parted = Counter[str]()
    for journey in journeys:
        parted.update(_parted(journey, rows[journey.person]))
    return Likeness(
        people=dict(parted),
        looks=dict(_looks(version, journeys, spent)),
        compared=len(journeys),
    )


def twin_of(
    version: DesignVersion, population: Population, rows: Mapping[int, Row]
) -> list[Journey]:
    """The twin's people, moved on in the order in which the run stored their pages."""
    study = version.study

    def seed(person: int) -> bytes:
        return participant_seed(rows[person].reference)

    def cluster(parameter: str, value: str) -> str:
        return cluster_hash(study.pk, parameter, value).hex()

    setting = Setting(seed_of(study), version.number, Mode.REHEARSAL, seeds=seed, clusters=cluster)
    return Twin(version.written, population, setting).walk(_order(version, rows))


def _order(version: DesignVersion, rows: Mapping[int, Row]) -> list[int]:
    """Whose page came next in the run."""
    drawn = _drawn(version)
    received = {person: [each.received_at for each in row.sent] for person, row in rows.items()}
    times = {person: [*at] for person, at in received.items()}
    lists: dict[tuple[str, str], list[tuple[int, Move]]] = {}
    for person, row in rows.items():
        for held in row.assignments.values():
            listed, position, at = drawn[held["key"]]
            # The page that led to the arm was stored after it was drawn: its time is the drawing's.
            place = bisect_left(received[person], at)
            if place < len(times[person]):
                times[person][place] = at
                lists.setdefault(listed, []).append((position, (person, place)))
    ended = sorted(
        (row.completed_at, row.id, person) for person, row in rows.items() if row.completed_at
    )
    completes = [(person, len(times[person]) - 1) for _at, _id, person in ended]
    chains = [[move for _position, move in sorted(chain)] for chain in lists.values()]
    return in_order(times, [*map(_once, chains), completes])


def _once(chain: Sequence[Move]) -> list[Move]:
    """The moves of a list, one that drew several rows once."""
    return list(dict.fromkeys(chain))


def _drawn(version: DesignVersion) -> dict[str, tuple[tuple[str, str], int, datetime]]:
    """The list, the position and the time of each row of the rehearsal's ledger, by its key."""
    rows = Allocation.objects.filter(version=version, mode=Mode.REHEARSAL)
    columns = ("key", "randomisation", "stratum", "position", "allocated_at")
    return {
        str(key): ((randomisation, stratum), position, at)
        for key, randomisation, stratum, position, at in rows.values_list(*columns)
    }


def _parted(journey: Journey, row: Row) -> Iterator[str]:
    """The fields in which the twin's person and the run's differ."""
    mine: dict[str, Any] = {
        "state": journey.state,
        "page": journey.page,
        "answers": journey.answers,
        "not shown": list(journey.not_shown),
        "arms": journey.assignments,
        "pages sent": list(journey.sent),
        "tries": journey.tries,
        "language": journey.language,
    }
    theirs: dict[str, Any] = {
        "state": row.state,
        "page": row.page,
        "answers": dict(row.answers),
        "not shown": list(row.not_shown),
        "arms": {code: _without_key(held) for code, held in row.assignments.items()},
        "pages sent": [each.page for each in row.sent],
        "tries": dict(row.tries),
        "language": row.language,
    }
    yield from (name for name in mine if mine[name] != theirs[name])


def _without_key(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "key"}


def _looks(
    version: DesignVersion, journeys: Sequence[Journey], spent: Sequence[Look]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The parts of each look that its twin finds otherwise."""
    counting = eligible(version.design, journeys)
    cuttings = [Cutting(look.number, look.planned, look.n) for look in spent]
    for look, mine in zip(spent, looks(version.written, counting, cuttings), strict=True):
        yield look.number, differing(mine, from_builtins(look.results))
