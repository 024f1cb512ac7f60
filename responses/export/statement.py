"""The one SQL statement that writes a data set as CSV, rows in the order of entry."""

from psycopg.sql import SQL, Composed, Identifier, Literal

from experiments.variables import Type
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
    named = SQL(", ").join(SQL("{} text").format(Identifier(item)) for item in items)
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
        case Type.NUMBER:
            return _FRACTION.format(value=value)
        case _:
            return value


def _raw(column: Column) -> Composed:
    places = {path for _, path in column.sources}
    if len(places) == 1:
        return _place(places.pop())
    # The versions keep it in different places, such as a factor that changed its randomisation.
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(version_id), _place(path))
        for version_id, path in column.sources
    )
    return SQL("CASE p.version_id {} END").format(cases)


def _place(path: tuple[str, ...]) -> Composed:
    match path:
        case ("answers", item):
            return SQL("a.{}").format(Identifier(item))
        case ("version", name):
            return SQL("v.{}").format(Identifier(name))
        case (column,):
            return SQL("p.{}").format(Identifier(column))
        case (column, *inside):
            return SQL("(p.{} #>> {})").format(Identifier(column), Literal(list(inside)))
    raise ValueError(f"A variable needs a source, not {path!r}.")
