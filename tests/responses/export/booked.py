"""Codebooks of studies that tests make."""

from dataclasses import replace

from experiments.design import Design, Factor, Item, Option, Page, Scale, Text, digest
from experiments.models import Study
from responses.export.codebook.entry import Codebook, Entry, Version
from responses.export.codebook.making import make_codebook
from responses.export.codebook.reading import book_of_designs
from responses.models import Mode
from tests.designs import both, small


def book_of(study: Study, mode: Mode = Mode.LIVE) -> Codebook:
    """The codebook of a launched study with its counts, as the tests ask for it."""
    return make_codebook(study=study, mode=mode, actor="tests", format_name="html")


def entry(book: Codebook, name: str) -> Entry:
    """The entry of a variable."""
    (found,) = [each for each in book.entries if each.name == name]
    return found


def worded(words: str) -> Codebook:
    """The codebook of the small design, without counts, with these words for every label."""
    return first_version(_worded(small(), both(words, words)))


def first_version(design: Design) -> Codebook:
    """The codebook of a design that is a study's only version."""
    return book_of_designs([(Version("1", digest(design)), design)], blind=False)


def _worded(design: Design, text: Text) -> Design:
    return replace(
        design,
        title=text,
        question=text,
        factors=tuple(_factor(each, text) for each in design.factors),
        scales=tuple(_scale(each, text) for each in design.scales),
        pages=tuple(_page(each, text) for each in design.pages),
    )


def _factor(factor: Factor, text: Text) -> Factor:
    levels = tuple(replace(level, label=text) for level in factor.levels)
    return replace(factor, label=text, levels=levels)


def _scale(scale: Scale, text: Text) -> Scale:
    parts = tuple(replace(part, label=text) for part in scale.subscales)
    options = _options(scale.options, text)
    return replace(scale, label=text, options=options, subscales=parts, source=text["en"])


def _page(page: Page, text: Text) -> Page:
    return replace(page, items=tuple(_item(each, text) for each in page.items))


def _item(item: Item, text: Text) -> Item:
    return replace(item, text=text, options=_options(item.options, text), source=text["en"])


def _options(options: tuple[Option, ...], text: Text) -> tuple[Option, ...]:
    return tuple(replace(option, label=text) for option in options)
