"""PURE: what may not be published unasked: people's own words, and what their links brought."""

from collections.abc import Iterable, Iterator

from experiments.design import Design, ItemKind
from experiments.expansion import expanded

_WRITTEN = (ItemKind.TEXT, ItemKind.SHORT_TEXT)


def not_to_publish(designs: Iterable[Design]) -> frozenset[str]:
    """The codes of items and parameters that a bundle leaves out of all versions.

    Items that are answered in one's own words, unless every version that asks them releases free
    text. Parameters without a list of values in any case: a panel may put a person's id into them.
    """
    return frozenset(code for design in designs for code in _of(design))


def _of(design: Design) -> Iterator[str]:
    # A deck's items have a code for each draw, and one as they are written.
    for each in (design, expanded(design)):
        if not design.release_free_text:
            yield from (item.code for item in each.items() if item.kind in _WRITTEN)
    yield from (each.code for each in design.parameters if not each.values)
