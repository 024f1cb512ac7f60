"""The benchmark itself: its respondents come through, and its floor is a floor."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from benchmarks.counting import Counted, counted_in_product
from benchmarks.load import run_load
from benchmarks.measuring import percentile
from benchmarks.respondent import at_random
from benchmarks.table import line_of, rows_of
from coprod_site.embedded import ROOT
from rehearsal.forms import Form, read_form
from responses.models import Submission
from tests.responses.studies import launched

FORM = """
<form id="page">
  <input type="hidden" name="nonce" value="abc">
  <input type="radio" name="consent" value="agree" required>
  <input type="radio" name="consent" value="decline" required>
  <input type="radio" name="mood" value="1"><input type="radio" name="mood" value="2">
  <select name="age" required><option value=""></option><option value="-9">None</option></select>
  <textarea name="comment"></textarea>
  <button type="submit" name="move" value="next">Next</button>
</form>
"""


def test_load_agrees_with_the_database(live_site: str) -> None:
    launched()
    load = run_load(live_site, "/s/park/", journeys=3, in_flight=2, seed="test")
    assert load.errors == {}
    # Consent, about, story, opinion: four forms each; the end page has none.
    assert (load.completed, load.submissions) == (3, 12)
    assert (len(load.gets), len(load.posts)) == (15, 12)
    counted = counted_in_product("park")
    assert counted == Counted(3, 12, {4: 3}, 0, True, counted.ledger)


def test_page_that_is_stored_twice_is_counted(live_site: str) -> None:
    launched()
    run_load(live_site, "/s/park/", journeys=2, in_flight=1, seed="test")
    last = Submission.objects.latest("id")
    Submission.objects.create(
        participant=last.participant,
        revision=last.revision + 1,
        page=last.page,
        language=last.language,
        answers=last.answers,
    )
    counted = counted_in_product("park")
    assert (counted.submissions, counted.submitted, counted.twice) == (9, {4: 1, 5: 1}, 1)


def test_load_counts_what_goes_wrong(live_site: str) -> None:
    load = run_load(live_site, "/s/nowhere/", journeys=2, in_flight=1, seed="test")
    assert (load.completed, load.errors) == (0, {"GET was answered with 404": 2})


def test_filled_form_is_what_a_browser_sends() -> None:
    form = read_form(FORM)
    assert form
    seen = [sent(form, seed) for seed in range(200)]
    assert all(
        (fields["nonce"], fields["consent"], fields["age"], fields["move"])
        == (["abc"], ["agree"], ["-9"], ["next"])
        for fields in seen
    )
    assert {tuple(fields.get("mood", ())) for fields in seen} == {(), ("1",), ("2",)}
    assert [""] in [fields["comment"] for fields in seen]
    assert seen == [sent(form, seed) for seed in range(200)]


def sent(form: Form, seed: int) -> dict[str, list[str]]:
    """What the respondent of that seed would send."""
    return form.sent(at_random(Random(seed))(form))


def test_percentile_interpolates() -> None:
    assert percentile([float(number) for number in range(101)], 99) == 99


@pytest.mark.slow
def test_bench_ends_with_its_ratio(tmp_path: "os.PathLike[str]") -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.pages", "--journeys=6", "--repeats=1"),
            *("--in-flight", "2", "4"),
        ],
        cwd=ROOT,
        env={**os.environ, "COPROD_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"ratio to floor: \d+\.\d\d", done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_bench_of_a_burst_loses_nobody_and_is_in_the_table() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        short = ("--arrivals=12", "--seconds=1", "--think=0.01", "--systems", "product")
        done = run_bench(folder, "benchmarks.burst", *short)
        figures = figures_of(done)
    assert done.returncode == 0, done.stdout + done.stderr
    (rate, *others) = rows_of("burst", figures)
    assert (rate.what, rate.unit, len(rate.values)) == ("product", "participants/s", 1)
    # Valkey may take less than the hundredth of a second that the kernel counts in.
    worker, beat, _ = rate.beside
    assert worker
    assert beat is not None
    assert [row.what for row in others] == [
        "product: request, p99",
        "product: everybody is through",
        "product: first page, p99",
        "product: longest wait",
        "product: at once at most",
        "product: errors",
    ]


@pytest.mark.slow
def test_bench_beside_the_desk_opens_its_pages_and_loses_nobody() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        short = ("--participants=50", "--seconds=3", "--per-second=2", "--repeats=1")
        done = run_bench(folder, "benchmarks.admin", *short)
        figures = figures_of(done)
    assert done.returncode == 0, done.stdout + done.stderr
    assert figures["errors"] == []
    assert figures["desk"]
    assert line_of(rows_of("admin", figures)[0]).startswith("admin      participants, quiet: ")


@pytest.mark.slow
def test_bench_of_allocation_ends_well() -> None:
    # Not in pytest's folder: another session of it would shut Postgres's account out meanwhile.
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        done = run_bench(folder, "benchmarks.allocation", "--transactions=20", "--repeats=1")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = dict(re.findall(r"^([\w ]+): 700 done, 700 kept\.(.*)$", done.stdout, re.MULTILINE))
    assert kept == {
        "bare UPDATE": "",
        "bare INSERT": "",
        "list in advance": "",
        "allocation": " 700 allocations in 1 lists replay; 700 are linked to participants.",
        "6 lists": " 700 allocations in 6 lists replay; 700 are linked to participants.",
        "minimisation": " 700 allocations in 1 lists replay; 700 are linked to participants.",
    }


@pytest.mark.slow
def test_bench_of_looks_finds_the_same_numbers() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        done = run_bench(
            folder,
            "benchmarks.looks",
            "--rows=20000",
            "--repeats=1",
            "--participants",
            "200",
            "500",
        )
        figures = figures_of(done)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^largest relative difference: \S+$", done.stdout, re.MULTILINE)
    assert re.search(r"^A look of 500 participants: ", done.stdout, re.MULTILINE)
    assert grown_in(figures["powers"]) >= {"seconds by the clock", "CPU seconds"}


@pytest.mark.slow
def test_bench_of_exports_tells_how_they_grow() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        short = ("--participants", "300", "900", "--repeats=2", "--formats", "csv")
        done = run_bench(folder, "benchmarks.export", *short)
        figures = figures_of(done)
    # Of so few it may take longer than it may of many.
    assert list(figures["sizes"]) == ["300", "900"], done.stdout + done.stderr
    told = {"seconds", "bytes of the file", "memory"}
    assert {system: grown_in(each) for system, each in figures["powers"].items()} == {
        "bare COPY": told,
        "csv": told,
    }
    assert "csv: seconds, power" in {row.what for row in rows_of("export", figures)}
    size = figures["powers"]["csv"]["bytes of the file"]
    # Three times as many rows below the same first line.
    assert 0.9 < size["lowest"] <= size["power"] <= size["highest"] < 1


@pytest.mark.slow
def test_plans_of_a_participants_statements_are_told() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        done = run_bench(folder, "benchmarks.plans", "--participants=100")
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r"^(.*), 100 participants\n(\w[\w ]*)  rows \d, ", done.stdout, re.MULTILINE)
    assert told == [
        ("who enters, with their first page", "CTE Scan"),
        ("read of a POST, and of a GET without a vignette", "Nested Loop"),
        ("GET of a vignette, with the exposure", "CTE Scan"),
        ("a page stored", "Insert responses_submission"),
        ("the page before the vignette stored, with a position", "Nested Loop"),
    ]


def grown_in(powers: dict[str, Any]) -> set[str]:
    """The figures that have a slope."""
    return {name for name, each in powers.items() if each}


@pytest.mark.slow
def test_bench_of_an_export_meanwhile_makes_files_and_loses_nobody() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        short = ("--participants=500", "--seconds=2", "--per-second=4")
        done = run_bench(folder, "benchmarks.export.meanwhile", *short)
    # How long participants wait is no test's business.
    assert re.search(r"^ratio of p95 in [1-9]", done.stdout, re.MULTILINE), done.stderr
    assert re.search(r"^[1-9][\d,]* bytes in \d+ s, .*, 0 errors$", done.stdout, re.MULTILINE)


def figures_of(done: "subprocess.CompletedProcess[str]") -> Any:
    """What it wrote."""
    (path,) = re.findall(r"^All figures: (.*)$", done.stdout, re.MULTILINE) or [""]
    assert path, done.stdout + done.stderr
    return json.loads(Path(path).read_text())


def run_bench(folder: str, module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A short run of it, with its results in that folder."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "COPROD_VAR": folder},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_tables_are_cut_while_participants_answer() -> None:
    """A rehearsal with kills, load, exports and a dump; it ends with 1 if anything differs."""
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        sizes = ("--participants=500", "--journeys=8", "--kills=1")
        done = run_bench(folder, "benchmarks.partitions", *sizes)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^wrong: \[\]$", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_capacity_is_held_against_half_and_whole_machine() -> None:
    with TemporaryDirectory(prefix="coprod-bench-") as folder:
        sizes = ("--journeys=6", "--calm=4", "--rest=6", "--repeats=1")
        done = run_bench(folder, "benchmarks.capacity.check", *sizes)
    assert done.returncode == 0, done.stdout + done.stderr
    places = re.findall(r"^\| (\w+), respondents", done.stdout, re.MULTILINE)
    assert places == ["half", "half", "whole"]
