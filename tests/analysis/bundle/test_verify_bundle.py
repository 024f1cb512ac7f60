"""What is tampered with in a bundle is found; what could harm whoever opens it is refused."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from analysis.bundle.opening import BundleUnreadableError, unpack, verify_bundle
from analysis.bundle.packing import pack, write_manifest
from tests.analysis.bundle.closing import bundled, checked, closed

Change = Callable[[Path], object]


def repacked(folder: Path, path: Path) -> Path:
    with path.open("wb") as file:
        pack(folder, folder.name, file)
    return path


@pytest.mark.django_db(transaction=True)
def test_changed_missing_added_and_forged_files_are_each_found(
    tmp_path: Path, settings: Settings
) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"
    with zipfile.ZipFile(bundled(closed(), tmp_path / "one.zip")) as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "park_live"

    def found(change: Change, name: str, *, signed: bool = False) -> list[str]:
        """What is said after the change of a file, which is as before afterwards."""
        path, manifest = folder / name, folder / "MANIFEST.sha256"
        before = {each: each.read_bytes() for each in (path, manifest) if each.exists()}
        change(path)
        if signed:
            write_manifest(folder)
        code, said = checked(folder)
        assert code == 1
        problems = verify_bundle(repacked(folder, tmp_path / "two.zip")).problems
        path.unlink(missing_ok=True)
        for each, content in before.items():
            each.write_bytes(content)
        lines = said.splitlines()
        assert lines[-1] == "Something does not hold."
        assert lines[-1 - len(problems) : -1] == list(problems)
        return list(problems)

    data = "data/analysis/participants.csv"
    assert found(lambda path: flipped(path, 400), data) == [
        f"{data} was changed: its SHA-256 is not the manifest's."
    ]
    assert found(lambda path: path.unlink(), "README.md") == ["README.md is missing."]
    assert found(lambda path: path.write_text("x"), "looks/more.txt") == [
        "looks/more.txt is not in the manifest: it was added."
    ]
    # Whoever writes another manifest is found by what it can't forge.
    design = "design/version-1.json"
    assert found(
        lambda path: swapped(path, "You get money.", "You get manna."), design, signed=True
    )[0].startswith(f"{design} has the digest ")
    last = found(shortened, "ledger/ledger.csv", signed=True)[-1]
    assert last.startswith("The ledger does not hold. Version 1, main, live, gender=")
    lines = found(counted, "reconciliation.json", signed=True)
    assert "Version 1, consented: 62 in the data, 61 in reconciliation.json." in lines
    assert "Version 1: 63 entered, not 62." in lines
    lines = found(shortened, data, signed=True)
    assert f"{data} has 62 rows, not 63." in lines
    assert checked(folder)[0] == 0


def flipped(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def swapped(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def shortened(path: Path) -> None:
    """Takes the last line away."""
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def counted(path: Path) -> None:
    stated = json.loads(path.read_bytes())
    stated["counts"]["flows"][0]["consented"] -= 1
    path.write_text(json.dumps(stated))


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


HARMFUL: dict[str, list[str | zipfile.ZipInfo]] = {
    "no name of a file": ["a/../../b"],
    "no name of a file in a folder": ["/etc/b"],
    "no name": ["a\\..\\b"],
    "no plain file": [link("a/b")],
    "one folder": ["a/b", "c/d"],
    "a name twice": ["a/b", "a/B"],
    "in a folder": ["a"],
}


@pytest.mark.parametrize("why", HARMFUL)
def test_file_that_could_write_elsewhere_is_refused(why: str, tmp_path: Path) -> None:
    path, folder = tmp_path / "x.zip", tmp_path / "out"
    with zipfile.ZipFile(path, "w") as packed:
        for name in HARMFUL[why]:
            packed.writestr(name, b"x")
    folder.mkdir()
    with pytest.raises(BundleUnreadableError, match=why):
        unpack(path, folder)
    assert list(folder.iterdir()) == []


def test_file_that_unpacks_to_far_more_than_it_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a/b", bytes(80 << 20))
    with pytest.raises(BundleUnreadableError, match=r"83,886,080 bytes, far more than it has"):
        unpack(path, tmp_path)


def test_what_is_no_zip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BundleUnreadableError, match="no whole zip file"):
        verify_bundle(path)
