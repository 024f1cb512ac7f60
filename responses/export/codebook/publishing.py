"""PURE: the codebook of data that are published: what they leave out is described as left out."""

from collections.abc import Collection
from dataclasses import replace

from responses.export.codebook.entry import Codebook, Entry

# The sources of what people wrote and of what their links brought, before the code of which.
_OF_CODES = ("answers", "parameters", "tries")


def published_book(
    book: Codebook, *, left_out: Collection[str], tables: Collection[str]
) -> Codebook:
    """The codebook with those tables alone, items and parameters `left_out` marked as such."""
    others = (each for each in book.others if each.about.name in tables)
    return replace(
        book,
        entries=_marked(book.entries, left_out),
        others=tuple(replace(each, entries=_marked(each.entries, left_out)) for each in others),
    )


def _marked(entries: tuple[Entry, ...], left_out: Collection[str]) -> tuple[Entry, ...]:
    return tuple(replace(each, left_out=_is_of(each, left_out)) for each in entries)


def _is_of(entry: Entry, left_out: Collection[str]) -> bool:
    match entry.variable.source:
        case (kind, code, *_):
            return kind in _OF_CODES and code in left_out
    return False
