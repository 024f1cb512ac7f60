"""Our numbers against other programs'; the tolerances and their reasons stand in comparison.py."""

from tests.reference.comparison import TABLE, compared, table


def test_numbers_equal_those_of_the_reference_programs() -> None:
    rows = list(compared())
    assert len(rows) > 200
    assert [row for row in rows if not abs(row.ours - row.reference) <= row.tolerance] == []


def test_docs_table_is_up_to_date() -> None:
    written = TABLE.read()
    assert written == table(), "Run `python -m tests.reference.comparison`."
