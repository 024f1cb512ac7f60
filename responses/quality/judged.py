"""PURE: what of a design the quality rules look at: nothing that only some arms were shown.

One set of flags is stored for each participant and shown while arms are secret, so the rules leave
out always, not only while a study collects, what would make flags differ by arm. A flag then means
the same in every arm, before the study closes and after it.
"""

from dataclasses import dataclass, replace

from experiments.design import Design, PageKind
from experiments.piping import piped
from experiments.variables.arm_conditions import pages_by_arm, shown_by_arm, telling_items

# Who opens the consent page may have read it elsewhere; the end page is not sent.
_UNTIMED = frozenset({PageKind.CONSENT, PageKind.END})


@dataclass(frozen=True)
class Judged:
    """The design as the rules see it.

    `design` is without the pages and items that are shown by arm and without manipulation checks.
    `timed` are the pages whose seconds say something, `alike` those of them that read the same in
    every arm.
    """

    design: Design
    timed: frozenset[str]
    alike: frozenset[str]


def judged(design: Design) -> Judged:
    """What the rules look at of a design.

    The first page has no time: the POST that brings it also makes the participant. A page on which
    some arms are asked more takes longer there.
    """
    pages, asked, secret = pages_by_arm(design), shown_by_arm(design), telling_items(design)
    factors = {factor.code for factor in design.factors}
    kept = [page for page in design.pages if page.code not in pages]
    timed = [
        page
        for page in kept
        if page.kind not in _UNTIMED
        and page is not design.pages[0]
        and asked.isdisjoint(item.code for item in page.items)
    ]
    bare = [
        replace(page, items=tuple(item for item in page.items if item.code not in secret))
        for page in kept
    ]
    return Judged(
        replace(design, pages=tuple(bare)),
        frozenset(page.code for page in timed),
        frozenset(page.code for page in timed if factors.isdisjoint(piped(page))),
    )
