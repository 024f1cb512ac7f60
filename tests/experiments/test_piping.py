from dataclasses import replace

import pytest

from experiments.design import Item, ItemKind, Option, Page, PageKind
from experiments.piping import piped
from experiments.vignette import render, slots
from tests.designs import both, small


def _page() -> Page:
    item = Item(
        "how",
        ItemKind.SEMANTIC_DIFFERENTIAL,
        both("How is {town}?", "{town}은 어떻습니까?"),
        (Option("1", both("like {pet}", "보기")), Option("2", both("other", "{other}"))),
        left=both("{cold}", "차갑다"),
        right=both("warm", "{warm}"),
        unit=both("{coin}", "원"),
    )
    return Page(
        "next",
        PageKind.QUESTIONS,
        both("You, { name }", "제목"),
        both("{reward} and {voice}", "{reward}"),
        (item,),
    )


def test_piped_names_the_slots_of_every_text_in_every_language() -> None:
    assert piped(_page()) == {
        *("town", "pet", "other", "cold", "warm", "coin", "name", "reward", "voice")
    }


def test_texts_of_a_page_are_its_own_and_its_items() -> None:
    page = _page()
    assert list(page.texts()) == [page.title, page.body, *page.items[0].texts()]


def test_page_without_slots_pipes_nothing() -> None:
    assert piped(replace(small().pages[0], title=both("{}", "{A}"))) == frozenset()


@pytest.mark.parametrize(
    ("text", "fillings", "expected"),
    [
        ("Hello {name}!", {"name": "Kim"}, "Hello Kim!"),
        ("{ name }{name}", {"name": "x"}, "xx"),
        # What was filled in is not looked at again.
        ("{a}{b}", {"a": "{b}", "b": "{a}"}, "{b}{a}"),
        ("{a}", {"a": "\\1 \\g<0> $1"}, "\\1 \\g<0> $1"),
        ("{a}", {"a": ""}, ""),
        ("no slot", {}, "no slot"),
        ("{9} {A} { a b }", {}, "{9} {A} { a b }"),
    ],
)
def test_slots_are_filled_once(text: str, fillings: dict[str, str], expected: str) -> None:
    assert render(text, fillings) == expected


def test_slot_that_nothing_fills_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        render("Hello {name}", {"nam": "x"})


def test_slots_are_lower_case_codes() -> None:
    assert slots("{a} {b_1} {A} {1a} {a-b} {{c}}") == {"a", "b_1", "c"}
