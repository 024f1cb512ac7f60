"""Whether the site was made ready by this very code, so that a start need not do it all again.

Loading Django to find nothing to do takes longer than the rest of a start. What was done is noted
under var/: a digest of the files that a preparation reads, and one of what it left in the database.
"""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import psycopg

from coprod_site.embedded import ROOT
from coprod_site.first_names import RESEARCHER, STUDY

ROOMS = ("experiments", "responses", "analysis", "rehearsal", "coprod_site")
SOURCES = (*((room, "*.py") for room in ROOMS), ("static", "*"), ("studies", "*"))

# Which migrations there are, what the roles' groups may do, whether study and account are there.
LEFT = """
SELECT md5(concat_ws('|',
    (SELECT string_agg(concat(app, '.', name), ' ' ORDER BY app, name) FROM django_migrations),
    (SELECT string_agg(concat(group_id, ':', permission_id), ' ' ORDER BY group_id, permission_id)
     FROM auth_group_permissions),
    (SELECT count(*) FROM experiments_study WHERE slug = %(study)s),
    (SELECT count(*) FROM auth_user WHERE username = %(account)s)))
"""


class Preparation:
    """What was done the last time for the site in `var`, on the database at `url`."""

    def __init__(self, var: Path, url: str) -> None:
        self._note = var / "prepared"
        self._url = url
        self._files = _digest_of_files()

    def is_done(self) -> bool:
        """Whether another one would find nothing to do."""
        if not (self._note.exists() and _has_files()):
            return False
        return self._note.read_text() == self._told()

    def keep(self) -> None:
        """Notes that it was done, with the files as they were before."""
        self._note.write_text(self._told())

    def _told(self) -> str:
        return f"{self._files}\n{_left(self._url)}\n"


def _left(url: str) -> str:
    """The digest of what is in the database; nothing of one that was never prepared."""
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(LEFT, {"study": STUDY, "account": RESEARCHER}).fetchone()
    except psycopg.Error:
        return ""
    return str(row[0]) if row else ""


def _digest_of_files() -> str:
    packages = sorted(each.name for each in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    static = os.environ["COPROD_STATIC_ROOT"]
    digest = hashlib.sha256("\0".join((sys.version, static, *packages)).encode())
    for path in _files():
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for folder, pattern in SOURCES:
        yield from sorted(each for each in (ROOT / folder).rglob(pattern) if each.is_file())
    yield from _catalogues()


def _has_files() -> bool:
    """Whether the files that a preparation makes are there."""
    static = Path(os.environ["COPROD_STATIC_ROOT"])
    made = [source.with_suffix(".mo") for source in _catalogues()]
    return static.is_dir() and all(each.exists() for each in made)


def _catalogues() -> Iterator[Path]:
    for folder in (ROOT, *(ROOT / room for room in ROOMS)):
        yield from sorted((folder / "locale").glob("*/LC_MESSAGES/*.po"))
