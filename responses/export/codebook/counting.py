"""Counts of the variables of a study in one mode, all arms together, in three SQL statements.

Each reads the participants once and sends a row for each variable and value, however many
participants there are. Averages are those of exact numbers, so that the same rows always give the
same counts, in whichever order Postgres reads them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Composable, Composed, Literal

from experiments.design import Missing, Option
from experiments.variables import Type
from responses.export.cells import Writing, answers_of, cell, knowing_texts
from responses.export.codebook.binning import Edges, binned, day, edges_of, instant
from responses.export.codebook.entry import Counts, Numbers
from responses.export.dataset import Column, Dataset
from responses.export.kinds import KINDS, Kinds

# Why there is no value, beside the kinds of missing: the version does not ask; nobody knows why.
NOT_IN_VERSION, NO_VALUE = "not_in_version", "no_value"
# As kinds stand here, so that what they say can't be taken for a value.
_KINDS = Kinds({kind: -at for at, kind in enumerate(KINDS, start=1)})
_NAMES = {code: kind for kind, code in _KINDS.texts.items()}

_PEOPLE = SQL(
    "FROM responses_participant p JOIN experiments_designversion v ON v.id = p.version_id"
    " {answers} CROSS JOIN LATERAL (VALUES {rows}) AS x({names})"
    " WHERE p.study_id = {study} AND p.mode = {mode}"
)
_VALUES = SQL("SELECT x.at, x.value, x.why, count(*) {people} GROUP BY x.at, x.value, x.why")
_NUMBERS = SQL(
    "SELECT x.at, min(x.number), avg(x.number), stddev_samp(x.number), max(x.number) {people}"
    " AND x.number IS NOT NULL GROUP BY x.at"
)
_BINS = SQL(
    "SELECT x.at, width_bucket(x.number, x.low, x.high, x.bins), count(*) {people}"
    " AND x.number IS NOT NULL GROUP BY 1, 2"
)
# What a value is as a number.
_AS_NUMBER: dict[Type, SQL] = {
    Type.INTEGER: SQL("({value})::numeric"),
    Type.NUMBER: SQL("({value})::numeric"),
    Type.TIME: SQL("extract(epoch FROM {value})"),
    Type.DATE: SQL("(({value})::date - date '1970-01-01')::numeric"),
}


@dataclass(frozen=True)
class Counted:
    """A column that is counted, its values those of all versions."""

    column: Column
    options: tuple[Option, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that count as answers, if it has such codes only."""
        if self.column.variable.type not in (Type.INTEGER, Type.CODE):
            return ()
        return tuple(each.code for each in self.options if each.missing is Missing.NONE)

    @property
    def has_numbers(self) -> bool:
        """Whether its values are many: numbers, times or days."""
        return not self.codes and self.column.variable.type in _AS_NUMBER


def counts(
    connection: psycopg.Connection, dataset: Dataset, counted: Sequence[Counted]
) -> tuple[int, tuple[Counts, ...]]:
    """How many participants there are, and the counts of each column, in their order.

    None of the columns may be one that is secret.
    """
    keys = tuple(version for version, _ in dataset.versions)
    counting = _Counting(connection, dataset, counted, keys)
    values = counting.values()
    numbers = counting.numbers()
    people = sum(values[0].values()) if counted else 0
    return people, tuple(
        _with_numbers(_counts(each, values[at]), each, numbers.get(at))
        for at, each in enumerate(counted)
    )


def _counts(counted: Counted, found: Mapping[tuple[str | None, str | None], int]) -> Counts:
    present: dict[str, int] = defaultdict(int)
    missing: dict[str, int] = defaultdict(int)
    for (value, why), count in found.items():
        if value is None:
            missing[_NAMES.get(why or "", why or NO_VALUE)] += count
        else:
            present[value] += count
    order = (*KINDS, NOT_IN_VERSION, NO_VALUE)
    values = [(code, present.get(code, 0)) for code in counted.codes]
    if counted.codes and present.get(""):
        values.append(("", present[""]))
    return Counts(
        n=sum(present.values()),
        missing=tuple((kind, missing[kind]) for kind in order if missing.get(kind)),
        values=tuple(values),
    )


@dataclass(frozen=True)
class _Found:
    low: Decimal
    mean: Decimal
    sd: Decimal | None
    high: Decimal
    edges: Edges | None = None
    bins: Mapping[int, int] | None = None


def _with_numbers(counts: Counts, counted: Counted, found: _Found | None) -> Counts:
    if found is None:
        return counts
    as_text: Callable[[Decimal], str] | None = {Type.TIME: instant, Type.DATE: day}.get(
        counted.column.variable.type
    )
    if as_text:
        return replace(counts, first=as_text(found.low), last=as_text(found.high))
    numbers = Numbers(
        low=float(found.low),
        mean=float(found.mean),
        sd=None if found.sd is None else float(found.sd),
        high=float(found.high),
        bins=binned(found.edges, found.bins or {}) if found.edges else (),
    )
    return replace(counts, numbers=numbers)


@dataclass(frozen=True)
class _Counting:
    """The statements, with each column by its place among those that are counted."""

    connection: psycopg.Connection
    dataset: Dataset
    counted: Sequence[Counted]
    keys: tuple[int, ...]

    @property
    def columns(self) -> list[Column]:
        """All of them, in each statement: so an answer has the same type in all cells."""
        return [each.column for each in self.counted]

    def values(self) -> dict[int, dict[tuple[str | None, str | None], int]]:
        """By column: how many rows have which value, or lack one for which reason."""
        found: dict[int, dict[tuple[str | None, str | None], int]] = defaultdict(dict)
        rows = [(at, self._value(each), self._why(each)) for at, each in enumerate(self.counted)]
        for at, value, why, count in self._run(_VALUES, rows, "at, value, why"):
            found[at][value, why] = count
        return found

    def numbers(self) -> dict[int, _Found]:
        """By column: what its numbers come to, with their bins."""
        those = {at: each.column for at, each in enumerate(self.counted) if each.has_numbers}
        rows = [(at, self._number(column)) for at, column in those.items()]
        found = {at: _Found(*told) for at, *told in self._run(_NUMBERS, rows, "at, number")}
        edges = {
            at: edges_of(each.low, each.high, whole=those[at].variable.type is Type.INTEGER)
            for at, each in found.items()
            if each.low < each.high and those[at].variable.type in (Type.INTEGER, Type.NUMBER)
        }
        bins: dict[int, dict[int, int]] = defaultdict(dict)
        to_bin = [(at, self._number(those[at]), *each.literals) for at, each in edges.items()]
        for at, place, count in self._run(_BINS, to_bin, "at, number, low, high, bins"):
            bins[at][place] = count
        return found | {
            at: replace(found[at], edges=each, bins=bins[at]) for at, each in edges.items()
        }

    def _run(
        self,
        statement: SQL,
        rows: Iterable[tuple[object, ...]],
        names: LiteralString,
    ) -> list[Any]:
        """The rows of a statement, which is not run for no columns."""
        parts = [SQL("({})").format(SQL(", ").join(map(_literal, row))) for row in rows]
        if not parts:
            return []
        people = _PEOPLE.format(
            answers=answers_of(self.columns),
            rows=SQL(", ").join(parts),
            names=SQL(names),
            study=Literal(self.dataset.study_id),
            mode=Literal(str(self.dataset.mode)),
        )
        return self.connection.execute(statement.format(people=people)).fetchall()

    def _cell(
        self, column: Column, kinds: Kinds | None = None, type_: Type | None = None
    ) -> Composed:
        """The value of a column; NULL where it counts as none, or there the kind of missing."""
        writing = Writing(self.keys, typed=False, kinds=kinds or Kinds())
        variable = replace(column.variable, values=(), type=type_ or column.variable.type)
        return cell(replace(column, variable=variable), knowing_texts(self.columns, writing))

    def _value(self, counted: Counted) -> Composed:
        """A code as it is, "" for any other value: so few rows tell of all."""
        value = self._cell(counted.column)
        if not counted.codes:
            return SQL("CASE WHEN ({value}) IS NOT NULL THEN '' END").format(value=value)
        known = SQL(", ").join(map(Literal, counted.codes))
        return SQL(
            "CASE WHEN ({value})::text IN ({known}) THEN ({value})::text"
            " WHEN ({value}) IS NOT NULL THEN '' END"
        ).format(value=value, known=known)

    def _why(self, counted: Counted) -> Composed:
        column = counted.column
        cases: list[Composable] = []
        if len(column.sources) < len(self.keys):
            having = [version for version, _ in column.sources]
            case = SQL("WHEN p.version_id <> ALL({}) THEN {}")
            cases.append(case.format(Literal(having), Literal(NOT_IN_VERSION)))
        if any(variable.source[0] == "answers" for _, variable in column.sources):
            value, why = self._cell(column), self._cell(column, _KINDS, Type.INTEGER)
            cases.append(SQL("WHEN ({}) IS NULL THEN {}").format(value, why))
        if not cases:
            return Composed([SQL("NULL::text")])
        return SQL("CASE {} END").format(SQL(" ").join(cases))

    def _number(self, column: Column) -> Composed:
        return _AS_NUMBER[column.variable.type].format(value=self._cell(column))


def _literal(value: object) -> Composable:
    return value if isinstance(value, Composable) else Literal(value)
