"""The SQL of one cell of an export: where a variable's value is kept, and how it is written.

It reads a participant's row as `p`, their version's as `v`, and each item's answer as a column of
`a` (`answers_of`), which opens the JSON once, however many items there are, and leaves out what
was not to be shown. An answer is there as text if no column of it can be mistaken for JSON.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import LiteralString

from psycopg.sql import SQL, Composed, Identifier, Literal

from experiments.answers import as_missing
from experiments.variables import Role, Scored, Type, Variable
from responses.exclusion_marks import EXCLUDED
from responses.export.dataset import Column
from responses.export.kinds import ABSENT, CHOSEN, Kinds

# As many arguments as a call may have, and some to spare.
_ARGUMENTS = 90

_ANSWERS = SQL(
    "CROSS JOIN LATERAL jsonb_to_record(CASE WHEN p.not_shown = '[]' THEN p.answers"
    " ELSE p.answers - ARRAY(SELECT jsonb_array_elements_text(p.not_shown)) END) AS a({items})"
)
# A fraction such as 1/6; numeric division keeps 16 significant digits or more.
_FRACTION = SQL(
    "trim_scale(split_part({value}, '/', 1)::numeric"
    " / coalesce(nullif(split_part({value}, '/', 2), ''), '1')::numeric)"
)
_LIST = SQL(
    "(SELECT string_agg(code, ' ' ORDER BY at)"
    " FROM jsonb_array_elements_text({value}) WITH ORDINALITY AS each(code, at))"
)
_SCALAR = SQL("{item} #>> '{{}}'")
# What is asked of an answer with parts; an answer that is none has no parts.
_PARTS = {
    "chosen": SQL(
        "CASE jsonb_typeof({item}) WHEN 'array' THEN jsonb_exists({item}, {option})::int::text END"
    ),
    "rank": SQL(
        "CASE jsonb_typeof({item}) WHEN 'array' THEN (SELECT at::text FROM"
        " jsonb_array_elements_text({item}) WITH ORDINALITY AS each(code, at)"
        " WHERE code = {option}) END"
    ),
    "points": SQL("CASE jsonb_typeof({item}) WHEN 'object' THEN {item} ->> {option} END"),
}
_UNBLINDED_ONLY = SQL("CASE WHEN p.first_look IS NOT NULL THEN {value} END")
# An item that has no value in `a` was left empty (null), was not to be shown, or has no answer.
_LISTED = {
    "not_reached": SQL(
        "{item} IS NULL AND NOT jsonb_exists(p.answers, {code})"
        " AND NOT jsonb_exists(p.not_shown, {code}) AND p.state <> 'withdrawn'"
    ),
    "skipped": SQL(
        "{item} IS NULL AND jsonb_exists(p.answers, {code})"
        " AND NOT jsonb_exists(p.not_shown, {code})"
    ),
    "untouched": SQL("{text} = {untouched}"),
}
_NAMED = SQL("CASE WHEN {when} THEN {code} END")
# Those who are marked are few: a set of them is made once, and no row looks for its mark.
_MARKS = SQL(EXCLUDED)
_IS_MARKED = SQL("p.id IN (SELECT participant_id FROM ({}) m)").format(_MARKS)
_REASON = SQL("(SELECT reason FROM ({}) m WHERE participant_id = p.id)").format(_MARKS)
_MARKED = {
    "excludes": SQL("({})::int").format(_IS_MARKED),
    "reason": SQL("CASE WHEN {} THEN {} END").format(_IS_MARKED, _REASON),
}
# Those who corrected an answer are few, too.
_CORRECTED = SQL(
    "CASE WHEN p.id IN (SELECT participant_id FROM responses_correction) THEN"
    " (SELECT string_agg(DISTINCT item, ' ' ORDER BY item) FROM responses_correction"
    " WHERE participant_id = p.id) END"
)
_ABSENT = SQL(
    "WHEN {item} IS NULL THEN CASE WHEN jsonb_exists(p.not_shown, {code}) THEN {not_shown}"
    " WHEN jsonb_exists(p.answers, {code}) THEN {skipped}"
    " WHEN p.state = 'withdrawn' THEN {withdrawn} ELSE {not_reached} END"
)
# What is no value is an object, as which no answer begins that is there as text.
_IS_VALUE = {True: SQL("{item} NOT LIKE '{{%'"), False: SQL("jsonb_typeof({item}) = 'string'")}
_IS_MISSING = {
    True: SQL("{item} LIKE '{{%'"),
    False: SQL("jsonb_typeof({item} -> 'missing') = 'string'"),
}


@dataclass(frozen=True)
class Writing:
    """How the cells of a table are written.

    `typed` gives values of the column's type, else texts with nothing lost (fractions, the codes
    of options beside days), and instants. `kinds` are the codes that say why there is no number.
    `keys` are the numbers of all kinds of rows, which `of_row` tells in SQL. `texts` are the items
    whose answers are there as text.
    """

    keys: tuple[int, ...]
    typed: bool = True
    kinds: Kinds = field(default_factory=Kinds)
    of_row: LiteralString = "p.version_id"
    texts: frozenset[str] = frozenset()


def select_list(columns: Iterable[Column], writing: Writing) -> Composed:
    """The columns of a SELECT, each by its name."""
    columns = tuple(columns)
    writing = knowing_texts(columns, writing)
    return SQL(", ").join(
        SQL("{} AS {}").format(cell(column, writing), Identifier(column.variable.name))
        for column in columns
    )


def knowing_texts(columns: Iterable[Column], writing: Writing) -> Writing:
    """The writing for cells of these columns: it knows which answers `a` has as text."""
    texts = {item for item, type_ in _types(columns).items() if type_ == "text"}
    return replace(writing, texts=frozenset(texts))


def answers_of(columns: Iterable[Column]) -> Composed:
    """The join that gives `a`, with a column for each item that the columns ask for."""
    named = [
        SQL("{} {}").format(Identifier(item), SQL(type_)) for item, type_ in _types(columns).items()
    ]
    return _ANSWERS.format(items=SQL(", ").join(named)) if named else Composed([])


def _types(columns: Iterable[Column]) -> dict[str, LiteralString]:
    """The type that each item's answer has in `a`: of two versions either may need JSON."""
    types: dict[str, LiteralString] = {}
    for column in columns:
        for _, variable in column.sources:
            is_json = len(variable.source) > 2 or variable.type is Type.TEXT
            needed: LiteralString = "text"
            if variable.source[0] == "answers" and is_json:
                needed = "jsonb"
            for item in _items(variable):
                types[item] = "jsonb" if types.get(item) == "jsonb" else needed
    return types


def cell(column: Column, writing: Writing) -> Composed:
    """The value of a column in a row; NULL where it is secret."""
    value = _written(column.variable, _raw(column, writing), writing)
    return _UNBLINDED_ONLY.format(value=value) if column.blinded else value


def _items(variable: Variable) -> tuple[str, ...]:
    match variable.source:
        case ("answers", item, *_):
            return (item,)
        case ("score", _):
            return tuple(scored.item for scored in variable.scored)
        case ("not_reached" | "skipped" | "untouched", *items):
            return tuple(items)
    return ()


def _written(variable: Variable, value: Composed, writing: Writing) -> Composed:
    if variable.type is Type.NUMBER and variable.role is Role.TREATMENT:
        value = _FRACTION.format(value=value)
    if not writing.typed or variable.type is Type.TIME:
        return value
    types = {Type.INTEGER: "bigint", Type.NUMBER: "double precision", Type.DATE: "date"}
    return SQL("({value})::{type}").format(value=value, type=SQL(types.get(variable.type, "text")))


def _raw(column: Column, writing: Writing) -> Composed:
    places = {(each.source, each.scored) for _, each in column.sources}
    everywhere = len(column.sources) == len(writing.keys)
    if len(places) == 1 and (everywhere or not writing.kinds.codes):
        return _place(column.sources[0][1], column.variable, writing)
    # The versions keep it in different places, such as a factor that changed its randomisation.
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(key), _place(each, column.variable, writing))
        for key, each in column.sources
    )
    return SQL("CASE {} {} END").format(SQL(writing.of_row), cases)


def _place(  # noqa: PLR0911 # one for each kind of place
    here: Variable, variable: Variable, writing: Writing
) -> Composed:
    match here.source:
        case ("answers", item):
            return _answer(item, _text(item, writing), variable, writing)
        case ("answers", item, part, option):
            value = _PARTS[part].format(option=Literal(option), item=_of(item))
            return _answer(item, value, variable, writing)
        case ("score", _):
            return _score(here.scored, writing)
        case ("not_reached" | "skipped" | "untouched" as kind, *items):
            return _listed(kind, items, writing)
        case ("row", name):
            return SQL("c.{}").format(Identifier(name))
        case ("version", name):
            return SQL("v.{}").format(Identifier(name))
        case ("mark", name):
            return _MARKED[name]
        case ("corrections",):
            return Composed([_CORRECTED])
        case (column,) if variable.type is Type.LIST:
            return _LIST.format(value=SQL("p.{}").format(Identifier(column)))
        case (column,):
            return SQL("p.{}").format(Identifier(column))
        case ("orders", *codes):
            kept = [SQL("p.orders -> {}").format(Literal(code)) for code in codes]
            return _LIST.format(value=SQL("coalesce({})").format(SQL(", ").join(kept)))
        case (column, *inside):
            return SQL("(p.{} #>> {})").format(Identifier(column), Literal(list(inside)))
    raise ValueError(f"A variable needs a source, not {here.source!r}.")


def _of(item: str) -> Composed:
    return SQL("a.{}").format(Identifier(item))


def _text(item: str, writing: Writing) -> Composed:
    return _of(item) if item in writing.texts else _SCALAR.format(item=_of(item))


def _answer(item: str, value: Composed, variable: Variable, writing: Writing) -> Composed:
    """An answer's value; the code of an option that counts as none; nothing if it was not shown."""
    of, code = _of(item), Literal(item)
    kinds = writing.kinds.texts if variable.type in (Type.INTEGER, Type.NUMBER) else {}
    own = {str(option.missing): option.code for option in variable.values if option.missing}
    if writing.typed and variable.type is Type.DATE:
        own = {}
    said = {kind: kinds[kind] for kind in CHOSEN if kinds} | own
    absent = _ABSENT.format(item=of, code=code, **_literals(kinds, ABSENT)) if kinds else SQL("")
    return SQL("CASE {absent} WHEN {is_missing} THEN {said} ELSE {value} END").format(
        absent=absent,
        is_missing=_IS_MISSING[item in writing.texts].format(item=of),
        said=_cases(said, _text(item, writing)),
        value=value,
    )


def _literals(kinds: Mapping[str, str], names: Iterable[str]) -> dict[str, Literal]:
    return {name: Literal(kinds[name]) for name in names}


def _cases(codes: Mapping[str, str], text: Composed) -> Composed:
    """The code of the kind of missing that an answer names, which is the text of an object."""
    if not codes:
        return Composed([SQL("NULL")])
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(_as_text(kind)), Literal(code))
        for kind, code in codes.items()
    )
    return SQL("CASE {} {} END").format(text, cases)


def _as_text(kind: str) -> str:
    """An answer that says that there is none, as Postgres writes it."""
    return json.dumps(as_missing(kind))


def _listed(kind: str, items: list[str], writing: Writing) -> Composed:
    """The codes of the items of that kind, with spaces between; NULL if there are none."""
    named = [_named(kind, item, writing) for item in items]
    parts = [
        SQL("nullif(concat_ws(' ', {}), '')").format(SQL(", ").join(named[at : at + _ARGUMENTS]))
        for at in range(0, len(named), _ARGUMENTS)
    ]
    if not parts:
        return Composed([SQL("NULL")])
    return SQL("nullif(concat_ws(' ', {}), '')").format(SQL(", ").join(parts))


def _named(kind: str, item: str, writing: Writing) -> Composed:
    code = Literal(item)
    when = _LISTED[kind].format(
        item=_of(item), text=_text(item, writing), code=code, untouched=Literal(_as_text(kind))
    )
    return _NAMED.format(code=code, when=when)


def _score(scored: tuple[Scored, ...], writing: Writing) -> Composed:
    """The mean of the items' numbers, which is exact but for the one division, as the look's."""
    numbers = [_number(each, writing) for each in scored]
    return SQL("({})::float8 / {}").format(SQL(" + ").join(numbers), Literal(len(scored)))


def _number(scored: Scored, writing: Writing) -> Composed:
    value = SQL("({})::bigint").format(_text(scored.item, writing))
    if scored.is_reversed:
        code, number = scored.numbers[0]
        value = SQL("{} - {}").format(Literal(int(code) + number), value)
    is_value = _IS_VALUE[scored.item in writing.texts].format(item=_of(scored.item))
    return SQL("CASE WHEN {} THEN {} END").format(is_value, value)
