from dataclasses import replace
from itertools import pairwise

import pytest

from experiments.design import Block, Design, ItemKind, Order, PageKind
from experiments.ordering import ordered_pages
from responses.questionnaire import (
    Facts,
    consent_page,
    due_randomisations,
    first_page,
    needed_randomisations,
    next_page,
    not_shown,
    previous_page,
    screened_out,
    shown_items,
    shows_arm,
)
from responses.questionnaire.flow import follows_consent, may_show, waits_here
from tests.changed import changed
from tests.designs import both, small
from tests.responses.questionnaire.asking import asking, item, page

WOMAN, MAN = Facts({"gender": "woman"}), Facts({"gender": "man"})


def branching() -> Design:
    """After `about`: `her` for women, `all`, and `town`, whose item waits for one of `all`."""
    return asking(
        page(item(ItemKind.SINGLE, "one"), code="her", shown_if='gender == "woman"', back=True),
        page(item(ItemKind.SINGLE, "two"), code="all", back=True),
        page(
            item(ItemKind.SINGLE, "three", shown_if='two == "park"'),
            item(ItemKind.SINGLE, "four", shown_if='three == "park"'),
            code="town",
            shown_if='one == "pool" or two == "park"',
            back=True,
        ),
    )


def way(design: Design, facts: Facts) -> list[str]:
    """The pages that somebody is led over, from the first one."""
    here, codes = first_page(design), [first_page(design).code]
    while here.kind is not PageKind.END:
        here = next_page(design, here.code, facts)
        codes.append(here.code)
    return codes


@pytest.mark.parametrize(
    ("answers", "middle"),
    [
        ({"gender": "woman"}, ["her", "all"]),
        ({"gender": "man"}, ["all"]),
        ({"gender": {"missing": "prefer_not_to_say"}}, ["all"]),
        ({"gender": "woman", "one": "pool"}, ["her", "all", "town"]),
        # Who turns out not to be asked has not answered.
        ({"gender": "man", "one": "pool"}, ["all"]),
        ({"gender": "man", "one": "pool", "two": "park"}, ["all", "town"]),
    ],
)
def test_way_follows_the_conditions(answers: dict[str, object], middle: list[str]) -> None:
    facts = Facts(answers)  # type: ignore[arg-type]
    expected = ["welcome", "about", *middle, "story", "opinion", "thanks"]
    assert way(branching(), facts) == expected


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("all", WOMAN, "her"),
        ("all", MAN, "about"),
        ("her", WOMAN, "about"),
        ("town", MAN, "all"),
        # Pages that do not let back.
        ("about", WOMAN, None),
        ("story", WOMAN, None),
        ("thanks", WOMAN, None),
    ],
)
def test_previous_page_is_the_last_one_that_was_shown(
    code: str, facts: Facts, expected: str | None
) -> None:
    found = previous_page(branching(), code, facts)
    assert (found.code if found else None) == expected


def test_nobody_goes_back_to_consent() -> None:
    design = changed(small(), {"pages[1].back": True})
    assert previous_page(design, "about", WOMAN) is None


def test_pages_of_a_block_are_led_over_in_the_participants_order() -> None:
    design = asking(*(page(item(ItemKind.SINGLE, c), code=c, block="mix") for c in ("x", "y", "z")))
    design = replace(design, blocks=(Block("mix"),))
    ways = set()
    for number in range(30):
        seed = bytes([number])
        order = [each.code for each in ordered_pages(design, seed)]
        assert way(design, Facts(seed=seed)) == order
        ways.add(tuple(order[2:5]))
        # Back goes the same way.
        with_back = replace(
            design, pages=tuple(replace(p, back=p.block == "mix") for p in design.pages)
        )
        for one, other in pairwise(order[1:5]):
            found = previous_page(with_back, other, Facts(seed=seed))
            assert found is not None
            assert found.code == one
    assert len(ways) == 6


def test_first_and_consent_page() -> None:
    design = small()
    screening = replace(page(item(ItemKind.SINGLE, "adult"), code="s"), kind=PageKind.SCREENING)
    screened = replace(design, pages=(screening, *design.pages))
    assert (first_page(design).code, consent_page(design).code) == ("welcome", "welcome")
    assert (first_page(screened).code, consent_page(screened).code) == ("s", "welcome")


def test_page_after_consent_is_the_first_that_this_participant_sees() -> None:
    design = changed(small(), {"pages[1].shown_if": "", "pages": lambda old: old})
    early = page(item(ItemKind.SINGLE, "x"), code="early", shown_if='town == "seoul"')
    design = replace(design, pages=(design.pages[0], early, *design.pages[1:]))
    assert [p.code for p in design.pages if follows_consent(design, p.code, Facts())] == ["about"]


@pytest.mark.parametrize(
    ("answers", "shown", "may", "hidden"),
    [
        ({}, [], ["three", "four"], ["three", "four"]),
        ({"two": "pool"}, [], [], ["three", "four"]),
        ({"two": "park"}, ["three"], ["three", "four"], ["four"]),
        ({"two": "park", "three": "park"}, ["three", "four"], ["three", "four"], []),
        ({"two": "park", "three": "pool"}, ["three"], ["three", "four"], ["four"]),
        ({"two": "pool", "three": "park"}, [], [], ["three", "four"]),
    ],
)
def test_items_of_a_page_follow_the_conditions(
    answers: dict[str, str], shown: list[str], may: list[str], hidden: list[str]
) -> None:
    design = branching()
    facts = Facts({"gender": "woman", "one": "pool", **answers})
    town = design.page("town")
    assert [i.code for i in shown_items(design, town, facts)] == shown
    assert [i.code for i in may_show(design, town, facts)] == may
    assert [i.code for i in town.items if i.code not in shown] == hidden
    assert [waits_here(town, each) for each in town.items] == [False, True]


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        ("about", {}, ()),
        ("story", {"gender": "man", "two": "pool"}, ("one", "three", "four")),
        # Those further on are not hidden yet.
        ("all", {"gender": "man", "two": "pool"}, ("one",)),
        ("story", {"gender": "woman", "one": "pool", "two": "park", "three": "x"}, ("four",)),
        # Kept answers of a branch that was left are among them.
        ("story", {"gender": "man", "one": "pool", "two": "pool"}, ("one", "three", "four")),
    ],
)
def test_not_shown_are_the_hidden_items_so_far(
    code: str, answers: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert not_shown(branching(), code, Facts(answers)) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({"adult": "no"}, True), ({"adult": "yes"}, False), ({"adult": None}, False), ({}, False)],
)
def test_screening_ends_by_its_rule(answers: dict[str, str | None], expected: bool) -> None:
    adult = item(ItemKind.SINGLE, "adult")
    screen = replace(page(adult, code="s"), kind=PageKind.SCREENING, screen_out_if='adult == "no"')
    design = replace(small(), pages=(screen, *small().pages))
    assert screened_out(design, screen, Facts(answers)) is expected


def test_page_without_a_rule_screens_nobody() -> None:
    assert not screened_out(small(), small().pages[1], WOMAN)


def test_randomisations_are_needed_where_their_slots_stand() -> None:
    design = small()
    later = page(code="later", shown_if='gender == "woman"')
    later = replace(later, body=both("You read: {reward}", "{reward}"))
    design = changed(design, {"pages": lambda old: (*old[:4], later, *old[4:])})
    needed = {p.code: [r.code for r in needed_randomisations(design, p)] for p in design.pages}
    assert needed == {
        **{"welcome": [], "about": [], "story": ["main"]},
        **{"opinion": [], "later": ["main"], "thanks": []},
    }
    showing = [p.code for p in design.pages if shows_arm(design, p)]
    assert showing == ["story", "later"]
    due = [[r.code for r in due_randomisations(design, p.code, WOMAN)] for p in design.pages]
    assert due == [[], [], ["main"], ["main"], ["main"], ["main"]]


def test_randomisation_of_a_page_that_was_skipped_is_not_due() -> None:
    design = changed(small(), {"pages[2].shown_if": 'gender == "woman"'})
    assert due_randomisations(design, "opinion", MAN) == ()
    assert due_randomisations(design, "opinion", WOMAN) == design.randomisations


def test_items_come_in_the_participants_order() -> None:
    design = changed(small(), {"scales[0].item_order": Order.FLIPPED})
    about = design.page("about")
    orders = {
        tuple(i.code for i in shown_items(design, about, Facts(seed=bytes([n]))) if i.scale)
        for n in range(20)
    }
    assert orders == {("motive1", "motive2"), ("motive2", "motive1")}
