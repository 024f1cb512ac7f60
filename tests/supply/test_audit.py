"""What is known against a package stops a check; what could not be asked is never called clear."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coprod_site.embedded import ROOT
from supply.known import Finding, LetBe, Told, held, read
from supply.locks import Pin, pins
from tests.processes import free_port
from tests.supply.service import TOUCHSTONE, known, service

LOCKS = ("requirements.lock", "requirements-dev.lock")
KNOWS = {TOUCHSTONE: [known("jinja2", "PYSEC-2019-217", "2.10.1")]}
LOCK = "".join(
    f"{package} \\\n    --hash=sha256:{'0' * 64}\n"
    for package in ("numpy==2.4.6 ; python_full_version < '3.12'", "six==1.17.0")
)
NOT_FOUND_OUT = "Whether anything is known against the packages was not found out"


def audited(locks: tuple[Path, ...], **environment: str) -> tuple[int, str]:
    """The exit code of an audit, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "supply.audit", *map(str, locks)],
        cwd=ROOT,
        env={**os.environ, "AUDIT": "", "NO_PROXY": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file, one of whose packages is for other machines alone."""
    path = tmp_path / "small.lock"
    path.write_text(LOCK)
    return path


def test_what_is_known_against_any_package_stops_the_check(lock: Path) -> None:
    against = {("numpy", "2.4.6"): [known("numpy", "PYSEC-2026-1", "2.4.7", "2.5.1")]}
    with service(KNOWS | against) as (url, asked):
        assert audited((lock,), AUDIT_URL=url) == (
            1,
            f"1 known against packages of the lock files, says {url}:\n"
            "  numpy 2.4.6: PYSEC-2026-1, CVE-2026-1, mended in 2.4.7, 2.5.1\n",
        )
    assert sorted(asked) == [TOUCHSTONE, ("numpy", "2.4.6"), ("six", "1.17.0")]


@pytest.mark.parametrize(
    ("required", "code"), [("", 0), pytest.param("required", 1, marks=pytest.mark.slow)]
)
def test_service_that_is_not_there_is_told_and_calls_nothing_clear(
    required: str, code: int, lock: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1/query"
    ended, said = audited((lock,), AUDIT_URL=url, AUDIT=required)
    assert (ended, said.startswith(f"NOT AUDITED: could not reach {url} (")) == (code, True), said
    assert (NOT_FOUND_OUT in said, "Audited" in said) == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize(("required", "code"), [("", 0), ("required", 1)])
def test_index_that_is_not_there_is_told_too(required: str, code: int, lock: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    ended, said = audited((lock,), HTTPS_PROXY=nobody, AUDIT=required, AUDIT_URL="")
    assert ended == code
    assert said.startswith("NOT AUDITED: could not reach the package index ("), said


@pytest.mark.slow
@pytest.mark.parametrize("answer", [b"{}", b"<html>Log in to the network of this hotel.</html>"])
def test_answers_of_who_knows_nothing_are_not_taken_for_clear(answer: bytes, lock: Path) -> None:
    with service({}, answer=answer) as (url, asked):
        code, said = audited((lock,), AUDIT_URL=url)
    assert (code, said.startswith("NOT AUDITED: "), NOT_FOUND_OUT in said) == (0, True, True), said
    assert asked == [TOUCHSTONE], "no more is asked of it"


@pytest.mark.slow
def test_every_package_of_both_lock_files_is_asked_for_once_in_each_version() -> None:
    releases = {
        (pin.name, pin.version) for name in LOCKS for pin in pins((ROOT / name).read_text())
    }
    with service(KNOWS) as (url, asked):
        assert audited(tuple(ROOT / name for name in LOCKS), AUDIT_URL=url, AUDIT="required") == (
            0,
            f"Audited: {url} knows nothing against {len(releases)} packages that counts.\n",
        )
    assert sorted(asked) == sorted([TOUCHSTONE, *releases])


PINS = [Pin("six", "1.17.0", "", ()), Pin("numpy", "2.5.5", "", ())]
NUMPY = {"name": "numpy", "version": "2.5.5", "vulns": []}


def test_package_that_was_passed_over_or_forgotten_is_not_clear() -> None:
    passed_over = {"name": "six", "skip_reason": "Dependency not found and could not be audited"}
    for six in ([passed_over], []):
        report = json.dumps({"dependencies": [*six, NUMPY], "fixes": []})
        assert read(report, PINS) == Told(untold=("six 1.17.0",))


@pytest.mark.parametrize("report", ["", "[]", "{}", '{"dependencies": [{"name": "six"}]}'])
def test_what_is_no_report_is_none(report: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of json or of ours
        read(report, PINS)


def test_finding_is_let_be_by_any_of_its_names_until_a_day_and_not_after() -> None:
    finding = Finding("numpy 2.5.5", ("PYSEC-2026-1", "CVE-2026-1"), ())
    day = datetime.date(2027, 1, 31)
    why = LetBe("CVE-2026-1", "no page parses such a file", day)
    assert held([finding], [why], day) == ([], [(finding, why)])
    assert held([finding], [why], day + datetime.timedelta(1)) == ([finding], [])
    assert str(finding) == "numpy 2.5.5: PYSEC-2026-1, CVE-2026-1, not mended anywhere"


def test_line_that_is_no_pin_is_no_lock() -> None:
    for line in ("numpy>=2 \\", "-e .", "numpy @ https://example.org/numpy.whl \\"):
        with pytest.raises(ValueError, match="line 1 of the lock"):
            pins(f"{line}\n")


def test_what_is_tested_is_what_runs() -> None:
    runs, tested = (set(pins((ROOT / name).read_text())) for name in LOCKS)
    assert runs - tested == set(), "make the development lock anew, with the same versions"
