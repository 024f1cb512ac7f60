from typing import Any

import pytest

from experiments.design import Design, Item, ItemKind, Page, Role
from responses.questionnaire import Checked, Facts, Fault, check, foreseen, wrong_comprehension
from tests.responses.questionnaire.asking import BESIDE, DONT_KNOW, PLACES, asking, item, page

WOMAN = Facts(answers={"gender": "woman"})


def checked(
    design: Design, fields: dict[str, str], facts: Facts = WOMAN, asked: tuple[str, ...] = ()
) -> Checked:
    """What becomes of fields that are sent for the page `ask`."""
    sent = {name: (value,) for name, value in fields.items()}
    return check(design, design.page("ask"), sent, facts, language="en", asked=asked)


ONE, TWO = item(ItemKind.SINGLE, "one"), item(ItemKind.SHORT_TEXT, "two")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"one": "park", "two": "x"}, Checked({"one": "park", "two": "x"}, {})),
        ({"one": "park"}, Checked({"one": "park"}, {"two": Fault.REQUIRED})),
        ({}, Checked({}, {"one": Fault.REQUIRED, "two": Fault.REQUIRED})),
        ({"one": "sea", "two": "x"}, Checked({"two": "x"}, {"one": Fault.NOT_AN_OPTION})),
        # What is no item of the page is left alone.
        (
            {"one": "park", "two": "x", "gender": "man", "three": "y", "move": "next"},
            Checked({"one": "park", "two": "x"}, {}),
        ),
    ],
)
def test_required_items_must_be_answered(fields: dict[str, str], expected: Checked) -> None:
    assert checked(asking(page(ONE, TWO)), fields) == expected


def test_optional_item_that_is_left_empty_is_stored_so() -> None:
    optional = item(ItemKind.NUMBER, required=False)
    slider = item(ItemKind.SLIDER, "s", minimum=0.0, maximum=9.0, required=False)
    expected = {"q": None, "s": {"missing": "untouched"}}
    assert checked(asking(page(optional, slider)), {}) == Checked(expected, {})


@pytest.mark.parametrize("kind", [ItemKind.SINGLE, ItemKind.SLIDER, ItemKind.RANKING])
def test_soft_item_is_asked_for_once(kind: ItemKind) -> None:
    bounds: dict[str, Any] = {"minimum": 0.0, "maximum": 9.0} if kind is ItemKind.SLIDER else {}
    design = asking(page(item(kind, soft=True, **bounds), TWO))
    empty = {"missing": "untouched"} if bounds else None
    first = checked(design, {"two": "x"})
    assert first == Checked({"two": "x"}, {"q": Fault.ASKED_ONCE}, frozenset({"q"}))
    then = checked(design, {"two": "x"}, asked=("q",))
    assert then == Checked({"q": empty, "two": "x"}, {})
    # Asked for once does not excuse an answer that can't be read, nor another item.
    wrong = {"q": "?", "q.park": "?"}
    assert set(checked(design, wrong, asked=("q", "two")).faults) == {"q", "two"}


@pytest.mark.parametrize(
    "asked",
    [
        item(ItemKind.SINGLE, options=(*PLACES, DONT_KNOW)),
        item(ItemKind.LIKERT),
        item(ItemKind.TEXT, options=BESIDE),
        item(ItemKind.ALLOCATION, options=(*PLACES, *BESIDE)),
    ],
)
def test_dont_know_answers_a_required_item(asked: Item) -> None:
    field = "q" if asked.kind in (ItemKind.SINGLE, ItemKind.LIKERT) else "q.missing"
    assert checked(asking(page(asked)), {field: "-9"}) == Checked(
        {"q": {"missing": "dont_know"}}, {}
    )


def _waiting(**values: Any) -> Page:
    return page(ONE, item(ItemKind.SHORT_TEXT, "why", shown_if='one == "park"', **values))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"one": "park", "why": "So."}, Checked({"one": "park", "why": "So."}, {})),
        ({"one": "park"}, Checked({"one": "park"}, {"why": Fault.REQUIRED})),
        # Hidden by the page's own answers: kept if something was typed, never wanted or wrong.
        ({"one": "pool"}, Checked({"one": "pool"}, {})),
        ({"one": "pool", "why": "So."}, Checked({"one": "pool", "why": "So."}, {})),
        ({"one": "pool", "why": "x" * 11}, Checked({"one": "pool"}, {})),
        ({"why": "So."}, Checked({"why": "So."}, {"one": Fault.REQUIRED})),
    ],
)
def test_item_waits_for_an_answer_of_its_page(fields: dict[str, str], expected: Checked) -> None:
    assert checked(asking(_waiting(max_length=10)), fields) == expected


def test_answer_that_was_given_before_does_not_show_what_the_new_one_hides() -> None:
    facts = Facts(answers={"one": "park", "why": "So."})
    assert checked(asking(_waiting()), {"one": "pool"}, facts) == Checked({"one": "pool"}, {})


def test_item_that_waits_for_a_hidden_one_is_hidden_too() -> None:
    last = item(ItemKind.SHORT_TEXT, "last", shown_if="answered(why)")
    design = asking(page(*_waiting().items, last))
    sent = {"one": "pool", "why": "So."}
    assert checked(design, sent) == Checked(sent, {})
    wanted = checked(design, {"one": "park", "why": "So."})
    assert wanted.faults == {"last": Fault.REQUIRED}


def test_item_that_earlier_pages_hide_takes_nothing() -> None:
    asked = page(ONE, item(ItemKind.SHORT_TEXT, "her", shown_if='gender == "woman"'))
    fields = {"one": "park", "her": "x"}
    assert checked(asking(asked), fields, Facts(answers={"gender": "man"})) == Checked(
        {"one": "park"}, {}
    )
    assert checked(asking(asked), fields) == Checked({"one": "park", "her": "x"}, {})


def test_statement_is_neither_wanted_nor_stored() -> None:
    design = asking(page(item(ItemKind.STATEMENT), TWO))
    assert checked(design, {"q": "x", "two": "y"}) == Checked({"two": "y"}, {})


def test_wrong_comprehension_is_no_fault_and_named_apart() -> None:
    check_ = item(ItemKind.SINGLE, "clear", role=Role.COMPREHENSION_CHECK, expected="park", tries=2)
    asked = page(check_, ONE)
    design = asking(asked)
    got = checked(design, {"clear": "pool", "one": "pool"})
    assert got == Checked({"clear": "pool", "one": "pool"}, {})
    assert wrong_comprehension(design, asked, got.answers) == ("clear",)
    assert wrong_comprehension(design, asked, {"clear": "park", "one": "pool"}) == ()
    # Where it was not asked, nothing was misunderstood.
    assert wrong_comprehension(design, asked, {"one": "pool"}) == ()


def test_foreseen_facts_hold_what_can_be_read() -> None:
    design = asking(_waiting(max_length=10))
    sent = {"one": ("park",), "why": ("x" * 11,)}
    before = Facts(answers={"gender": "woman", "one": "pool"})
    found = foreseen(design, design.page("ask"), sent, before, language="en")
    assert found == Facts(answers={"gender": "woman", "one": "park"})
