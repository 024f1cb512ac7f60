"""What to do with a question, in short sentences: bounds, totals, how to choose."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.design import Item, ItemKind
from responses.fault_words import day_words, number_words

# From here on a text is as long as anybody wants, so nothing is said of it.
LONG = 2000


def hints(item: Item, language: str) -> Iterator[str]:
    """The sentences for an item in the active language."""
    match item.kind:
        case ItemKind.MULTIPLE:
            yield _("Choose all that apply.")
        case ItemKind.RANKING:
            yield _("Give each one a place: 1 is the first.")
        case ItemKind.ALLOCATION:
            yield _("Share out %(total)d points. Leave a field empty for 0.") % {
                "total": item.total
            }
        case ItemKind.NUMBER:
            yield from _bounds(
                number_words(item.minimum, language) if item.minimum is not None else "",
                number_words(item.maximum, language) if item.maximum is not None else "",
            )
        case ItemKind.DATE:
            yield from _bounds(day_words(item.earliest, language), day_words(item.latest, language))
        case ItemKind.SLIDER:
            yield _("Move the slider to your answer. At its very start it counts as not answered.")
        case ItemKind.SHORT_TEXT | ItemKind.TEXT if item.max_length < LONG:
            yield _("At most %(most)d characters.") % {"most": item.max_length}


def limit_words(seconds: int) -> str:
    """That a page is sent by itself after so long, in the active language; empty without a limit.

    It is shown by the script that does it.
    """
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    after = (
        ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
        if rest
        else ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    )
    return _(
        "This page is sent by itself after %(after)s, as it is then. You can ask for more time, as "
        "often as you like."
    ) % {"after": after}


def _bounds(least: str, most: str) -> Iterator[str]:
    if least and most:
        yield _("From %(least)s to %(most)s.") % {"least": least, "most": most}
    elif least:
        yield _("From %(least)s on.") % {"least": least}
    elif most:
        yield _("Up to %(most)s.") % {"most": most}
