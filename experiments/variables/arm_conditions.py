"""PURE: which pages and items are shown, or not, by a condition that tells something of the arm."""

from collections.abc import Iterator

from experiments.design import Design, Item, Page, PageKind, Role
from experiments.logic import ConditionError, names, parse
from experiments.piping import piped


def shown_by_arm(design: Design) -> frozenset[str]:
    """The items whose being asked tells something of the arm, directly or through another one."""
    return frozenset(item.code for _, items in _telling(design) for item in items)


def pages_by_arm(design: Design) -> frozenset[str]:
    """The pages that are shown, or not, by a condition that tells something of the arm."""
    return frozenset(page.code for page, _ in _telling(design, whole=True))


def way_tells(design: Design) -> bool:
    """Whether what somebody was shown, a page or an item, tells something of their arm."""
    return bool(shown_by_arm(design) or pages_by_arm(design))


def telling_items(design: Design) -> frozenset[str]:
    """The items that are as secret as the arm: those shown by it, and the manipulation checks."""
    return shown_by_arm(design) | _checks(design)


def pages_since_shown(design: Design) -> frozenset[str]:
    """The pages from the first on that shows an arm: how long they took could tell which.

    Texts of other arms take other times to read, and what comes after begins when they end.
    """
    factors = {factor.code for factor in design.factors}
    showing = {
        page.code
        for page in design.pages
        if page.kind is PageKind.VIGNETTE or not piped(page).isdisjoint(factors)
    }
    # The pages of a block change places.
    blocks = {page.block for page in design.pages if page.code in showing} - {""}
    found = [page.code in showing or page.block in blocks for page in design.pages]
    first = found.index(True) if True in found else len(found)
    return frozenset(page.code for page in design.pages[first:])


def _checks(design: Design) -> frozenset[str]:
    """What was noticed of the vignette nearly gives the arm away."""
    roles = ((item.code, item.role) for item in design.items())
    return frozenset(code for code, role in roles if role is Role.MANIPULATION_CHECK)


def _telling(design: Design, *, whole: bool = False) -> Iterator[tuple[Page, tuple[Item, ...]]]:
    """Each page with its items that tell; with `whole` only the pages that tell as such."""
    telling = {*_checks(design), *(factor.code for factor in design.factors)}
    # Conditions look back only, so one pass in the order asked finds all of them.
    for page in design.pages:
        by_page = _rests_on(page.shown_if, telling)
        found = []
        for item in page.items:
            if by_page or _rests_on(item.shown_if, telling):
                telling.add(item.code)
                found.append(item)
        if by_page or not whole:
            yield page, tuple(found)


def _rests_on(condition: str, telling: set[str]) -> bool:
    if not condition:
        return False
    try:
        return not names(parse(condition)).isdisjoint(telling)
    except ConditionError:
        return False
