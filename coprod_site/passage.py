"""Lets the account of Postgres pass through closed folders while it runs, where root starts it.

Postgres refuses to run as root, and its own account can't enter, say, /root. Such a folder, and no
other, may be passed through (not listed) for as long as somebody uses a server behind it, and then
gets its mode back. Its mode is noted on the disk, so that whoever comes after a crash puts it back.
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from coprod_site.handles import Handle, exclusively


class Passage:
    """One process's share in the ways that it opened."""

    def __init__(self, uid: int | None) -> None:
        self._uid = uid
        self._shares: list[tuple[Handle, Path]] = []

    def open(self, ends: Iterable[Path]) -> None:
        """Opens the way to each of the folders; does nothing for an account that needs none."""
        if self._uid is None:
            return
        notes = _notes()
        with exclusively(notes / "lock"):
            real = [end.resolve() for end in ends]
            for folder in {step for end in real for step in (end, *end.parents)}:
                note = notes / _name(folder)
                mode = stat.S_IMODE(folder.stat().st_mode)
                if note.exists() or not self._passable(folder):
                    if not note.exists() or not note.read_text():
                        note.write_text(f"{mode:o}")
                    self._shares.append((Handle(note), folder))
                    folder.chmod(mode | stat.S_IXOTH)

    def close(self) -> None:
        """Gives the shares back; who is the last one to do so puts the folder's mode back."""
        if not self._shares:
            return
        notes = _notes()
        with exclusively(notes / "lock"):
            while self._shares:
                share, folder = self._shares.pop()
                note = notes / _name(folder)
                if share.leave():
                    before = int(note.read_text(), 8)
                    # A mode that somebody set meanwhile is theirs.
                    if stat.S_IMODE(folder.stat().st_mode) == before | stat.S_IXOTH:
                        folder.chmod(before)
                    note.unlink()

    def _passable(self, folder: Path) -> bool:
        found = folder.stat()
        return bool(found.st_mode & stat.S_IXOTH) or found.st_uid == self._uid


def _name(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]


def _notes() -> Path:
    """Root's folder of notes on all passages of this machine."""
    lasting = Path("/var/lib")
    parent = lasting if lasting.is_dir() else Path(tempfile.gettempdir())
    notes = parent / "coprod-passage"
    notes.mkdir(mode=0o700, exist_ok=True)
    return notes
