"""PURE: what conditions know, page by page: answers to items that are not shown don't count."""

from dataclasses import dataclass, replace
from functools import lru_cache

from experiments.design import Design
from experiments.logic import Condition, Value, decide, names, parse
from experiments.ordering import ordered_pages
from responses.questionnaire.facts import Facts, value_of


@dataclass(frozen=True)
class Known:
    """Values by each name that conditions ask for, and the items that they hide as it stands.

    A name without a value is not decided yet: it is asked further on.
    """

    values: dict[str, Value]
    hidden: frozenset[str]


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """The tree of a condition, read once."""
    return parse(text)


def known(design: Design, facts: Facts) -> Known:
    """What is known of the participant, in the order in which they are asked."""
    if not design.conditions:
        return Known({}, frozenset())
    wanted = _names(design.conditions)
    values: dict[str, Value] = {
        each.code: facts.parameters.get(each.code) or None for each in design.parameters
    }
    values |= facts.levels
    hidden: set[str] = set()
    for page in ordered_pages(design, facts.seed):
        page_shown = _decided(page.shown_if, values)
        for item in page.items:
            shown = False if page_shown is False else _decided(item.shown_if, values)
            if shown is False:
                hidden.add(item.code)
                values[item.code] = None
            elif item.code in wanted and item.code in facts.answers:
                values[item.code] = value_of(design, item, facts.answers[item.code])
    return Known(values, frozenset(hidden))


def counting(design: Design, facts: Facts) -> Facts:
    """The facts without the answers to items that are not shown."""
    hidden = known(design, facts).hidden
    if hidden.isdisjoint(facts.answers):
        return facts
    kept = {code: answer for code, answer in facts.answers.items() if code not in hidden}
    return replace(facts, answers=kept)


@lru_cache(maxsize=256)
def _names(conditions: tuple[str, ...]) -> frozenset[str]:
    """The names that any of a design's conditions asks for."""
    return frozenset(name for text in conditions for name in names(condition(text)))


def _decided(text: str, values: dict[str, Value]) -> bool | None:
    return decide(condition(text), values) if text else True
