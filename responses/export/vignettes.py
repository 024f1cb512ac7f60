"""The table with a row for each vignette that somebody was given."""

from psycopg.sql import SQL, Composed, Literal

from experiments.variables.vignettes import VignetteRows, vignette_rows
from responses.export.cells import Writing, answers_of, select_list
from responses.export.dataset import Column, Dataset, union
from responses.export.histories import people
from responses.export.kinds import Kinds
from responses.export.table import Table

_ROWS = SQL("""
SELECT {columns} FROM {people}
CROSS JOIN LATERAL (
    SELECT * FROM (VALUES {rows}) AS r(place, version_id, deck, draw, step)
    WHERE r.version_id = p.version_id AND CASE r.step WHEN '' THEN p.assignments <> '{{}}'
        ELSE jsonb_exists(p.assignments, r.step) END
    ORDER BY place OFFSET 0
) c {answers} ORDER BY p.id, c.place
""")


def vignettes_table(dataset: Dataset, kinds: Kinds) -> Table:
    """A row for each vignette of a deck, in the order of its draws, or for the only one.

    Everything that changes from draw to draw stands under the code that the design as it is
    written gives it.
    """
    rows = [
        (version, each) for version, design in dataset.versions for each in vignette_rows(design)
    ]
    places = tuple(range(len(rows)))
    every = union(((at, rows[at][1].variables) for at in places), dataset.blind)
    columns = dataset.without_left_out(every)
    typed = Writing(places, kinds=kinds, of_row="c.place")
    texts = Writing(places, typed=False, kinds=kinds, of_row="c.place")
    return Table(
        "vignettes",
        tuple(column.variable for column in columns),
        _statement(dataset, rows, columns, typed),
        kinds.codes,
        _statement(dataset, rows, columns, texts),
    )


def _statement(
    dataset: Dataset,
    rows: list[tuple[int, VignetteRows]],
    columns: tuple[Column, ...],
    writing: Writing,
) -> Composed:
    values = [
        SQL("({}::int, {}::bigint, {}::text, {}::int, {}::text)").format(
            *map(Literal, (at, version, each.deck, each.draw, each.step))
        )
        for at, (version, each) in enumerate(rows)
    ]
    return _ROWS.format(
        columns=select_list(columns, writing),
        people=people(dataset),
        rows=SQL(", ").join(values),
        answers=answers_of(columns),
    )
