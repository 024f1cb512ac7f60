"""Makes the codebook that somebody asks for, and records it if it counts data."""

from experiments.models import Study
from responses.export.codebook.entry import Codebook
from responses.export.codebook.formats import BOOK_FORMATS, RECORDED
from responses.export.codebook.reading import draft_codebook, read_codebook
from responses.export.csv import snapshot
from responses.models import ExportRecord, Mode
from responses.quality import refresh_flags

# As a page of the desk shows it.
SHOWN = "page"


def make_codebook(*, study: Study, mode: Mode, actor: str, format_name: str) -> Codebook:
    """The codebook with its counts, recorded first; of a draft, which has no data, without.

    `format_name` is one of `BOOK_FORMATS`, or `SHOWN`. Raises NotLaunchable if the draft has
    problems, psycopg.Error if the reading broke off.
    """
    if not study.versions.exists():
        return draft_codebook(study)
    ExportRecord.objects.create(
        study=study, mode=mode, actor=actor, format=f"{RECORDED}{format_name}"
    )
    refresh_flags(study_id=study.pk, mode=mode)
    with snapshot() as connection:
        return read_codebook(connection, study_id=study.pk, mode=mode)


def book_file_name(book: Codebook, format_name: str) -> str:
    """What a file of it is called: study, mode, or that it is of a draft."""
    return f"{book.study}_{book.mode or 'draft'}_codebook{BOOK_FORMATS[format_name].suffix}"
