"""A codebook as HTML: a file that needs nothing else, and what a page of the desk shows of it."""

from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from responses.export.codebook.entry import Codebook
from responses.export.codebook.plots import histogram, length
from responses.export.codebook.universes import one_line
from responses.export.codebook.words import SECRET, Told, about, sections


def html(book: Codebook) -> bytes:
    """The codebook as one HTML file, UTF-8: its style and plots are in it."""
    context = {**shown(book), "style": _style()}
    return render_to_string("responses/codebook_file.html", context).encode()


def shown(book: Codebook) -> dict[str, Any]:
    """What the templates of a codebook ask for."""
    return {
        "book": book,
        "book_title": one_line(book.title) or book.study,
        "question": one_line(book.question),
        "about": about(book),
        "secret_words": SECRET,
        "sections": [
            (f"part-{number}", part, [_entry(each, part.table) for each in part.entries])
            for number, part in enumerate(sections(book), start=1)
        ],
    }


def _entry(told: Told, table: str) -> dict[str, Any]:
    name = told.entry.name
    return {
        "told": told,
        # Two tables may have a column of one name.
        "anchor": f"{table}.{name}" if table else name,
        "rows": [(row, length(row.share)) for row in told.rows],
        "counted": any(row.count is not None for row in told.rows),
        "histogram": histogram(told.bins),
    }


@cache
def _style() -> SafeString:
    """The desk's style of a codebook, ours and no text of a study's."""
    return SafeString(Path(str(finders.find("desk/codebook.css"))).read_text())
