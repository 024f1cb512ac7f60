"""How many rows there are, with what a language counts such rows by."""

from typing import Any

from django.utils.translation import pgettext

# Korean counts people and things by words of their own.
PEOPLE = ("auth.User", "responses.Participant")


def counted(count: int, names: Any) -> str:
    """So many of a model by its `_meta`: 1 study, 3 participants."""
    rows = names.verbose_name if count == 1 else names.verbose_name_plural
    said = (
        pgettext("people", "%(count)s %(rows)s")
        if names.label in PEOPLE
        else pgettext("things", "%(count)s %(rows)s")
    )
    return said % {"count": count, "rows": rows}
