"""Collects the static files when they changed; compressing them takes longer than a start may."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from coprod_site.handles import exclusively


def collect_static() -> bool:
    """Fills STATIC_ROOT if a source changed since the last time; returns whether it did."""
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    stamp = root.with_name(f"{root.name}.sources")
    with exclusively(root.with_name(f"{root.name}.lock")):
        digest = _digest_of_sources()
        if root.is_dir() and stamp.exists() and stamp.read_text() == digest:
            return False
        call_command("collectstatic", "--no-input", "--ignore=*.map", verbosity=0)
        stamp.write_text(digest)
    return True


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
