"""Compiles the translations, without gettext's tools: `python -m coprod_site.messages`."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("experiments", "responses", "analysis", "rehearsal", "coprod_site")
# Participants' texts, and then each room's of the desk. The desk's frame, and what a library has no
# Korean for, are with the site's.
CATALOGUES = (ROOT / "locale", *(ROOT / room / "locale" for room in ROOMS))


def compile_messages() -> list[Path]:
    """Writes each .mo that is missing or older than its .po; returns those."""
    return [written for locale in CATALOGUES for written in compile_catalogue(locale)]


def compile_catalogue(locale: Path) -> list[Path]:
    """Writes each .mo of a folder of languages that is missing or older than its .po."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(f".mo.{os.getpid()}")
        with source.open("rb") as po, draft.open("wb") as mo:
            write_mo(mo, read_po(po, locale=source.parent.parent.name))
        draft.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_messages()
