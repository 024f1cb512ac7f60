"""Files of exports that were made at the desk, kept for a day so that a download can go on.

They stand in `EXPORT_ROOT` under the numbers of their study and record, readable by the site alone.
So do the folders in which bundles are made. A withdrawal deletes those of its study: who withdrew
is in them.
"""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from responses.export.apart import is_large, make_file_apart
from responses.export.formats import FORMATS
from responses.export.making import make_file
from responses.export.options import Options
from responses.models import Erasure, ExportRecord
from responses.quality import refresh_flags

KEPT_SECONDS = 24 * 3600
_OWNERS_FOLDER = 0o700


class WithdrewMeanwhileError(Exception):
    """Somebody who withdrew while a file was made may be in it, so that it was not kept."""


def keep_export(*, export: ExportRecord, options: Options, stay_small: bool = False) -> Path:
    """Makes the file of a record, its flags anew, and deletes those that were kept for a day.

    A large one is made by a process of its own, and so is one that loads much where this process
    is to `stay_small`. DatabaseError, psycopg.Error or OSError if it could
    not be made, WithdrewMeanwhileError if its study lost somebody on the way.
    """
    make_room()
    path = _path(export)
    begun = _erasures(export)
    try:
        if is_large(export) or (stay_small and FORMATS[export.format].heavy):
            close_old_connections()
            make_file_apart(export=export, path=path, options=options)
        else:
            _make(export, path, options)
    except OSError:
        # A withdrawal deletes what is being made, too.
        if _erasures(export) > begun:
            raise WithdrewMeanwhileError from None
        raise
    # A later withdrawal finds the file under its name; only one before this line could miss it.
    if _erasures(export) > begun:
        path.unlink(missing_ok=True)
        raise WithdrewMeanwhileError
    return path


def _make(export: ExportRecord, path: Path, options: Options) -> None:
    refresh_flags(study_id=export.study_id, mode=export.mode)
    # The request's connection goes back to the pool: the export has its own.
    close_old_connections()
    make_file(export=export, path=path, options=options)


def _erasures(export: ExportRecord) -> int:
    return Erasure.objects.filter(study=export.study_id).count()


def make_room() -> Path:
    """The folder of kept files, which only its owner may read; what is too old there goes."""
    folder = Path(settings.EXPORT_ROOT)
    folder.mkdir(_OWNERS_FOLDER, parents=True, exist_ok=True)
    drop_old_exports()
    return folder


def kept_file(export: ExportRecord) -> Path | None:
    """The file of a record, as long as it is kept."""
    return if_kept(_path(export))


def if_kept(path: Path) -> Path | None:
    """The path, if there is a file that is not too old."""
    return path if path.is_file() and not _is_old(path) else None


def drop_old_exports() -> int:
    """Deletes files that were kept for a day, and what is left of exports that died: how many."""
    folder = settings.EXPORT_ROOT
    old = [path for path in folder.iterdir() if _is_old(path)] if folder.is_dir() else []
    for path in old:
        _drop(path)
    return len(old)


def drop_exports_of(study_id: int) -> int:
    """Deletes all files of a study that are kept or being made: how many."""
    folder = Path(settings.EXPORT_ROOT)
    found = [*folder.glob(f"{study_id}-*"), *folder.glob(f".{study_id}-*.part")]
    for path in found:
        _drop(path)
    return len(found)


def file_name(export: ExportRecord) -> str:
    """What a downloaded file is called: study, mode, table if it holds one, and the day."""
    tables = export.tables.split()
    of_table = [] if len(tables) > 1 or tables == ["participants"] else tables
    parts = [export.study.slug, export.mode, *of_table, f"{export.exported_at:%Y-%m-%d}"]
    return "_".join(parts) + FORMATS[export.format].suffix


def kept_path(export: ExportRecord, suffix: str) -> Path:
    """Where the file of a record stands: a withdrawal finds it by the study's number."""
    # The moment keeps records of two databases that share a folder apart.
    number = f"{export.study_id}-{export.pk}-{export.exported_at:%Y%m%dT%H%M%S%f}"
    return Path(settings.EXPORT_ROOT) / f"{number}{suffix}"


def _path(export: ExportRecord) -> Path:
    return kept_path(export, FORMATS[export.format].suffix)


def _drop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > KEPT_SECONDS
    except FileNotFoundError:
        return False
