"""PURE: what an answer is as it is stored, and what it says.

By the kind of item an answer is

- an option's code: likert, semantic_differential, single, dropdown;
- a list of option codes: multiple (in the design's order), ranking (first is best);
- points by option code: allocation;
- a number as text, with a point and without grouping: number, slider;
- text: short_text, text; a day in ISO 8601: date.

``None`` is a question left empty. ``{"missing": kind}`` says why there is no value: the kind of an
option such as “prefer not to say” that was chosen, or `UNTOUCHED`. A question that was not asked
(yet) has no answer at all.
"""

from collections.abc import Mapping, Sequence

from experiments.design import Design, Item, Measure, Missing

Answer = str | Sequence[str] | Mapping[str, int] | Mapping[str, str] | None
Answers = Mapping[str, Answer]

MISSING = "missing"
# A slider that was sent as it stood.
UNTOUCHED = "untouched"


def missing_kind(answer: object) -> str:
    """Why the answer is no value: a kind of missing, empty if it is a value or left empty."""
    if isinstance(answer, Mapping) and set(answer) == {MISSING}:
        return str(answer[MISSING])
    return ""


def as_missing(kind: Missing | str) -> dict[str, str]:
    """The answer that says that there is none, and why."""
    return {MISSING: str(kind)}


def yes_or_no(design: Design, item: Item) -> tuple[str, str] | None:
    """The codes of a nominal item's two answers, the one that counts as 1 last; None if others."""
    codes = [each.code for each in design.options(item) if each.missing is Missing.NONE]
    if item.measure is not Measure.NOMINAL or len(codes) != 2:
        return None
    return codes[0], codes[1]


def chosen_code(design: Design, item: Item, answer: object) -> str | None:
    """The code of the one option that was chosen, also one that counts as no answer."""
    if kind := missing_kind(answer):
        codes = (option.code for option in design.options(item) if option.missing == kind)
        return next(codes, None)
    return answer if isinstance(answer, str) else None
