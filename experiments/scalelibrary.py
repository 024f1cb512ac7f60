"""PURE: scales that are taken out of one design into another, items and source with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from experiments.design import Design, Item, Scale, Text
from experiments.said import Said, said

_T = TypeVar("_T")


@dataclass(frozen=True)
class Entry:
    """A scale that can be taken, with its items in the order in which they are asked there."""

    scale: Scale
    items: tuple[Item, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that every text of it has."""
        texts = [*_texts(self.scale), *(text for item in self.items for text in _texts(item))]
        every = [set(text) for text in texts if text]
        return tuple(sorted(set.intersection(*every))) if every else ()


def entries(design: Design) -> tuple[Entry, ...]:
    """The scales of a design."""
    return tuple(Entry(each, design.scale_items(each.code)) for each in design.scales)


def take(design: Design, entry: Entry, page: str = "") -> tuple[Design, tuple[Said, ...]]:
    """The design with the scale, its items last on that page, and what is in the way.

    Texts come in the design's languages alone; conditions stay behind, for they name other items.
    """
    faults = tuple(_clashes(design, entry, page))
    languages = design.languages
    scales = (*design.scales, _in(entry.scale, languages))
    items = tuple(replace(_in(item, languages), shown_if="") for item in entry.items)
    pages = tuple(
        replace(each, items=(*each.items, *items)) if each.code == page else each
        for each in design.pages
    )
    return replace(design, scales=scales, pages=pages), faults


def _clashes(design: Design, entry: Entry, page: str) -> Iterator[Said]:
    scale = entry.scale
    if any(each.code == scale.code for each in design.scales):
        yield said("The study has a scale {code} already.", code=scale.code)
    parts = {each.code for each in design.scales}
    parts |= {part.code for each in design.scales for part in each.subscales}
    asked = {item.code for item in design.items()}
    if twice := sorted({part.code for part in scale.subscales} & parts):
        yield said("The study has a part {codes} already.", codes=", ".join(twice))
    if page and (twice := sorted({item.code for item in entry.items} & asked)):
        yield said("The study asks {codes} already.", codes=", ".join(twice))


def _in(part: _T, languages: Iterable[str]) -> _T:
    """The part with the texts in these languages alone, and so those of all that it holds."""
    changed: dict[str, Any] = {}
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if isinstance(value, Mapping):
            changed[field.name] = {each: value[each] for each in languages if each in value}
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changed[field.name] = tuple(_in(each, languages) for each in value)
    return replace(part, **changed)  # type: ignore[type-var]


def _texts(part: Any) -> Iterator[Text]:
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, Mapping):
            yield value
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for each in value:
                yield from _texts(each)
