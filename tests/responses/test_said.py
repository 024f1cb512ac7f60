"""Answers as the desk words them."""

from typing import Any

import pytest

from responses.said import answer_words
from tests.responses.every_kind import kinds_design


@pytest.mark.parametrize(
    ("code", "answer", "said"),
    [
        ("agree1", "4", "Agree 4 (4)"),
        ("one", "park", "The park (park)"),
        ("one", "gone", "gone"),
        ("menu", {"missing": "prefer_not_to_say"}, "Rather not say (-9)"),
        ("some", ["park", "pool"], "The park (park), The pool (pool)"),
        ("some", [], "–"),
        ("order", ["pool", "park"], "1. The pool (pool), 2. The park (park)"),
        ("points", {"park": 60, "pool": 40}, "The park (park): 60, The pool (pool): 40"),
        ("distance", "2.5", "2.5 km"),
        ("mood", {"missing": "untouched"}, "–"),
        ("wish", "-9", "-9"),
        ("day", "2026-03-31", "2026-03-31"),
        ("place", None, "–"),
        ("of_another_version", "x", "x"),
    ],
)
def test_answer_is_said_in_words(code: str, answer: Any, said: str) -> None:
    assert answer_words(kinds_design(), code, answer, "en") == said


def test_answer_is_said_in_the_language_of_the_desk_or_the_studys_first() -> None:
    assert answer_words(kinds_design(), "one", "park", "ko") == "공원 (park)"
    assert answer_words(kinds_design(), "one", "park", "de") == "The park (park)"
