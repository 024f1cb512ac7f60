"""PURE: many rows of few different values, as one short code for each instead of a dict a row."""

from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, TypeAlias, overload

import msgspec

Places: TypeAlias = "array[int]"

# What says that a row has no value, for codes of one byte, while values are few, and of two.
FEW, ABSENT = 0xFF, 0xFFFF

# What four and eight bytes hold.
SHORT, MOST = 2**31, 2**63

# Stands for the value that a row does not have.
NOTHING = object()


class Column:
    """One variable of many rows: its different `values`, and for each row a place among them.

    `known` are the places by value. A variable with more different values than codes, such as a
    free text, keeps the value of every row; whole numbers then take four or eight bytes each.
    """

    def __init__(self) -> None:
        self.values: Any = []
        self.places: Places = array("B")
        self.known: dict[Hashable, int] = {NOTHING: FEW}

    def put(self, row: int, value: object) -> None:
        """Gives the row its value; rows come in their order, and those left out have none."""
        self._catch_up(row)
        if not self.is_coded:
            self._extend_kept([value])
            return
        place = self.known.setdefault(_key(value), len(self.values))
        if place == len(self.values):
            self.values.append(value)
            if place == self.absent:
                self._widen([value])
        self.places.append(place)

    def extend(self, row: int, values: Sequence[object]) -> None:
        """Gives the rows from that one on their values, NOTHING where one has none: quicker."""
        self._catch_up(row)
        if not self.is_coded:
            self._extend_kept(values)
            return
        try:
            # What nearly all values are: texts that were there before.
            self._extend_places([*map(self.known.__getitem__, values)])
        except (KeyError, TypeError):
            keys = [v if type(v) is str or v is NOTHING else _key(v) for v in values]
            try:
                self._extend_places([*map(self.known.__getitem__, keys)])
            except KeyError:
                self._extend_coded(row, values, keys)

    def _catch_up(self, row: int) -> None:
        if row > len(self.places):
            self.places.extend([self.absent] * (row - len(self.places)))

    def _extend_places(self, places: list[int]) -> None:
        if self.places.typecode == "B":
            self.places.frombytes(bytes(places))
        else:
            self.places.extend(places)

    def _extend_coded(self, row: int, values: Sequence[object], keys: Sequence[Hashable]) -> None:
        many = len(self.values) + len(set(keys) - self.known.keys())
        if many >= ABSENT:
            for at, value in enumerate(values, start=row):
                if value is not NOTHING:
                    self.put(at, value)
            return
        if many >= self.absent:
            self._widen([value for value in values if value is not NOTHING])
            self.extend(row, values)
            return
        for key, value in zip(keys, values, strict=True):
            if self.known.setdefault(key, len(self.values)) == len(self.values):
                self.values.append(value)
        self._extend_places([self.known[key] for key in keys])

    def _extend_kept(self, values: Sequence[object]) -> None:
        there = [value for value in values if value is not NOTHING]
        places = count(len(self.values))
        if len(there) == len(values):
            self.places.extend(islice(places, len(values)))
        else:
            self.places.extend([-1 if v is NOTHING else next(places) for v in values])
        if isinstance(self.values, array) and not _fit(there, self.values.typecode):
            self.values = array("q", self.values) if _fit(there, "q") else list(self.values)
        self.values.extend(there)

    @property
    def is_coded(self) -> bool:
        """Whether values have codes, or each row keeps its own."""
        return self.places.typecode != "i"

    @property
    def absent(self) -> int:
        """The place that says that a row has no value."""
        return {"B": FEW, "H": ABSENT}.get(self.places.typecode, -1)

    def _widen(self, coming: Sequence[object]) -> None:
        before = self.absent
        # Whole numbers that are many, as places in a list are, will be too many for codes.
        if before == FEW and not (_fit(self.values, "q") and _fit(coming, "q")):
            self.known[NOTHING] = ABSENT
            self.places = array("H", (ABSENT if at == before else at for at in self.places))
            return
        self.places = array("i", (-1 if at == before else at for at in self.places))
        self.known = {}
        for typecode in ("i", "q"):
            if _fit(self.values, typecode):
                self.values = array(typecode, self.values)
                return

    def at(self, row: int) -> int | None:
        """The place of the row's value; None if it has none."""
        place = self.places[row] if row < len(self.places) else self.absent
        return None if place == self.absent else place

    def codes(self, rows: int) -> tuple[Places, int]:
        """A place for each of so many rows, and the number that says that there is none.

        The column's own, where it is as long: they are not to be changed.
        """
        if behind := rows - len(self.places):
            absent = array(self.places.typecode, [self.absent]) * behind
            return self.places + absent, self.absent
        return self.places, self.absent


class Coded(Sequence[Mapping[str, Any]]):
    """Rows of values by name that read like mappings, and are kept as columns."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self.columns: dict[str, Column] = {}
        self._rows = 0
        for at, row in enumerate(rows):
            self.put(at, row)

    def extend(
        self, columns: Mapping[str, Sequence[object]], rows: int, *, first: int | None = None
    ) -> None:
        """The next rows, so many, by column; NOTHING is the value of a row that has none.

        They begin at the place `first`, if that is not the next one.
        """
        first = self._rows if first is None else first
        for name, values in columns.items():
            self.columns.setdefault(name, Column()).extend(first, values)
        self._rows = first + rows

    def put(self, at: int, row: Mapping[str, Any]) -> None:
        """The row of that place; rows come in their order, and those left out are empty."""
        columns = self.columns
        for name, value in row.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = Column()
            # A short way for what nearly all values are: texts that were there before.
            place = column.known.get(value) if type(value) is str else None
            if place is not None and len(column.places) == at:
                column.places.append(place)
            else:
                column.put(at, value)
        self._rows = at + 1

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        found = range(self._rows)[at]
        return Row(self, found) if isinstance(found, int) else [Row(self, each) for each in found]


class CodedSteps(Sequence[Mapping[str, Mapping[str, Any]]]):
    """The same one level deeper: what rows hold by the code of a step, `Coded` for each step."""

    def __init__(self, rows: Iterable[Mapping[str, Mapping[str, Any]]] = ()) -> None:
        self.steps: dict[str, Coded] = {}
        self._rows = 0
        for at, row in enumerate(rows):
            self.put(at, row)

    def put(self, at: int, row: Mapping[str, Mapping[str, Any]]) -> None:
        """The row of that place; rows come in their order."""
        for code, held in row.items():
            self.steps.setdefault(code, Coded()).put(at, held)
        self._rows = at + 1

    def extend(self, steps: Mapping[str, Mapping[str, Sequence[object]]], rows: int) -> None:
        """The next rows, so many, by step and column; NOTHING where a row has no value."""
        for code, columns in steps.items():
            self.steps.setdefault(code, Coded()).extend(columns, rows, first=self._rows)
        self._rows += rows

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Mapping[str, Any]]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Mapping[str, Any]]]: ...
    def __getitem__(
        self, at: int | slice
    ) -> Mapping[str, Mapping[str, Any]] | Sequence[Mapping[str, Mapping[str, Any]]]:
        found = range(self._rows)[at]
        return self._row(found) if isinstance(found, int) else [self._row(each) for each in found]

    def _row(self, at: int) -> Mapping[str, Mapping[str, Any]]:
        held = ((code, Row(coded, at)) for code, coded in self.steps.items())
        return {code: row for code, row in held if row}


def _key(value: object) -> Hashable:
    """Texts and None stand for themselves; others as JSON, in which 1, 1.0 and true differ."""
    return value if value is None or type(value) is str else msgspec.json.encode(value)


def _fit(values: Sequence[object], typecode: str) -> bool:
    """Whether they are all whole numbers that an array of four ("i") or eight bytes holds."""
    most = SHORT if typecode == "i" else MOST
    return all(type(value) is int and abs(value) < most for value in values)


class Listed(Sequence[Any]):
    """One value of each row, by the places of the rows among `values`; nobody lacks one."""

    def __init__(self, values: Sequence[Any] = (), places: Sequence[int] = ()) -> None:
        self.values, self.places = values, places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return Listed(self.values, self.places[at])
        return self.values[self.places[at]]


class Picked(Sequence[Mapping[str, Any]]):
    """Some of the rows of `Coded`, in any order, by their places (n,) there: a list or an array."""

    def __init__(self, rows: Coded, places: Any) -> None:
        self.rows, self.places = rows, places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(at, slice):
            return Picked(self.rows, self.places[at])
        place: int = self.places[at]
        return self.rows[place]


class Row(Mapping[str, Any]):
    """One row of `Coded`: reads the columns, and holds nothing itself."""

    __slots__ = ("at", "rows")

    def __init__(self, rows: Coded, at: int) -> None:
        self.rows, self.at = rows, at

    def __getitem__(self, name: str) -> Any:
        column = self.rows.columns[name]
        place = column.at(self.at)
        if place is None:
            raise KeyError(name)
        return column.values[place]

    def __iter__(self) -> Iterator[str]:
        at = self.at
        return (name for name, column in self.rows.columns.items() if column.at(at) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
