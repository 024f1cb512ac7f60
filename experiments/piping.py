"""PURE: slots of a page: what is put into its texts from earlier answers, levels and parameters.

Slots look like those of a vignette (`experiments.vignette`): a code in braces.
"""

from experiments.design import Page


def piped(page: Page) -> frozenset[str]:
    """The codes of all slots in the page's title, body and items, in any language."""
    return page.slots
