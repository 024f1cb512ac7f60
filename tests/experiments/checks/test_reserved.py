"""Codes that are taken already, by whom, and those that are free."""

import pytest

from experiments.checks.reserved import why_reserved

BY_DATA = "every data set has a variable of that name"
BY_PAGES = "the participants' pages use that name themselves"
BY_TOOLS = "Stata or SPSS keeps that word for itself"
KINDS = ("factor", "scale", "subscale", "item", "parameter", "block")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("arm", BY_DATA),
        ("language", BY_DATA),
        ("last_page", BY_DATA),
        ("if", BY_TOOLS),
        ("by", BY_TOOLS),
        ("str1", BY_TOOLS),
        ("str2045", BY_TOOLS),
        ("str0", ""),
        ("str2046", ""),
        ("string", ""),
        ("gender", ""),
    ],
)
def test_reserved_is_what_data_and_tools_call_their_own(code: str, why: str, kind: str) -> None:
    assert why_reserved(code, kind) == why


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["move", "csrfmiddlewaretoken", "key", "items", "lang"])
def test_reserved_for_items_alone_is_what_pages_send(code: str, kind: str) -> None:
    assert why_reserved(code, kind) == (BY_PAGES if kind == "item" else "")


def test_reserved_for_items_too_is_a_word_of_tools_that_pages_send() -> None:
    assert (why_reserved("to", "item"), why_reserved("to", "factor")) == (BY_PAGES, BY_TOOLS)
