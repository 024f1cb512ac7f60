"""PURE: slots of a page: what is put into its texts from earlier answers, levels and parameters.

Slots look like those of a vignette (`experiments.vignette`): a code in braces.
"""

from collections.abc import Iterator

from experiments.design import Item, Page, Text
from experiments.vignette import slots


def piped(page: Page) -> frozenset[str]:
    """The codes of all slots in the page's title, body and items, in any language."""
    return frozenset(
        slot for text in page_texts(page) for words in text.values() for slot in slots(words)
    )


def page_texts(page: Page) -> Iterator[Text]:
    """Every text of a page that may have slots."""
    yield page.title
    yield page.body
    for item in page.items:
        yield from item_texts(item)


def item_texts(item: Item) -> Iterator[Text]:
    """The texts of an item: what it asks, its poles, its unit, its own options."""
    yield from (item.text, item.left, item.right, item.unit)
    yield from (option.label for option in item.options)
