"""The list of what is inside has what the lock has, holds to its schema, and is always the same."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fontTools.ttLib import TTFont

from coprod_site.embedded import ROOT
from supply.carried import CARRIED, Carried
from supply.locks import Pin, pins
from supply.sbom import FILE, in_image, sbom

PROJECT = (ROOT / "pyproject.toml").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
# Beside the packages, where pip puts what they carry.
INSTALLED = Path(str(files("django"))).parent
FOREIGN = (
    "django/contrib/admin/static/admin/js/vendor",
    "unfold/static/unfold/js",
    "unfold/static/unfold/fonts",
)


def written() -> dict[str, Any]:
    """The file of the repository."""
    return dict(json.loads((ROOT / FILE).read_text()))


def schema(name: str) -> Any:
    """One of CycloneDX' own, as the library brings them."""
    return json.loads((files("cyclonedx.schema") / "_res" / name).read_text())


def test_file_is_that_of_the_lock() -> None:
    assert (ROOT / FILE).read_text() == sbom(PROJECT, LOCK), "make sbom"


def test_components_are_the_pins_of_the_lock_that_runs() -> None:
    listed = {
        (each["name"], each["version"], tuple(sorted(h["content"] for h in each["hashes"])))
        for each in written()["components"]
    }
    assert listed == {(pin.name, pin.version, tuple(sorted(pin.hashes))) for pin in pins(LOCK)}
    assert {h["alg"] for each in written()["components"] for h in each["hashes"]} == {"SHA-256"}
    required = {each["bom-ref"] for each in written()["components"] if each["scope"] == "required"}
    assert required == {f"{pin.name}=={pin.version}" for pin in pins(LOCK) if in_image(pin)}
    (site,) = [each for each in written()["dependencies"] if each["ref"] == "coprod"]
    assert site["dependsOn"] == sorted(each["bom-ref"] for each in written()["components"])


def test_list_holds_to_its_schema() -> None:
    # They name each other by the folder of the first.
    names = [f"{name}.SNAPSHOT.schema.json" for name in ("bom-1.6", "spdx", "jsf-0.82")]
    found = [(f"http://cyclonedx.org/schema/{name}", schema(name)) for name in names]
    registry = jsonschema_rs.Registry(found)
    bom = found[0][1]
    validator = jsonschema_rs.validator_for(bom, registry=registry, validate_formats=True)
    assert [error.message for error in validator.iter_errors(written())] == []
    broken = {**written(), "serialNumber": "1"}
    assert len(list(validator.iter_errors(broken))) == 1, "the schema is held to at all"


def test_same_lock_gives_the_same_bytes_and_another_another_number() -> None:
    assert sbom(PROJECT, LOCK) == sbom(PROJECT, LOCK)
    assert "timestamp" not in json.dumps(written())
    shorter = json.loads(sbom(PROJECT, LOCK[LOCK.index("\nasgiref==") + 1 :]))
    assert shorter["serialNumber"] != written()["serialNumber"]


def test_image_has_what_its_python_installs() -> None:
    for_all, later, windows, now = (
        Pin("x", "1", marker, ())
        for marker in (
            "",
            "python_full_version >= '3.12'",
            "sys_platform == 'emscripten' or sys_platform == 'win32'",
            "implementation_name != 'pypy'",
        )
    )
    assert [in_image(each) for each in (for_all, later, windows, now)] == [True, False, False, True]


def test_what_packages_carry_is_listed_below_them() -> None:
    listed = {
        (inner["name"], inner["version"], each["bom-ref"])
        for each in written()["components"]
        for inner in each.get("components", ())
    }
    assert listed == {
        (each.name, each.version, f"{each.carrier}=={each.carrier_version}") for each in CARRIED
    }


def version_in(each: Carried) -> str:
    """What the installed file itself says of its version."""
    path = INSTALLED / each.file
    if path.suffix == ".woff2":
        return str(TTFont(path)["name"].getDebugName(5)).split()[1].split(";")[0]
    if each.shows:
        found = re.search(rf"{re.escape(each.shows)}(\d+\.[\d.]*\d)", path.read_text())
    else:
        asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"(?:\(PostgreSQL\) |v=)(\d+\.[\d.]*\d)", asked.stdout)
    return found[1] if found else "none"


@pytest.mark.parametrize("each", CARRIED, ids=lambda each: each.name)
def test_carried_version_is_that_of_the_installed_file(each: Carried) -> None:
    there = version(each.carrier)
    if each.carrier == "django-unfold" and sys.version_info >= (3, 12):
        assert there != each.carrier_version, "the image's Python has an older one"
    else:
        assert (there, version_in(each)) == (each.carrier_version, each.version)


def test_nothing_is_carried_unlisted() -> None:
    there = {
        f"{folder}/{inner.name}"
        for folder in FOREIGN
        for inner in (INSTALLED / folder).iterdir()
        if inner.is_dir()
    }
    assert there - {str(Path(each.file).parent) for each in CARRIED} == set()
    ours = [path for path in (ROOT / "static").rglob("*.*") if path.suffix in {".js", ".css"}]
    foreign = re.compile("@license|copyright", re.IGNORECASE)
    assert [path.name for path in ours if foreign.search(path.read_text())] == []
    assert {path.suffix for path in (ROOT / "static").rglob("*.*")} == {".js", ".css", ".svg"}
