"""verify_ledger.py by itself: ledgers of every method hold, and what was tampered with is named."""

import ast
import contextlib
import io
import math
import runpy
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.design import Design, Distance, DrawOrder, Method
from experiments.randomisation import reduced
from responses.export.ledger import CHECK
from tests.changed import changed
from tests.designs import small
from tests.responses.export.built import Built, built, chained, genesis
from tests.responses.export.checking import commitment, write_rows


def by(method: Method, weights: tuple[int, ...] = (1, 1, 1, 1, 1, 1), **step: Any) -> Design:
    """A design of six arms at most, by that method."""
    design = small(rewards=3)
    arms = design.randomisations[0].arms[: len(weights)]
    weighed = tuple(replace(arm, weight=n) for arm, n in zip(arms, weights, strict=True))
    values = {"strata": (), "block_sizes": (), "method": method, "arms": weighed, **step}
    return changed(design, {f"randomisations[0].{name}": each for name, each in values.items()})


BLOCKS = Method.PERMUTED_BLOCKS
BALANCED: dict[str, Any] = {
    "covariates": ("gender", "education"),
    "covariate_weights": (2, 1),
    "coin": 0.85,
}
DESIGNS = {
    "blocks": by(BLOCKS, block_sizes=(6, 12)),
    "one size": by(BLOCKS, (1, 2, 0), block_sizes=(6,)),
    "strata": by(BLOCKS, (1, 1, 2), strata=("gender",), block_sizes=(4, 8)),
    "simple": by(Method.SIMPLE, (3, 1, 2)),
    "complete": by(Method.COMPLETE, (5, 5, 0, 2)),
    "reuse": by(BLOCKS, block_sizes=(6, 12), reuse_after_minutes=60),
    "simple reuse": by(Method.SIMPLE, (3, 1, 2), reuse_after_minutes=60),
    "range": by(Method.MINIMISATION, (2, 1, 1, 0), **BALANCED),
    "variance": by(Method.MINIMISATION, (1, 2, 3), **BALANCED, distance=Distance.VARIANCE),
    "balance": by(Method.MINIMISATION, **BALANCED, distance=Distance.MARGINAL_BALANCE),
    "completes": by(Method.TOWARD_COMPLETES, (2, 1, 0, 1), coin=0.7),
    "deck": by(Method.DECK, draws=4, deck_interactions=True),
    "seamless deck": by(Method.DECK, (1, 2, 1, 1, 1, 1), draws=3),
    "latin deck": by(Method.DECK, (1,) * 5, draws=3, draw_order=DrawOrder.LATIN),
    "williams, odd": by(Method.DECK, (1,) * 5, draws=3, draw_order=DrawOrder.WILLIAMS),
    "williams, even": by(Method.DECK, (1,) * 6, draws=4, draw_order=DrawOrder.WILLIAMS),
    "clusters": by(BLOCKS, block_sizes=(6,), cluster="school"),
    "simple clusters": by(Method.SIMPLE, (1, 2), cluster="school"),
}


def written(folder: Path, design: Design, people: int = 30, number: int = 1) -> Built:
    ledger = built(design, people, number)
    ledger.write(folder)
    return ledger


def run(folder: Path) -> tuple[int, str]:
    """As `told`, in this process, which is faster."""
    out, arguments = io.StringIO(), sys.argv
    sys.argv = [str(CHECK), str(folder)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            runpy.run_path(str(CHECK), run_name="__main__")
    except SystemExit as ended:
        return (ended.code, out.getvalue()) if isinstance(ended.code, int) else (1, str(ended.code))
    finally:
        sys.argv = arguments
    return 0, out.getvalue()


def test_check_is_short_and_asks_for_the_standard_library_of_3_9_alone() -> None:
    text = CHECK.read_text()
    assert len(text.splitlines()) < 150
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_ledger_of_every_method_holds(tmp_path: Path, design: Design) -> None:
    ledger = written(tmp_path, design, people=40)
    line = f"{len(ledger.rows)} allocations in {len(ledger.heads)} lists replay. "
    assert run(tmp_path) == (0, f"{line}The seed's SHA-256: {commitment(tmp_path)}\n")


# What somebody who can compute digests says of a row, under a method that has one list.
FORGED = [
    ("simple", {"arm": "money.low"}, "the arm is money.low, not "),
    ("blocks", {"block": "9"}, "the block is 9, not 0."),
    ("complete", {"probability": "1/2"}, "the probability is 1/2, not "),
    ("range", {"covariates": "gender=x"}, "it can't have been drawn by what it says."),
    ("range", {"covariates": "rubbish"}, "it can't have been drawn by what it says."),
    ("completes", {"covariates": "none.low=9"}, "it can't have been drawn by what it says."),
    ("reuse", {"releases": "7"}, "it can't have been drawn by what it says."),
    ("blocks", {"releases": "0"}, "it can't have been drawn by what it says."),
    ("deck", {"draw": "1"}, "the draw is 1, not 2."),
]


@pytest.mark.parametrize(("design", "cells", "line"), FORGED)
def test_row_of_a_forger_who_mends_the_chain_is_named(
    tmp_path: Path, design: str, cells: dict[str, str], line: str
) -> None:
    """At position 5, of which the arm in DESIGNS is another."""
    ledger = written(tmp_path, DESIGNS[design])
    assert ledger.rows[5] != ledger.rows[5] | cells
    draws = [row | cells if row["position"] == "5" else row for row in ledger.rows]
    write_rows(tmp_path, mended(ledger, draws))
    write_rows(tmp_path, ledger.heads, "heads.csv")
    code, said = run(tmp_path)
    assert (code, said.startswith(f"Version 1, main, live, position 5: {line}")) == (1, True), said


def mended(ledger: Built, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of the only list with a chain that holds, which the head ends."""
    before = genesis(ledger.design, ledger.step.code, "")
    new = []
    for row in rows:
        before = chained(before, row)
        new.append(row | {"digest": before.hex()})
    ledger.heads[0]["digest"] = before.hex()
    return new


def test_participant_who_lacks_a_vignette_is_found(tmp_path: Path) -> None:
    ledger = written(tmp_path, DESIGNS["deck"], people=2)
    rows = mended(ledger, ledger.rows[:7])
    write_rows(tmp_path, rows)
    write_rows(tmp_path, [ledger.heads[0] | {"next_position": "7"}], "heads.csv")
    ends = [[number, "0", rows[-1]["digest"]] for number in ("4", "7")]
    line = f"Version 1, main, live, position 7: the rows end at {ends[0]}, the head says {ends[1]}."
    assert run(tmp_path) == (1, line)


def test_cluster_that_has_two_rows_or_no_members_is_found(tmp_path: Path) -> None:
    ledger = written(tmp_path, DESIGNS["clusters"], people=4)
    names = [row["covariates"] for row in ledger.rows if not row["stratum"]]
    members = [row for row in ledger.rows if row["stratum"]]
    own = [row | {"covariates": names[min(at, 2)]} for at, row in enumerate(ledger.rows[:4])]
    write_rows(tmp_path, [*mended(ledger, own), *members])
    write_rows(tmp_path, ledger.heads, "heads.csv")
    line = "Version 1, main, live, position 3: its cluster has a row already."
    assert run(tmp_path) == (1, line)
    ledger = written(tmp_path, DESIGNS["clusters"], people=4)
    write_rows(tmp_path, [row for row in ledger.rows if row["stratum"] != names[1]])
    left = [head for head in ledger.heads if head["stratum"] != names[1]]
    write_rows(tmp_path, left, "heads.csv")
    line = f"Version 1, main, live, {names[1]}: it has no head, or no members."
    assert run(tmp_path) == (1, line)


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.slow
def test_every_changed_cell_is_found(tmp_path: Path, design: Design) -> None:
    ledger = written(tmp_path, design, people=8)
    for name, rows in (("ledger.csv", ledger.rows), ("heads.csv", ledger.heads)):
        for at, row in enumerate(rows):
            for column, value in row.items():
                changed_rows = [*rows[:at], row | {column: f"{value}1"}, *rows[at + 1 :]]
                write_rows(tmp_path, changed_rows, name)
                code, line = run(tmp_path)
                assert code, (column, row)
                if name == "ledger.csv" and column not in ("version", "randomisation", "mode"):
                    assert f"position {row['position']}" in line, (column, row, line)
        write_rows(tmp_path, rows, name)
    assert run(tmp_path)[0] == 0


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Any method with any weights, sizes, coin, distance, draws and order that can be."""
    method = draw(st.sampled_from(list(Method)))
    weights = tuple(draw(st.lists(st.integers(0, 4), min_size=2, max_size=6).filter(any)))
    step: dict[str, Any] = {}
    if method is BLOCKS:
        lowest = sum(reduced(weights))
        multiples = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)
        step["block_sizes"] = tuple(lowest * each for each in draw(multiples))
    if method in (BLOCKS, Method.COMPLETE, Method.SIMPLE):
        step |= draw(st.sampled_from([{}, {"reuse_after_minutes": 60}, {"cluster": "school"}]))
    if method is Method.DECK:
        step["draws"] = draw(st.integers(1, len(weights)))
        step["draw_order"] = draw(st.sampled_from(list(DrawOrder)))
    if method is Method.MINIMISATION:
        step["covariates"] = ("gender", "education")
        step["covariate_weights"] = draw(st.sampled_from([(), (2, 1), (1, 7)]))
        step["distance"] = draw(st.sampled_from(list(Distance)))
    fair = min(filter(None, weights)) / sum(weights)
    # Upwards, since a coin that favours no arm is none.
    step["coin"] = math.ceil(1000 * draw(st.floats(fair, 1))) / 1000
    return by(method, weights, **step)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(designs(), st.integers(0, 25), st.integers(0, 2**64))
def test_ledger_of_any_design_holds_and_no_cell_can_be_changed(
    design: Design, people: int, number: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        ledger = written(folder, design, people, number)
        assert run(folder)[0] == 0
        if ledger.rows:
            chance = Random(number)
            row, column = chance.choice(ledger.rows), chance.choice(list(ledger.rows[0]))
            others = {each[column] for each in ledger.rows} | {f"{row[column]}0", "0", ""}
            row[column] = chance.choice(sorted(others - {row[column]}))
            ledger.write(folder)
            assert run(folder)[0]
