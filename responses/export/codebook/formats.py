"""The formats of a codebook by name, and what writes each."""

from collections.abc import Callable
from dataclasses import dataclass

from responses.export.codebook.ddi import ddi
from responses.export.codebook.entry import Codebook
from responses.export.codebook.jsonld import jsonld
from responses.export.codebook.markdown import markdown
from responses.export.codebook.page import html
from responses.export.codebook.sheet import sheet

# What a record of an export calls them: this, then their name.
RECORDED = "codebook_"


@dataclass(frozen=True)
class BookFormat:
    """One format: what it is called, its file's suffix, its content type, and who writes it."""

    label: str
    suffix: str
    content_type: str
    write: Callable[[Codebook], bytes]


BOOK_FORMATS: dict[str, BookFormat] = {
    "html": BookFormat("HTML", ".html", "text/html; charset=utf-8", html),
    "md": BookFormat("Markdown", ".md", "text/markdown; charset=utf-8", markdown),
    "csv": BookFormat("CSV", ".csv", "text/csv; charset=utf-8; header=present", sheet),
    "jsonld": BookFormat("JSON-LD (schema.org)", ".jsonld", "application/ld+json", jsonld),
    "ddi": BookFormat("DDI-Codebook 2.5", ".xml", "application/xml", ddi),
}
