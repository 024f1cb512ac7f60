"""The form fields of texts in several languages and of lists."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from experiments.desk.lists import CellField, ChosenCodesField, SpelledListField, fraction, whole
from experiments.translated import TranslatedField


def field(value: Any = None, **options: Any) -> TranslatedField:
    made = TranslatedField(**options)
    made.use_languages("Title", ("en", "ko"), value)
    return made


def test_text_has_one_input_for_each_language_and_marks_what_is_missing() -> None:
    value = {"en": "Park", "de": "Garten"}
    html = field(value).texts.render("title", value, {"id": "id_title"})
    assert [line.split('"')[1] for line in html.split(" name=")[1:]] == [
        "title_en",
        "title_ko",
        "title_de",
    ]
    assert html.count("desk-mark-missing") == 1
    assert "no language of this study" in html
    assert 'lang="ko"' in html
    assert "Title, Korean" in html


def test_text_is_escaped() -> None:
    html = field().texts.render("title", {"en": '"><script>'}, {"id": "id_title"})
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"en": "Park", "ko": "공원"}, {"en": "Park", "ko": "공원"}),
        ({"en": "a\r\nb", "ko": "  "}, {"en": "a\nb"}),
        ({"en": " kept ", "ko": ""}, {"en": " kept "}),
    ],
)
def test_text_keeps_what_is_written_in_the_order_of_the_study(
    sent: dict[str, str], stored: dict[str, str]
) -> None:
    assert field().clean(sent) == stored


def test_text_is_asked_for_unless_it_may_be_left_out() -> None:
    with pytest.raises(ValidationError, match="at least one language"):
        field().clean({"en": " ", "ko": ""})
    assert field(required=False).clean({}) == {}
    assert field(required=False, may_be_silent=True).clean({}) == {"en": "", "ko": ""}


def test_text_that_is_sent_back_as_it_was_has_not_changed() -> None:
    before = {"en": "a\nb", "ko": ""}
    assert not field(before).has_changed(before, {"en": "a\r\nb", "ko": ""})
    assert field(before).has_changed(before, {"en": "a", "ko": ""})


@pytest.mark.parametrize(
    ("read", "typed", "found"),
    [
        (whole, "6, 12,", [6, 12]),
        (fraction, "0.5,1", [0.5, 1.0]),
        (str, " en , ko ", ["en", "ko"]),
    ],
)
def test_list_is_typed_with_commas(
    read: Callable[[str], Any], typed: str, found: list[Any]
) -> None:
    assert SpelledListField(read=read, wrong="no").clean(typed) == found


@pytest.mark.parametrize("typed", ["6, 6", "6, x", "nan", "1" * 7, ""])
def test_list_that_is_none_is_told(typed: str) -> None:
    with pytest.raises(ValidationError):
        SpelledListField(read=whole, wrong="“%(entry)s” is no whole number.").clean(typed)


def test_list_is_shown_as_it_was_typed() -> None:
    shown = SpelledListField(read=fraction, wrong="no")
    assert shown.prepare_value([0.5, 1.0]) == "0.5, 1"
    assert not shown.has_changed([0.5, 1.0], "0.5, 1")


def test_ticked_codes_keep_the_order_that_they_had() -> None:
    ticked = ChosenCodesField(required=False)
    ticked.offer([("a", "A"), ("b", "B"), ("c", "C")], ["c", "gone", "a"])
    assert ticked.clean(["a", "b", "c", "gone"]) == ["c", "gone", "a", "b"]
    with pytest.raises(ValidationError):
        ticked.clean(["d"])


def test_arm_is_chosen_as_a_cell() -> None:
    cell = CellField()
    cell.offer([("none.low", "None × Low")], ["old", "low"])
    assert cell.clean("none.low") == ["none", "low"]
    assert cell.clean("old.low") == ["old", "low"]
    assert not cell.has_changed(["none", "low"], "none.low")
