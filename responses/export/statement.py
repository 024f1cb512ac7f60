"""The one SQL statement that writes a data set as CSV, rows in the order of entry."""

from psycopg.sql import SQL, Composed, Identifier, Literal

from experiments.variables import Role, Type, Variable
from responses.export.dataset import Column, Dataset

# What a spreadsheet could take for the start of a formula, the full-width forms included, and
# the apostrophe itself, so that taking one away from every text that begins with one gives back
# what was written. After OWASP, "CSV Injection".
GUARDED = "=+@\t\r\n＝＋－＠'-"
_BEGINS = Literal(f"^[{GUARDED}]")
_MARKED = Literal(r"'\&")

_COPY = SQL(
    "COPY (SELECT {columns} FROM responses_participant p"
    " JOIN experiments_designversion v ON v.id = p.version_id {answers}"
    " WHERE p.study_id = {study} AND p.mode = {mode} ORDER BY p.id)"
    " TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
)
# Opens each participant's answers once, however many items there are.
_ANSWERS = SQL("CROSS JOIN LATERAL jsonb_to_record(p.answers) AS a({items})")
_TIME = SQL("""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")
# A fraction such as 1/6; numeric division keeps 16 significant digits or more.
_FRACTION = SQL(
    "trim_scale(split_part({value}, '/', 1)::numeric"
    " / coalesce(nullif(split_part({value}, '/', 2), ''), '1')::numeric)"
)
_LIST = SQL(
    "(SELECT string_agg(code, ' ' ORDER BY at)"
    " FROM jsonb_array_elements_text({value}) WITH ORDINALITY AS each(code, at))"
)
_UNTOUCHED = SQL(
    "(SELECT coalesce(jsonb_agg(code ORDER BY code), '[]')"
    " FROM jsonb_each(p.answers) AS each(code, said)"
    " WHERE jsonb_typeof(said) = 'object' AND said ->> 'missing' = 'untouched')"
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
_GUARD = SQL("regexp_replace({value}, {begins}, {marked})")
_UNBLINDED_ONLY = SQL("CASE WHEN p.first_look IS NOT NULL THEN {value} END")


def copy_statement(dataset: Dataset) -> Composed:
    """COPY … TO STDOUT of the data set: a header row, then one row per participant."""
    columns = SQL(", ").join(
        SQL("{} AS {}").format(_value(column), Identifier(column.variable.name))
        for column in dataset.columns
    )
    return _COPY.format(
        columns=columns,
        answers=_answers(dataset),
        study=Literal(dataset.study_id),
        mode=Literal(str(dataset.mode)),
    )


def _answers(dataset: Dataset) -> Composed:
    sources = (source for column in dataset.columns for _, source in column.sources)
    # Two versions may ask the same item; a record names it once.
    items = dict.fromkeys(path[1] for path in sources if path[0] == "answers")
    named = SQL(", ").join(SQL("{} jsonb").format(Identifier(item)) for item in items)
    return _ANSWERS.format(items=named) if items else Composed([])


def _value(column: Column) -> Composed:
    value = _written(column, _raw(column))
    return _UNBLINDED_ONLY.format(value=value) if column.blinded else value


def _written(column: Column, value: Composed) -> Composed:
    if column.guarded:
        return _GUARD.format(value=value, begins=_BEGINS, marked=_MARKED)
    match column.variable.type:
        case Type.TIME:
            return _TIME.format(value=value)
        case Type.NUMBER if column.variable.role is Role.TREATMENT:
            return _FRACTION.format(value=value)
        case Type.LIST:
            return _LIST.format(value=value)
        case _:
            return value


def _raw(column: Column) -> Composed:
    places = {path for _, path in column.sources}
    if len(places) == 1:
        return _place(places.pop(), column.variable)
    # The versions keep it in different places, such as a factor that changed its randomisation.
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(version_id), _place(path, column.variable))
        for version_id, path in column.sources
    )
    return SQL("CASE p.version_id {} END").format(cases)


def _place(  # noqa: PLR0911 # one for each kind of place
    path: tuple[str, ...], variable: Variable
) -> Composed:
    match path:
        case ("answers", item):
            return _answer(item, _SCALAR, variable)
        case ("answers", item, part, option):
            return _answer(
                item, _PARTS[part].format(option=Literal(option), item=_of(item)), variable
            )
        case ("untouched",):
            return Composed([_UNTOUCHED])
        case ("version", name):
            return SQL("v.{}").format(Identifier(name))
        case (column,):
            return SQL("p.{}").format(Identifier(column))
        case ("orders", *codes):
            kept = [SQL("p.orders -> {}").format(Literal(code)) for code in codes]
            return SQL("coalesce({})").format(SQL(", ").join(kept))
        case (column, *inside):
            return SQL("(p.{} #>> {})").format(Identifier(column), Literal(list(inside)))
    raise ValueError(f"A variable needs a source, not {path!r}.")


def _of(item: str) -> Composed:
    return SQL("a.{}").format(Identifier(item))


def _answer(item: str, value: Composed | SQL, variable: Variable) -> Composed:
    """An answer's value; the code of an option that counts as none; nothing if it was not shown."""
    codes = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(str(option.missing)), Literal(option.code))
        for option in variable.values
        if option.missing
    )
    missing = SQL("CASE {item} ->> 'missing' {codes} END") if codes.as_string() else SQL("NULL")
    said = SQL(
        "CASE WHEN jsonb_exists(p.not_shown, {code}) THEN NULL"
        " WHEN jsonb_typeof({item} -> 'missing') = 'string' THEN {missing} ELSE {value} END"
    )
    of = _of(item)
    return said.format(
        code=Literal(item),
        item=of,
        missing=missing.format(item=of, codes=codes) if codes.as_string() else missing,
        value=value.format(item=of) if isinstance(value, SQL) else value,
    )
