import math
from collections import Counter
from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from scipy.stats import chi2

from experiments.design import (
    Block,
    Design,
    Item,
    ItemKind,
    Missing,
    Option,
    Order,
    Page,
    PageKind,
)
from experiments.ordering import (
    ordered_items,
    ordered_options,
    ordered_pages,
    orders_shown,
    participant_seed,
    shuffled,
)
from tests.changed import changed
from tests.designs import both, likert, small

SEED = b"s" * 32
MANY = 2400


def seeds(count: int) -> list[bytes]:
    """Seeds of so many participants, always the same."""
    return [participant_seed(UUID(int=number)) for number in range(count)]


def is_uniform(counts: Counter[tuple[str, ...]], cells: int) -> bool:
    """Whether a chi-square test at 1 in 10,000 lets equal chances stand; the seeds are fixed."""
    expected = counts.total() / cells
    statistic = sum((counts[cell] - expected) ** 2 / expected for cell in counts)
    statistic += (cells - len(counts)) * expected
    return bool(chi2.sf(statistic, cells - 1) > 1e-4)


def test_seed_is_that_of_the_reference() -> None:
    one, other = UUID(int=1), UUID(int=2)
    # A frozen value: orders of participants of the past must be computable for ever.
    expected = "d1f88cd404c7d82de42ebb425bc4486ae4f904f8eea92f56c6c8a2364ac36946"
    assert participant_seed(one).hex() == expected
    assert participant_seed(one) != participant_seed(other)


@pytest.mark.parametrize("order", list(Order))
def test_same_seed_gives_the_same_order(order: Order) -> None:
    codes = [f"c{number}" for number in range(20)]
    once = shuffled(SEED, "name", codes, order)
    assert shuffled(SEED, "name", codes, order) == once
    assert sorted(once) == sorted(codes)


def test_random_order_does_not_depend_on_how_codes_were_listed() -> None:
    assert shuffled(SEED, "x", "abcd", Order.RANDOM) == shuffled(SEED, "x", "dbca", Order.RANDOM)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_random_order_is_uniform_over_permutations(size: int) -> None:
    codes = "abcd"[:size]
    counts = Counter(shuffled(seed, "x", codes, Order.RANDOM) for seed in seeds(MANY))
    assert set(counts) == set(permutations(codes))
    assert is_uniform(counts, math.factorial(size))


def test_flipped_order_is_one_way_or_the_other_for_half() -> None:
    counts = Counter(shuffled(seed, "x", "abc", Order.FLIPPED) for seed in seeds(MANY))
    assert set(counts) == {("a", "b", "c"), ("c", "b", "a")}
    assert is_uniform(counts, 2)


def test_orders_of_two_names_are_independent() -> None:
    pairs: Counter[tuple[str, ...]] = Counter(
        (
            "".join(shuffled(s, "x", "abc", Order.RANDOM)),
            "".join(shuffled(s, "y", "abc", Order.RANDOM)),
        )
        for s in seeds(MANY)
    )
    assert is_uniform(pairs, 36)


def test_fixed_order_is_as_written() -> None:
    assert {shuffled(seed, "x", "cab", Order.FIXED) for seed in seeds(9)} == {("c", "a", "b")}


def _questions(code: str, *items: Item, block: str = "") -> Page:
    return Page(code, PageKind.QUESTIONS, both(code, code), {}, items, block=block)


def _blocked(order: Order) -> Design:
    """`small()` with p1, p2, p3 in a block after its last questions."""
    pages = tuple(_questions(code, block="mixed") for code in ("p1", "p2", "p3"))
    design = changed(small(), {"pages": lambda old: (*old[:-1], *pages, old[-1])})
    return replace(design, blocks=(Block("mixed", order),))


def test_pages_of_a_block_swap_places_and_no_others() -> None:
    found = {
        tuple(page.code for page in ordered_pages(_blocked(Order.RANDOM), seed))
        for seed in seeds(60)
    }
    assert found == {
        ("welcome", "about", "story", "opinion", *middle, "thanks")
        for middle in permutations(("p1", "p2", "p3"))
    }


def test_pages_of_a_fixed_block_stay() -> None:
    design = _blocked(Order.FIXED)
    assert all(ordered_pages(design, seed) == design.pages for seed in seeds(9))


def _mixed_scales(order: Order) -> tuple[Design, Page]:
    """A page whose items of two scales stand among others: m1 x w1 m2 m3 w2."""
    single = replace(small().pages[1].items[0], code="x")
    motive = [likert(f"m{number}", "motive") for number in (1, 2, 3)]
    will = [likert(f"w{number}", "will") for number in (1, 2)]
    page = _questions("mix", motive[0], single, will[0], motive[1], motive[2], will[1])
    design = changed(small(), {"scales[0].item_order": order, "pages[1]": page})
    return design, page


def test_items_of_a_scale_swap_among_their_own_places() -> None:
    design, page = _mixed_scales(Order.RANDOM)
    found = {"".join(i.code for i in ordered_items(design, page, seed)) for seed in seeds(60)}
    assert found == {f"{a}xw1{b}{c}w2" for a, b, c in permutations(("m1", "m2", "m3"))}


def test_items_of_a_flipped_scale_are_turned() -> None:
    design, page = _mixed_scales(Order.FLIPPED)
    found = {"".join(i.code for i in ordered_items(design, page, seed)) for seed in seeds(20)}
    assert found == {"m1xw1m2m3w2", "m3xw1m2m1w2"}


def _item(order: Order, kind: ItemKind = ItemKind.MULTIPLE) -> Item:
    options = (
        Option("a", both("A", "가")),
        Option("dk", both("Don’t know", "모름"), Missing.DONT_KNOW),
        Option("b", both("B", "나")),
        Option("none", both("None", "없음"), exclusive=True),
        Option("c", both("C", "다")),
    )
    return Item("use", kind, both("Which?", "무엇?"), options, option_order=order)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.FIXED, {("a", "dk", "b", "none", "c")}),
        (Order.FLIPPED, {("a", "b", "c", "dk", "none"), ("c", "b", "a", "dk", "none")}),
        (Order.RANDOM, {(*three, "dk", "none") for three in permutations("abc")}),
    ],
)
def test_options_that_are_no_answer_or_stand_alone_stay_at_the_end(
    order: Order, expected: set[tuple[str, ...]]
) -> None:
    item = _item(order)
    found = {
        tuple(option.code for option in ordered_options(small(), item, seed)) for seed in seeds(60)
    }
    assert found == expected


def test_options_of_a_scale_are_flipped_for_all_its_items_alike() -> None:
    design = changed(small(), {"scales[0].option_order": Order.FLIPPED})
    items = design.scale_items("motive")
    found = {
        tuple("".join(o.code for o in ordered_options(design, item, seed)) for item in items)
        for seed in seeds(20)
    }
    assert found == {("12345", "12345"), ("54321", "54321")}


def test_orders_shown_are_what_is_not_fixed() -> None:
    design = changed(
        _blocked(Order.RANDOM),
        {
            "scales[0].item_order": Order.RANDOM,
            "scales[0].option_order": Order.FLIPPED,
            "pages[4].items": (likert("m3", "motive"), likert("w3", "will"), _item(Order.RANDOM)),
        },
    )
    for seed in seeds(20):
        page = design.page("p1")
        items = {item.code: item for item in page.items}
        assert orders_shown(design, page, seed) == {
            "mixed": [p.code for p in ordered_pages(design, seed) if p.block == "mixed"],
            "motive": ["m3"],
            "m3": [o.code for o in ordered_options(design, items["m3"], seed)],
            "use": [o.code for o in ordered_options(design, items["use"], seed)],
        }
        about = design.page("about")
        asked = [i.code for i in ordered_items(design, about, seed) if i.scale == "motive"]
        options = [o.code for o in ordered_options(design, design.item("motive1"), seed)]
        assert orders_shown(design, about, seed) == {
            "motive": asked,
            "motive1": options,
            "motive2": options,
        }


def test_nothing_is_shown_of_fixed_orders() -> None:
    design = _blocked(Order.FIXED)
    assert [orders_shown(design, page, SEED) for page in design.pages] == [{}] * len(design.pages)
