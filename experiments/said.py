"""PURE: sentences that know how they were put together, for other languages.

What a pure room says is English text like any other. `translated.in_words` of the desk says it in
the reader's language, by the template.
"""

from typing import Any


class Said(str):
    """A sentence that was filled in: `template` and `values` are what it was made of."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]


def said(template: str, /, **values: Any) -> Said:
    """The template with its {names} filled in; without values it is the sentence as it stands."""
    sentence = Said(template.format(**values) if values else template)
    sentence.template, sentence.values = template, values
    return sentence
