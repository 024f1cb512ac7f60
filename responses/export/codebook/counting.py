"""Counts of the variables of a study in one mode, all arms together, in three SQL statements.

Each reads the participants once and sends one row, however many they are; a study of very many
variables takes some more. Averages are those of exact numbers, so that the same rows always give
the same counts, in whichever order Postgres reads them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from experiments.design import Missing, Option
from experiments.variables import Type
from responses.export.cells import Writing, answers_of, cell, knowing_texts
from responses.export.codebook.binning import Edges, binned, day, edges_of, instant
from responses.export.codebook.entry import Bin, Counts, Numbers
from responses.export.dataset import Column, Dataset
from responses.export.kinds import KINDS, Kinds

# Why there is no value, beside the kinds of missing: the version does not ask; nobody knows why.
NOT_IN_VERSION, NO_VALUE = "not_in_version", "no_value"
_REASONS = (*KINDS, NOT_IN_VERSION)
_KINDS = Kinds({kind: place for place, kind in enumerate(KINDS)})

# A cell is computed once, however much is asked of it: OFFSET keeps Postgres from doing it again.
_PEOPLE = SQL(
    "SELECT {totals} FROM (SELECT {cells} FROM responses_participant p"
    " JOIN experiments_designversion v ON v.id = p.version_id {answers}"
    " WHERE p.study_id = {study} AND p.mode = {mode} OFFSET 0) q"
)
_EQUAL = SQL("count(*) FILTER (WHERE {cell} = {value})")
_SUMS = ("min", "avg", "stddev_samp", "max")
# A SELECT gives at most 1,664 columns.
_MOST = 1500
# What a value is as a number.
_AS_NUMBER: dict[Type, SQL] = {
    Type.INTEGER: SQL("({value})::numeric"),
    Type.NUMBER: SQL("({value})::numeric"),
    Type.TIME: SQL("extract(epoch FROM {value})"),
    Type.DATE: SQL("(({value})::date - date '1970-01-01')::numeric"),
}

# What is asked of a cell, by the name that it has.
_Total: TypeAlias = Callable[[Identifier], Composable]
_Asked: TypeAlias = tuple[Composable, Sequence[_Total]]


@dataclass(frozen=True)
class Counted:
    """A column that is counted, its values those of all versions."""

    column: Column
    options: tuple[Option, ...]

    @property
    def type(self) -> Type:
        """The type of its values."""
        return self.column.variable.type

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that count as answers, if it has such codes only."""
        if self.type not in (Type.INTEGER, Type.CODE):
            return ()
        return tuple(each.code for each in self.options if each.missing is Missing.NONE)

    @property
    def has_numbers(self) -> bool:
        """Whether its values are many: numbers, times or days."""
        return not self.codes and self.type in _AS_NUMBER


def counts(
    connection: psycopg.Connection, dataset: Dataset, counted: Sequence[Counted]
) -> tuple[int, tuple[Counts, ...]]:
    """How many participants there are, and the counts of each column, in their order.

    None of the columns may be one that is secret.
    """
    counting = _Counting(connection, dataset, [each.column for each in counted])
    people, values = _values(counting, counted)
    numbers = _numbers(counting, {at: each for at, each in enumerate(counted) if each.has_numbers})
    return people, tuple(replace(each, **numbers.get(at, {})) for at, each in enumerate(values))


@dataclass(frozen=True)
class _Counting:
    """What statements need, with all the columns: so an answer has the same type in each."""

    connection: psycopg.Connection
    dataset: Dataset
    columns: Sequence[Column]

    @property
    def keys(self) -> tuple[int, ...]:
        """The versions."""
        return tuple(version for version, _ in self.dataset.versions)

    def cell(self, column: Column, kinds: Kinds | None = None) -> Composed:
        """The value of a column as text; NULL if it counts as none, with `kinds` why there."""
        writing = Writing(self.keys, typed=False, kinds=kinds or Kinds())
        variable = replace(column.variable, values=())
        if kinds:
            variable = replace(variable, type=Type.INTEGER)
        return cell(replace(column, variable=variable), knowing_texts(self.columns, writing))

    def totals(self, asked: Sequence[_Asked]) -> list[list[Any]]:
        """What is asked of each cell, in as few statements as the numbers fit into."""
        found = []
        for part in _parts(asked):
            row = iter(self._row(part))
            found += [[next(row) for _ in those] for _, those in part]
        return found

    def _row(self, asked: Sequence[_Asked]) -> tuple[Any, ...]:
        named = [(Identifier(f"c{at}"), *each) for at, each in enumerate(asked)]
        statement = _PEOPLE.format(
            totals=SQL(", ").join(total(name) for name, _, those in named for total in those),
            cells=SQL(", ").join(SQL("{} AS {}").format(each, name) for name, each, _ in named),
            answers=answers_of(self.columns),
            study=Literal(self.dataset.study_id),
            mode=Literal(str(self.dataset.mode)),
        )
        (row,) = self.connection.execute(statement).fetchall()
        return tuple(row)


def _parts(asked: Sequence[_Asked]) -> Iterator[Sequence[_Asked]]:
    """The same in parts that one SELECT can give."""
    part: list[_Asked] = []
    size = 0
    for each in asked:
        if part and size + len(each[1]) > _MOST:
            yield part
            part, size = [], 0
        part.append(each)
        size += len(each[1])
    if part:
        yield part


def _values(counting: _Counting, counted: Sequence[Counted]) -> tuple[int, list[Counts]]:
    """How many have each code, and why others have no value."""
    asked: list[_Asked] = [(SQL("true"), [_sum("count")])]
    for each in counted:
        codes = [_equal(code) for code in each.codes]
        asked.append((_value(counting, each), [_sum("count"), *codes]))
        reasons = [_equal(place) for place in range(len(_REASONS))]
        asked.append((_why(counting, each.column), reasons))
    ((people,), *found) = counting.totals(asked)
    return people, [
        _counts(each, people, values, reasons)
        for each, values, reasons in zip(counted, found[::2], found[1::2], strict=True)
    ]


def _counts(counted: Counted, people: int, found: list[int], reasons: list[int]) -> Counts:
    n, *of_codes = found
    values = list(zip(counted.codes, of_codes, strict=True))
    if counted.codes and n > sum(of_codes):
        values.append(("", n - sum(of_codes)))
    missing = dict(zip(_REASONS, reasons, strict=True))
    missing[NO_VALUE] = people - n - sum(reasons)
    return Counts(
        n, tuple((kind, count) for kind, count in missing.items() if count), tuple(values)
    )


def _value(counting: _Counting, counted: Counted) -> Composed:
    """A code as text; of other values only that there is one."""
    value = counting.cell(counted.column)
    template = SQL("({})::text") if counted.codes else SQL("CASE WHEN ({}) IS NOT NULL THEN 1 END")
    return template.format(value)


def _why(counting: _Counting, column: Column) -> Composable:
    """The place of the reason for which there is no value."""
    cases: list[Composable] = []
    if len(column.sources) < len(counting.keys):
        having = [version for version, _ in column.sources]
        place = Literal(_REASONS.index(NOT_IN_VERSION))
        cases.append(SQL("WHEN p.version_id <> ALL({}) THEN {}").format(Literal(having), place))
    if any(variable.source[0] == "answers" for _, variable in column.sources):
        value, why = counting.cell(column), counting.cell(column, _KINDS)
        cases.append(SQL("WHEN ({}) IS NULL THEN ({})::int").format(value, why))
    return SQL("CASE {} END").format(SQL(" ").join(cases)) if cases else SQL("NULL::int")


def _numbers(counting: _Counting, counted: dict[int, Counted]) -> dict[int, dict[str, Any]]:
    """By column: what its numbers come to, as parts of its counts."""
    cells = {
        at: _AS_NUMBER[each.type].format(value=counting.cell(each.column))
        for at, each in counted.items()
    }
    totals = counting.totals([(each, [_sum(name) for name in _SUMS]) for each in cells.values()])
    found = {at: told for at, told in zip(cells, totals, strict=True) if told[0] is not None}
    edges = {
        at: edges_of(low, high, whole=counted[at].type is Type.INTEGER)
        for at, (low, _, _, high) in found.items()
        if low < high and counted[at].type in (Type.INTEGER, Type.NUMBER)
    }
    bins = _bins(counting, {at: (cells[at], each) for at, each in edges.items()})
    return {at: _summed(counted[at].type, told, bins.get(at, ())) for at, told in found.items()}


def _bins(
    counting: _Counting, wanted: dict[int, tuple[Composed, Edges]]
) -> dict[int, tuple[Bin, ...]]:
    template = SQL("width_bucket({}, {}, {}, {})")
    asked = [
        (
            template.format(value, Literal(edges.low), Literal(edges.high), Literal(edges.bins)),
            [_equal(place) for place in range(1, edges.bins + 1)],
        )
        for value, edges in wanted.values()
    ]
    told = zip(wanted.items(), counting.totals(asked), strict=True)
    return {at: binned(edges, found) for (at, (_, edges)), found in told}


def _summed(type_: Type, told: list[Any], bins: tuple[Bin, ...]) -> dict[str, Any]:
    low, mean, sd, high = told
    as_text = {Type.TIME: instant, Type.DATE: day}.get(type_)
    if as_text:
        return {"first": as_text(low), "last": as_text(high)}
    spread = None if sd is None else float(sd)
    return {"numbers": Numbers(float(low), float(mean), spread, float(high), bins)}


def _sum(function: str) -> _Total:
    return lambda name: SQL("{}({})").format(Identifier(function), name)


def _equal(value: str | int) -> _Total:
    return lambda name: _EQUAL.format(cell=name, value=Literal(value))
