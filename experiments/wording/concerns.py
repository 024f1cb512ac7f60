"""PURE: what in the wording of the arms may be confounded with the treatment.

Outside slots every arm reads the same text by construction; what differs all the same is what a
condition shows to some arms alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import median

from experiments.design import Design, Factor, Page
from experiments.logic import ConditionError, names, parse
from experiments.vignette import slots
from experiments.wording.arms import Wording
from experiments.wording.measures import Measures

# How far an arm's length may be from the median of the others', in per cent.
PERCENT = 10.0
# How far its grade: two years of schooling.
GRADES = 2.0
# Of fewer words a grade says little: Flesch and Kincaid took samples of a hundred.
LEAST_WORDS = 100


class ConcernKind(StrEnum):
    """What is the matter."""

    LENGTH = "length"  # an arm is longer or shorter than the others
    GRADE = "grade"  # an arm is harder or easier to read than the others
    NO_TEXT = "no_text"  # the page has no text in a language
    NO_LEVEL = "no_level"  # a level has none
    SAME = "same"  # two levels read the same
    UNTRANSLATED = "untranslated"  # a level reads the same in two languages
    NO_SLOT = "no_slot"  # a language's text shows no slot of a factor that another's shows
    IDLE = "idle"  # a slot changes nothing between arms
    CONDITION = "condition"  # a page or an item is shown to some arms alone


@dataclass(frozen=True)
class Concern:
    """One thing to look at. `subject` is an arm, factor, page or item, `parts` levels or languages.

    `amount` is how much more than the others: per cent of words or characters (`measure`), or
    grades; below 0 for less. `condition` is the one that hides.
    """

    kind: ConcernKind
    subject: str
    language: str = ""
    parts: tuple[str, ...] = ()
    measure: str = ""
    amount: float = 0.0
    condition: str = ""


def concerns(design: Design, found: Wording, *, percent: float = PERCENT) -> tuple[Concern, ...]:
    """Everything about a page that shows arms, the arms' lengths first."""
    factors = [design.factor(code) for code in found.factors]
    return (
        *_missing(design, found.page, factors),
        *(each for language in design.languages for each in _uneven(found, language, percent)),
        *(each for factor in factors for each in _alike(design, found, factor)),
        *_slotless(design, found.page, factors),
        *_conditional(design, found),
    )


def _missing(design: Design, page: Page, factors: list[Factor]) -> Iterator[Concern]:
    for language in design.languages:
        if not page.body.get(language):
            yield Concern(ConcernKind.NO_TEXT, page.code, language)
        for factor in factors:
            without = tuple(each.code for each in factor.levels if language not in each.text)
            if without:
                yield Concern(ConcernKind.NO_LEVEL, factor.code, language, without)


def _uneven(found: Wording, language: str, percent: float) -> Iterator[Concern]:
    measures = {each.arm: each.measures[language] for each in found.arms}
    known = {arm: each for arm, each in measures.items() if each is not None}
    for arm, mine in known.items():
        others = [each for other, each in known.items() if other != arm]
        if not others:
            continue
        apart = {name: _apart(mine, others, name) for name in ("words", "characters")}
        most = max(apart, key=lambda name: abs(apart[name]))
        if abs(apart[most]) > percent:
            yield Concern(ConcernKind.LENGTH, arm, language, measure=most, amount=apart[most])
        harder = _harder(mine, others)
        if abs(harder) > GRADES:
            yield Concern(ConcernKind.GRADE, arm, language, amount=harder)


def _apart(mine: Measures, others: list[Measures], name: str) -> float:
    """By how many per cent a length is above the median of the others'."""
    middle: float = median(getattr(each, name) for each in others)
    return 100 * (getattr(mine, name) / middle - 1) if middle else 0.0


def _harder(mine: Measures, others: list[Measures]) -> float:
    """By how many grades it is harder than the median of the others; 0 where none can be told."""
    all_of_them = [mine, *others]
    if any(each.grade is None or each.words < LEAST_WORDS for each in all_of_them):
        return 0.0
    return (mine.grade or 0.0) - median(each.grade or 0.0 for each in others)


def _alike(design: Design, found: Wording, factor: Factor) -> Iterator[Concern]:
    """Levels whose difference nobody reads; only those that the page's arms have."""
    used = {arm.levels.get(factor.code) for arm in found.arms}
    levels = [level for level in factor.levels if level.code in used]
    for language in design.languages:
        texts = {
            each.code: " ".join(each.text[language].split())
            for each in levels
            if language in each.text
        }
        if len(texts) == len(levels) > 1 and len(set(texts.values())) == 1:
            yield Concern(ConcernKind.IDLE, factor.code, language, tuple(texts))
            continue
        for one, other in combinations(texts, 2):
            if texts[one] == texts[other]:
                yield Concern(ConcernKind.SAME, factor.code, language, (one, other))
    for level in levels:
        said = [each for each in design.languages if level.text.get(each, "").strip()]
        for one, other in combinations(said, 2):
            if level.text[one] == level.text[other]:
                subject = f"{factor.code}.{level.code}"
                yield Concern(ConcernKind.UNTRANSLATED, subject, parts=(one, other))


def _slotless(design: Design, page: Page, factors: list[Factor]) -> Iterator[Concern]:
    shown = {each: slots(page.body[each]) for each in design.languages if page.body.get(each)}
    for factor in factors:
        having = tuple(language for language, found in shown.items() if factor.code in found)
        for language in shown:
            if having and language not in having:
                yield Concern(ConcernKind.NO_SLOT, factor.code, language, having)


def _conditional(design: Design, found: Wording) -> Iterator[Concern]:
    """Pages and items, anywhere, that a condition on a factor of this page shows or hides."""
    parts = [(page.code, page.shown_if) for page in design.pages]
    parts += [(item.code, item.shown_if) for item in design.items()]
    for code, condition in parts:
        if condition and _names(condition) & set(found.factors):
            yield Concern(ConcernKind.CONDITION, code, condition=condition)


def _names(condition: str) -> set[str]:
    try:
        return set(names(parse(condition)))
    except ConditionError:
        # What can't be read is told by the checks.
        return set()
