"""PURE: rows of the ledger as columns, each with what became of its holder."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Places
from analysis.statistics.lookup import looked_up
from experiments.answers import Answers
from responses.coded import Coded

Booleans: TypeAlias = npt.NDArray[np.bool_]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# What has not happened: before everything, as Postgres has -infinity.
NEVER = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger. Nothing is known of its holder once a withdrawal has cut the link.

    `drawn_from` names the list. `answers` are None where nobody holds the row or they are not
    asked for.
    """

    arm: str
    drawn_from: str
    allocated_at: datetime
    held: bool = False
    exposed_at: datetime | None = None
    completed_at: datetime | None = None
    in_cut: bool = False
    answers: Answers | None = None
    draw: int = 1


@dataclass(frozen=True, eq=False)
class Rows:
    """Many of them: `arm` and `drawn_from` (n,) are places among `arms` and `lists`.

    Times (n,) are microseconds since 2000, NEVER where there is none; `early` (n,) says that its
    holder was exposed before it was drawn. `told` (n,) is the place among `answers`, −1 where there
    are none.
    """

    arms: tuple[str, ...]
    lists: tuple[str, ...]
    answers: Coded
    arm: Places
    drawn_from: Places
    draw: Places
    exposed_at: Ints
    completed_at: Ints
    early: Booleans
    held: Booleans
    in_cut: Booleans
    told: Places

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Rows":
        """The columns of rows that are given one by one."""
        rows = list(rows)
        arms, lists = (tuple(dict.fromkeys(each)) for each in _names(rows))
        known = [row.answers for row in rows if row.answers is not None]
        places = iter(range(len(known)))
        return cls(
            arms=arms,
            lists=lists,
            answers=Coded(known),
            arm=_shorts(arms.index(row.arm) for row in rows),
            drawn_from=_shorts(lists.index(row.drawn_from) for row in rows),
            draw=_shorts(row.draw for row in rows),
            exposed_at=_instants(row.exposed_at for row in rows),
            completed_at=_instants(row.completed_at for row in rows),
            early=np.array(
                [bool(row.exposed_at and row.exposed_at < row.allocated_at) for row in rows],
                np.bool_,
            ),
            held=np.array([row.held for row in rows], np.bool_),
            in_cut=np.array([row.in_cut for row in rows], np.bool_),
            told=_shorts(-1 if row.answers is None else next(places) for row in rows),
        )

    def __len__(self) -> int:
        return len(self.arm)

    @property
    def untimed(self) -> "Rows":
        """The same without the times."""
        nothing = np.empty(0, np.int64)
        return replace(self, exposed_at=nothing, completed_at=nothing)

    def only(self, which: Booleans | Ints) -> "Rows":
        """Those rows, by a mask or by their places."""
        columns = {name: getattr(self, name) for name in COLUMNS}
        there = {name: column[which] for name, column in columns.items() if len(column)}
        return replace(self, **there)

    def among(self, arms: tuple[str, ...]) -> "Rows":
        """The rows that have one of these arms, as places among them."""
        at = {arm: place for place, arm in enumerate(arms)}
        table = np.array([at.get(arm, -1) for arm in self.arms], np.int32)
        found = self if (table >= 0).all() else self.only(looked_up(table, self.arm) >= 0)
        return replace(found, arms=arms, arm=looked_up(table, found.arm))


COLUMNS = tuple(each.name for each in fields(Rows))[3:]


def _names(rows: list[Row]) -> tuple[list[str], list[str]]:
    return [row.arm for row in rows], [row.drawn_from for row in rows]


def _shorts(values: Iterable[int]) -> Places:
    return np.array(list(values), np.int32)


def _instants(times: Iterable[datetime | None]) -> Ints:
    return np.array([*map(_instant, times)], np.int64)


def _instant(when: datetime | None) -> int:
    return NEVER if when is None else (when - EPOCH) // timedelta(microseconds=1)
