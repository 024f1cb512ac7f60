"""Two texts as one, with what went and what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.worddiff import MOST_WORDS, Fate, Piece, pieces

SAME, GONE, NEW = Fate.SAME, Fate.GONE, Fate.NEW


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ()),
        ("a park", "a park", ((SAME, "a park"),)),
        ("a park", "a pond", ((SAME, "a "), (GONE, "park"), (NEW, "pond"))),
        ("", "a park", ((NEW, "a park"),)),
        ("the old park", "the park", ((SAME, "the "), (GONE, "old "), (SAME, "park"))),
        (
            "a b c d e f g h old i j k l m n o p q r s t u v w x y",
            "a b c d e f g h new i j k l m n o p q r s t u v w x z",
            (
                (SAME, "… c d e f g h "),
                (GONE, "old "),
                (NEW, "new "),
                (SAME, "i j k l m n … s t u v w x "),
                (GONE, "y"),
                (NEW, "z"),
            ),
        ),
        (
            "x a b c d e f g h",
            "y a b c d e f g h",
            ((GONE, "x "), (NEW, "y "), (SAME, "a b c d e f …")),
        ),
    ],
)
def test_pieces_mark_words(before: str, after: str, expected: tuple[tuple[Fate, str], ...]) -> None:
    assert pieces(before, after) == tuple(Piece(*piece) for piece in expected)


@given(st.text("ab \n", max_size=12), st.text("ab \n", max_size=12))
def test_pieces_lose_no_word_of_short_texts(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.fate is not NEW) == before
    assert "".join(piece.text for piece in found if piece.fate is not GONE) == after


def test_pieces_of_texts_too_long_to_match_are_told_whole() -> None:
    old = " ".join(f"a{n % 7}" for n in range(MOST_WORDS + 1))
    new = " ".join(f"b{n % 7}" for n in range(MOST_WORDS + 1))
    assert pieces(f"x {old}", f"x {new}") == (
        Piece(SAME, "x "),
        Piece(GONE, old),
        Piece(NEW, new),
    )
