"""A bundle of a closed study: what is in it, what is not, the same bytes again, and its check."""

import csv
import hashlib
import json
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from lxml import etree
from pytest_django import Settings

from analysis.bundle.asking import ask_bundle
from analysis.bundle.looks import ESTIMATR, STATSMODELS
from analysis.bundle.opening import verify_bundle
from analysis.bundle.running import NotMadeError, make_bundle
from analysis.models import Bundle
from coprod_site.embedded import ROOT
from experiments.launch import close
from responses.models import Mode, Participant, State
from responses.withdrawal import withdraw
from tests.analysis.bundle.closing import (
    FINGERPRINT,
    IDENTITIES,
    WORDS,
    bundled,
    checked,
    closed,
    collected,
)
from tests.analysis.studies import launched
from tests.changed import changed
from tests.designs import small
from tests.reference.ddi25 import violations

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    "LICENSE.txt",
    "MANIFEST.sha256",
    "README.md",
    "codebook/codebook.csv",
    "codebook/codebook.html",
    "codebook/codebook.jsonld",
    "codebook/codebook.md",
    "codebook/codebook.xml",
    "data/analysis/answers.csv",
    "data/analysis/answers.parquet",
    "data/analysis/participants.csv",
    "data/analysis/participants.parquet",
    "data/analysis/vignettes.csv",
    "data/analysis/vignettes.parquet",
    "data/raw/paradata.csv",
    "data/raw/paradata.parquet",
    "data/raw/submissions.csv",
    "data/raw/submissions.parquet",
    "design/version-1.json",
    "design/version-1.yaml",
    "design/versions.json",
    "flow/arms.csv",
    "flow/consort.md",
    "ledger/design-1.json",
    "ledger/heads.csv",
    "ledger/ledger.csv",
    "ledger/study.json",
    "ledger/verify_ledger.py",
    "looks/look-2/look.R",
    "looks/look-2/look.json",
    "looks/look-2/look.py",
    "looks/look-2/numbers.csv",
    "looks/look-2/report.html",
    "looks/packages.R",
    "looks/requirements.txt",
    "preregistration/deviations.md",
    "preregistration/version-1.en.md",
    "preregistration/version-1.ko.md",
    "reconciliation.json",
    "ro-crate-metadata.json",
    "verify.py",
]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"


def test_bundle_holds_everything_the_same_bytes_again_and_nobody(tmp_path: Path) -> None:
    study = closed()
    path = bundled(study, tmp_path / "one.zip")
    assert bundled(study, tmp_path / "two.zip").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path / "out")
        names = [name.removeprefix("park_live/") for name in packed.namelist()]
        contents = {name: packed.read(f"park_live/{name}") for name in names}
    plots = [name for name in names if "/figures/" in name]
    assert names == sorted(names)
    assert sorted(set(names) - set(plots)) == sorted(NAMES)
    assert len(plots) > 6
    # Place 7 completed and is taken out by the plan.
    arms = [*csv.DictReader(StringIO(contents["flow/arms.csv"].decode()))]
    counts = [sum(int(arm[name]) for arm in arms) for name in ("completed", "excluded", "analysed")]
    assert counts == [60, 1, 59]
    for secret in (*IDENTITIES, WORDS.split()[-1], FINGERPRINT.hex()):
        assert [name for name in names if secret.encode() in contents[name]] == []
    described: dict[str, list[str]] = {}
    for row in csv.DictReader(StringIO(contents["codebook/codebook.csv"].decode(), newline="")):
        if row["row"] == "variable" and row["left_out"] == "0":
            described.setdefault(row["table"], []).append(row["variable"])
    data = {Path(n).stem: contents[n] for n in names if n.startswith("data/") and ".csv" in n}
    assert described == {
        name: next(csv.reader(StringIO(data[name].decode()))) for name in described
    }
    assert set(described) == set(data)
    assert violations(etree.fromstring(contents["codebook/codebook.xml"])) == []
    assert [path.name for path in (tmp_path / "exports").iterdir()] == []
    found = verify_bundle(path)
    assert found.problems == ()
    done = checked(tmp_path / "out" / "park_live")
    assert done == (0, "\n".join([*found.held, "All holds.", ""]))


def test_own_words_are_in_a_bundle_of_a_study_that_releases_them(tmp_path: Path) -> None:
    study = closed(changed(small(), {"plan.sample_size": 60, "release_free_text": True}))
    path = bundled(study, tmp_path / "one.zip")
    with zipfile.ZipFile(path) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    told = [name.split("/", 1)[1] for name in contents if WORDS.encode() in contents[name]]
    wanted = ("analysis/answers", "analysis/participants", "analysis/vignettes", "raw/submissions")
    assert {f"data/{name}.csv" for name in wanted} <= set(told)
    assert all(name.startswith("data/") for name in told)
    for secret in IDENTITIES:
        assert [name for name in contents if secret.encode() in contents[name]] == []


def test_bundle_is_refused_while_a_study_collects(tmp_path: Path) -> None:
    study = collected(n=4)
    with pytest.raises(
        CommandError, match=r"^park is live: .* Close it first, by close_study park"
    ):
        call_command("bundle", "park", "--output", str(tmp_path / "x.zip"))
    close(study=study)
    with pytest.raises(CommandError, match=r"^Look 2 of park is due and was not run yet"):
        call_command("bundle", "park", "--output", str(tmp_path / "x.zip"))
    assert list(tmp_path.glob("*.zip")) == []


def test_commands_make_and_check_a_bundle_of_a_pilot_without_a_ledger(tmp_path: Path) -> None:
    launched(pilot=True)
    out, err, path = StringIO(), StringIO(), tmp_path / "pilot.zip"
    said = {"stdout": out, "stderr": err}
    call_command("bundle", "park", "--mode", "pilot", "--output", str(path), **said)
    assert out.getvalue() == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}\n"
    assert "Rows: participants 0, answers 0" in err.getvalue()
    with zipfile.ZipFile(path) as packed:
        assert [name for name in packed.namelist() if "/ledger/" in name] == []
    out = StringIO()
    call_command("verify_bundle", str(path), stdout=out)
    lines = out.getvalue().splitlines()
    assert "There is no ledger: it is published once the study is closed." in lines
    assert lines[-1] == "All holds."


def test_withdrawal_while_a_bundle_is_made_leaves_none(tmp_path: Path) -> None:
    study = closed()
    bundle = ask_bundle(study=study, mode=Mode.LIVE, actor="tests", licence="none")
    person = Participant.objects.filter(state=State.COMPLETED).first()
    assert person

    def told(step: str) -> None:
        if step == Bundle.Step.PACKING:
            withdraw(participant_id=person.pk)

    path = tmp_path / "one.zip"
    with pytest.raises(NotMadeError, match="Somebody withdrew while it was made"):
        make_bundle(bundle=bundle, path=path, told=told)
    assert not path.exists()
    assert Bundle.objects.get().step == Bundle.Step.FAILED
    assert list((tmp_path / "exports").iterdir()) == []


@pytest.mark.slow
def test_unpacked_script_computes_the_looks_numbers_anew(tmp_path: Path) -> None:
    with zipfile.ZipFile(bundled(closed(), tmp_path / "one.zip")) as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "park_live"
    at = folder / "looks" / "look-2"
    data = folder / "data" / "analysis" / "participants.csv"
    timings = folder / "data" / "raw" / "paradata.csv"
    files = (at / "look.py", data, at / "numbers.csv", timings, folder / "ledger" / "ledger.csv")
    command = [sys.executable, "-I", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    n = len((at / "numbers.csv").read_text().splitlines()) - 1
    told = done.stderr.startswith(f"{n} of {n} numbers agree")
    assert (done.returncode, told) == (0, True), done.stderr


def test_packages_are_pinned_as_our_tests_have_them() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text()
    assert f"\nstatsmodels=={STATSMODELS} " in lock
    told = json.loads((ROOT / "tests" / "reference" / "r.json").read_text())
    assert f'"estimatr {ESTIMATR}"' in json.dumps(told)


def test_metadata_keep_the_rules_of_ro_crate(tmp_path: Path) -> None:
    launched(pilot=True)
    path = tmp_path / "pilot.zip"
    call_command("bundle", "park", "--mode", "pilot", "--license", "cc0-1.0", "--output", str(path))
    with zipfile.ZipFile(path) as packed:
        names = {name.split("/", 1)[1] for name in packed.namelist()}
        told = json.loads(packed.read("park_pilot/ro-crate-metadata.json"))
        readme = packed.read("park_pilot/README.md").decode()
    things = {thing["@id"]: thing for thing in told["@graph"]}
    assert len(things) == len(told["@graph"])
    assert things["ro-crate-metadata.json"] == {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
    }
    root = things["./"]
    assert (root["@type"], len(root["datePublished"])) == ("Dataset", 10)
    assert root["name"] == "Replication bundle: A park"
    licence = things[root["license"]["@id"]]
    assert {"name", "description"} <= licence.keys()
    parts = [part["@id"] for part in root["hasPart"]]
    assert set(parts) == names - {"ro-crate-metadata.json"}
    assert all("File" in things[name]["@type"] for name in parts)
    assert readme.startswith("# Replication bundle: A park\n")
