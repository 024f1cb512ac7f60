"""A study file of which something can't be read: what is told of the rest, and if more may come."""

import re

import pytest

from experiments.studyfile import LARGEST_READ_AGAIN, parse
from tests.experiments.studyfiles import TEXT

# Each line with a word of which only some are known.
WORDS = re.findall(r"(?m)^.*\b(?:kind|measure|role|method|item_order|family|required): \w+$", TEXT)


def told(text: str) -> set[tuple[int, str, str]]:
    """Each problem of it: line, path and message."""
    return {(each.line, each.path, each.message) for each in parse(text).problems}


@pytest.mark.parametrize(
    ("old", "new"), [("kind: end", "kind: ende"), ("required: false", "required: no")]
)
def test_parse_lists_what_is_wrong_whatever_was_meant_by_a_word(old: str, new: str) -> None:
    text = TEXT.replace("outcome: will", "outcome: wil").replace("{voice}", "{voise}")
    rest, found = told(text), told(text.replace(old, new, 1))

    assert len(rest) > 3
    assert rest < found
    ((line, path, _message),) = found - rest
    assert line == text[: text.index(old)].count("\n") + 1
    assert path.rpartition(".")[2] == old.partition(":")[0]


@pytest.mark.parametrize("line", sorted(set(WORDS)))
def test_parse_makes_up_no_problem_for_a_word_that_is_not_known(line: str) -> None:
    parsed = parse(TEXT.replace(line, f"{line[: line.index(':')]}: zzz", 1))

    assert [each.path.rpartition(".")[2] for each in parsed.problems] == [
        line.partition(":")[0].strip(" -")
    ]
    assert parsed.unchecked


@pytest.mark.parametrize(
    ("text", "unchecked"),
    [
        # Two words, of which nobody knows what was meant together.
        (TEXT.replace("kind: end", "kind: ende").replace("consent\n", "consnt\n"), True),
        (
            TEXT.replace("kind: end", "kind: ende").replace("sample_size: 40", "sample_size: x"),
            True,
        ),
        # A large file is not read as often as there are words.
        (TEXT.replace("kind: end", "kind: ende") + "#" * LARGEST_READ_AGAIN, True),
        ("a: [", True),
        (TEXT.replace("study: park", "study: Park"), False),
        (TEXT, False),
    ],
)
def test_parse_says_whether_more_may_come(text: str, unchecked: bool) -> None:
    text = text.replace("outcome: will", "outcome: wil")
    parsed = parse(text)

    assert parsed.unchecked is unchecked
    outcome = "The outcome wil is no scale and no item."
    assert (outcome in [each.message for each in parsed.problems]) is not unchecked
