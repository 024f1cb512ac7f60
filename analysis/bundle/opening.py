"""Unpacks a bundle that anybody may have made, into a folder of its own, and checks it."""

import csv
import stat
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

from analysis.bundle.verify import check
from responses.export.ledger import CHECK

# More than any study's bundle; and more than our CSV is ever compressed.
MOST_FILES = 10_000
MOST_BYTES = 64 * 1024**3
MOST_RATIO = 200
# Small files may be compressed by more.
SMALL = 64 * 1024**2
_CHUNK = 1 << 20


class BundleUnreadableError(Exception):
    """The file is no bundle that can be unpacked safely; the message says why."""


@dataclass(frozen=True)
class Checked:
    """What holds of a bundle, and what does not, a line each."""

    held: tuple[str, ...]
    problems: tuple[str, ...]


def verify_bundle(path: Path) -> Checked:
    """Checks the file by our own programs: nothing that is in it is run.

    BundleUnreadableError if it can't be unpacked or read; OSError.
    """
    with tempfile.TemporaryDirectory(prefix="coprod-bundle-") as made:
        folder = unpack(path, Path(made))
        try:
            held, problems = check(folder, CHECK)
        except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
            why = f"{type(error).__name__}: {error}"
            raise BundleUnreadableError(f"Files of {path.name} can't be read, {why}.") from None
    return Checked(tuple(held), tuple(problems))


def unpack(path: Path, folder: Path) -> Path:
    """Unpacks the file into the folder and returns the one folder that it holds."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            top = _checked(entries, path.stat().st_size)
            for entry in entries:
                _extract(packed, entry, folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise BundleUnreadableError(f"{path.name} is no whole zip file: {error}.") from None
    except RuntimeError as error:  # it wants a password
        raise BundleUnreadableError(f"{path.name} can't be unpacked: {error}.") from None
    return folder / top


def _checked(entries: list[zipfile.ZipInfo], size: int) -> str:
    """The one folder that all entries are in."""
    names = [entry.filename for entry in entries]
    if not entries or len(entries) > MOST_FILES:
        raise BundleUnreadableError(f"It holds {len(entries)} files: no bundle does.")
    if len({name.casefold() for name in names}) != len(names):
        raise BundleUnreadableError("It holds a name twice.")
    for entry in entries:
        _check_entry(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or total > max(SMALL, MOST_RATIO * size):
        raise BundleUnreadableError(f"It would unpack to {total:,} bytes, far more than it has.")
    _check_apart(entries)
    tops = {PurePosixPath(name).parts[0] for name in names}
    if len(tops) != 1:
        raise BundleUnreadableError("It does not hold one folder.")
    return tops.pop()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name, path = entry.filename, PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    plain = str(path) == name and len(path.parts) > 1 and ".." not in path.parts
    if not plain or path.is_absolute() or set(name) & set('\\:*?"<>|') or not name.isprintable():
        raise BundleUnreadableError(f"It holds {name!r}, which is no name of a file in a folder.")
    if kind not in (0, stat.S_IFREG):
        raise BundleUnreadableError(f"It holds {name!r}, which is no plain file.")


def _check_apart(entries: list[zipfile.ZipInfo]) -> None:
    """Whether no two entries share bytes: so a small file could unpack to a huge one."""
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    for one, other in pairwise(in_order):
        if one.header_offset + one.compress_size >= other.header_offset:
            raise BundleUnreadableError(f"{one.filename!r} and {other.filename!r} overlap.")


def _extract(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """Writes one file; never more bytes than the entry says that it has."""
    target = folder / entry.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with packed.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BundleUnreadableError(f"{entry.filename!r} has more bytes than it says.")
            file.write(chunk)
