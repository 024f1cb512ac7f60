"""Random designs that can be launched: conditions, orders, blocks, screening, checks, quotas."""

from dataclasses import replace
from itertools import count
from random import Random

from experiments.checks import problems
from experiments.design import (
    Block,
    Design,
    Item,
    ItemKind,
    Limit,
    Measure,
    Option,
    Order,
    Page,
    PageKind,
    Quota,
    Scale,
    Withdrawal,
)
from tests.designs import agreement, both, small
from tests.responses.walks.items import random_condition, random_items, understanding

POLES = Scale("poles", both("Poles", "양극"), agreement(5), option_order=Order.FLIPPED)


def random_design(seed: int) -> Design:
    """The design of that seed: `small()` with random pages before and after the vignette.

    The first of its tries that can be launched: conditions may contradict each other.
    """
    tries = (_design(f"walk{seed}", Random(f"{seed}|{attempt}")) for attempt in count())
    return next(design for design in tries if not problems(design))


def _design(name: str, random: Random) -> Design:
    design = small(study=name)
    welcome, about, story, opinion, thanks = design.pages
    asked = [item for item in about.items if item.code == "gender"]
    before = _pages("a", random, asked)
    if random.random() < 0.5:
        before[0] = replace(before[0], items=(*before[0].items, understanding(random)))
    after = _pages("b", random, asked)
    if random.random() < 0.5:
        after[0] = _of_the_arm(after[0])
    screening = [_screening(random, asked)] if random.random() < 0.5 else []
    after, blocks = _blocked(after, random)
    motive, will = design.scales
    return replace(
        design,
        pages=(*screening, welcome, about, *before, story, _with_poles(opinion), *after, thanks),
        scales=(replace(motive, item_order=random.choice(list(Order))), will, POLES),
        blocks=blocks,
        quotas=_quotas(random),
        withdrawal=random.choice(list(Withdrawal)),
    )


def _screening(random: Random, asked: list[Item]) -> Page:
    options = (Option("yes", both("Yes", "예")), Option("no", both("No", "아니요")))
    text = both("Are you 18 or over?", "만 18세 이상입니까?")
    item = Item("adult", ItemKind.SINGLE, text, options)
    others = random_items("s", random, [])
    page = Page("screen", PageKind.SCREENING, both("First", "먼저"), {}, (item, *others))
    return replace(page, screen_out_if='adult == "no"')


def _pages(name: str, random: Random, asked: list[Item]) -> list[Page]:
    """One to three pages; `asked` grows by their items."""
    made: list[Page] = []
    for number in range(random.randint(1, 3)):
        code = f"{name}{number}"
        # One page is certain, so that not all of them can be skipped.
        shown_if = random_condition(asked, random) if number and random.random() < 0.4 else ""
        items = random_items(code, random, asked)
        page = Page(code, PageKind.QUESTIONS, both(f"Page {code}", f"{code}쪽"), {}, items)
        made.append(replace(page, shown_if=shown_if, back=random.random() < 0.5))
        asked += items
    return made


def _of_the_arm(page: Page) -> Page:
    """The page with an item that only those are asked who were promised money."""
    text = both("Was it enough, for “{gender}”?", "“{gender}”에게 충분했습니까?")
    item = Item("enough", ItemKind.SHORT_TEXT, text, measure=Measure.TEXT)
    return replace(page, items=(*page.items, replace(item, shown_if='reward == "money"')))


def _with_poles(page: Page) -> Page:
    poles = Item(
        "poles1",
        ItemKind.SEMANTIC_DIFFERENTIAL,
        both("The park is", "공원은"),
        scale="poles",
        measure=Measure.ORDINAL,
        left=both("cold", "차갑다"),
        right=both("warm", "따뜻하다"),
    )
    return replace(page, items=(*page.items, poles))


def _blocked(pages: list[Page], random: Random) -> tuple[list[Page], tuple[Block, ...]]:
    """The pages as a block, if they wait for nothing that is asked in it."""
    codes = {item.code for page in pages for item in page.items}
    if len(pages) < 2 or random.random() < 0.3:
        return pages, ()
    free = [replace(page, block="mixed", shown_if="", items=_freed(page, codes)) for page in pages]
    return free, (Block("mixed", random.choice([Order.RANDOM, Order.FLIPPED])),)


def _freed(page: Page, codes: set[str]) -> tuple[Item, ...]:
    """The items without conditions on other pages of the block."""
    others = codes - {item.code for item in page.items}
    return tuple(
        replace(item, shown_if="") if any(code in item.shown_if for code in others) else item
        for item in page.items
    )


def _quotas(random: Random) -> tuple[Quota, ...]:
    if random.random() < 0.5:
        return ()
    limits = (Limit(("woman",), 1), Limit(("man",), 2))
    return (Quota("genders", ("gender",), limits), Quota("all", (), (Limit((), 4),)))
