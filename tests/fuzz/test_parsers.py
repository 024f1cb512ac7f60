"""Parsers given odd input keep within their errors, a second of CPU time and 200 MB; and a parser
that does not is found, with the smallest input that shows it.
"""

from typing import Any

import pytest

from tests.fuzz.bounded import Child, child, minimal
from tests.fuzz.parsers import Finding, Tally, fuzz, table
from tests.fuzz.targets import TARGETS

# The same cases every time: `make fuzz` looks for others.
SEED = "tests"
FEW, MANY = 8, 120


def test_parsers_hold_on_some_cases() -> None:
    found = fuzz(seed=SEED, cases=FEW)
    assert [str(each) for tally in found.values() for each in tally.findings] == []
    assert {name: tally.cases for name, tally in found.items()} == dict.fromkeys(TARGETS, FEW)


@pytest.mark.slow
def test_parsers_hold_on_many_cases() -> None:
    found = fuzz(seed="slow", cases=MANY)
    assert [str(each) for tally in found.values() for each in tally.findings] == []


def test_what_a_parser_does_wrong_is_found_and_made_small() -> None:
    with child(faulty=True) as runner:
        folder = runner.folder
        found = {data: _told(runner, data) for data in (b"an ! and more", b"x$x", b"?", b"fine")}
        small = {
            data: minimal(runner, "faulty", data, told)
            for data, told in found.items()
            if told["kind"]
        }
    assert {data: told["kind"] for data, told in found.items()} == {
        **{b"an ! and more": "error", b"x$x": "memory"},
        **{b"?": "", b"fine": ""},
    }
    assert small == {b"an ! and more": b"!", b"x$x": b"$"}
    assert found[b"x$x"]["memory"] < 200 * 1024**2
    assert (folder.exists(), runner.process) == (False, None)


@pytest.mark.slow
@pytest.mark.parametrize(("data", "kind"), [(b"~", "slow"), (b"^", "crash"), (b"`", "hang")])
def test_case_that_takes_too_long_or_dies_is_found_and_others_go_on(data: bytes, kind: str) -> None:
    with child(faulty=True) as runner:
        assert [_told(runner, each)["kind"] for each in (data, b"fine")] == [kind, ""]


def test_table_has_a_line_for_each_parser() -> None:
    finding = Finding("sheets", "error", "ValueError: x at a.py:1", 7, b"\0")
    tallies = {"sheets": Tally(1200, 2.0, 0.5, 3 * 1024**2, [finding]), "texts": Tally(3)}
    assert table(tallies).splitlines()[2:] == [
        "| sheets | 1,200 | 2 | 0.50 | 3 | 1 |",
        "| texts | 3 | 0 | 0.00 | 0 | 0 |",
        "| all | 1,203 | 2 | | | 1 |",
    ]
    assert str(finding) == "sheets, case 7: error ValueError: x at a.py:1\n    b'\\x00'"


def _told(runner: Child, data: bytes) -> dict[str, Any]:
    return runner.outcome("faulty", data)
