"""What a page shows of an answer says the same answer when it is sent again."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from experiments.design import Item, ItemKind
from responses.questionnaire.reading import Fault, as_fields, read
from tests.responses.questionnaire.asking import BESIDE, PLACES, asking, item, page

DK = {"missing": "dont_know"}
UNTOUCHED = {"missing": "untouched"}
ON_SCALE = (ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL)
CODES = [option.code for option in PLACES]
KINDS = {
    ItemKind.LIKERT: st.sampled_from("12345"),
    ItemKind.SEMANTIC_DIFFERENTIAL: st.sampled_from("12345"),
    ItemKind.SINGLE: st.sampled_from(CODES),
    ItemKind.DROPDOWN: st.sampled_from(CODES),
    ItemKind.MULTIPLE: st.sets(st.sampled_from(CODES), min_size=1).map(
        lambda chosen: [code for code in CODES if code in chosen]
    ),
    ItemKind.NUMBER: st.decimals(-9999, 9999, places=3).map(lambda n: f"{n.normalize() + 0:f}"),
    ItemKind.SLIDER: st.integers(0, 40).map(lambda n: f"{(Decimal(n) / 4 - 5).normalize():f}"),
    ItemKind.SHORT_TEXT: st.text(min_size=1, max_size=50).filter(
        lambda text: text.strip() and not set(text) & set("\0\r\n")
    ),
    ItemKind.TEXT: st.text(min_size=1, max_size=50).filter(
        lambda text: text.strip() and not set(text) & set("\0\r")
    ),
    ItemKind.DATE: st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    ItemKind.RANKING: st.permutations(CODES),
    ItemKind.ALLOCATION: st.tuples(st.integers(0, 100), st.integers(0, 100))
    .map(sorted)
    .map(lambda cuts: {"park": cuts[0], "pool": cuts[1] - cuts[0], "hall": 100 - cuts[1]}),
}


def asked_of(kind: ItemKind) -> Item:
    """An item of that kind that takes every answer of `KINDS`."""
    values: dict[str, Any] = {"max_length": 50}
    if kind is ItemKind.NUMBER:
        values |= {"decimals": 3}
    if kind is ItemKind.SLIDER:
        values |= {"minimum": -5.0, "maximum": 5.0, "step": 0.25}
    if kind not in ON_SCALE:
        values |= {"options": (*item(kind).options, *BESIDE)}
    return item(kind, **values)


@given(st.data(), st.sampled_from(sorted(KINDS)), st.sampled_from(["en", "de", "ko", "fr", "ar"]))
def test_fields_of_an_answer_say_it_again(data: Any, kind: ItemKind, language: str) -> None:
    asked = asked_of(kind)
    open_ = st.just(UNTOUCHED) if kind is ItemKind.SLIDER else st.none()
    answer = data.draw(st.one_of(KINDS[kind], st.just(DK), open_))
    design = asking(page(asked))
    assert read(design, asked, as_fields(design, asked, answer, language), language) == answer


@given(st.sampled_from(sorted(KINDS)), st.lists(st.text(max_size=40), max_size=3))
def test_any_field_is_a_fault_or_an_answer_that_can_be_shown_again(
    kind: ItemKind, values: list[str]
) -> None:
    asked = asked_of(kind)
    design = asking(page(asked))
    for part in ("", ".missing", ".park", ".pool"):
        found = read(design, asked, {f"q{part}": tuple(values)}, "en")
        if not isinstance(found, Fault):
            assert read(design, asked, as_fields(design, asked, found, "de"), "de") == found
