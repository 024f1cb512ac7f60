"""A folder as a manifest of its files and as a zip file: the same files make the same bytes."""

import shutil
import zipfile
from pathlib import Path
from typing import IO

from analysis.bundle.verify import MANIFEST, digest_of, files_of

# The earliest that a zip file can say: when a file was made would differ from time to time.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


def write_manifest(folder: Path) -> Path:
    """Writes the SHA-256 of every file, as `sha256sum --check` reads it, sorted by name."""
    names = sorted(name for name in files_of(folder) if name != MANIFEST)
    path = folder / MANIFEST
    lines = (f"{digest_of(folder / name)}  {name}\n" for name in names)
    path.write_text("".join(lines), "utf-8", newline="\n")
    return path


def pack(folder: Path, top: str, file: IO[bytes]) -> int:
    """Writes all files below the folder `top` of a zip file, sorted by name: how many."""
    names = sorted(files_of(folder))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in names:
            entry = zipfile.ZipInfo(f"{top}/{name}", _TIME)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            size = (folder / name).stat().st_size
            # Said beforehand, or a file beyond 2 GiB could not be written.
            entry.file_size = size
            with (folder / name).open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return len(names)
