"""PURE: which items are asked, or not, by a condition that rests on a factor."""

from experiments.design import Design, Page
from experiments.logic import ConditionError, names, parse


def shown_by_arm(design: Design) -> frozenset[str]:
    """The items whose being asked tells something of the arm, directly or through another one."""
    telling = {factor.code for factor in design.factors}
    found: set[str] = set()
    # Conditions look back only, so one pass in the order asked finds all of them.
    for page in design.pages:
        by_page = _rests_on(page.shown_if, telling | found)
        for item in page.items:
            if by_page or _rests_on(item.shown_if, telling | found):
                found.add(item.code)
        if _leaves(page, telling | found):
            telling.add(page.code)
    return frozenset(found)


def _leaves(page: Page, telling: set[str]) -> bool:
    return _rests_on(page.screen_out_if, telling)


def _rests_on(condition: str, telling: set[str]) -> bool:
    if not condition:
        return False
    try:
        return not names(parse(condition)).isdisjoint(telling)
    except ConditionError:
        return False
