from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.logic import (
    Condition,
    ConditionError,
    as_json,
    comparisons,
    decide,
    holds,
    names,
    parse,
)
from experiments.logic.parsing import DEEPEST, LONGEST
from experiments.logic.tree import And, Answered, Compare, Constant, Constants, In, Name, Not, Or

A, B, C = (Answered(Name(code)) for code in "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('a == "x"', Compare("==", Name("a"), Constant("x"))),
        ("a == 'x y'", Compare("==", Name("a"), Constant("x y"))),
        ("'say \"x\"' != a", Compare("!=", Constant('say "x"'), Name("a"))),
        ("a<=-1.5", Compare("<=", Name("a"), Constant("-1.5"))),
        ("a>b", Compare(">", Name("a"), Name("b"))),
        ('a in ["x", 2]', In(Name("a"), Constants(("x", "2")))),
        ('"x" in a', In(Constant("x"), Name("a"))),
        ('"x" not in a', Not(In(Constant("x"), Name("a")))),
        ("answered(a)", A),
        ("not answered(a)", Not(A)),
        ("not not answered(a)", Not(Not(A))),
        ("\n answered ( a )\t", A),
        # Names that begin like words of the language.
        ("android == 1", Compare("==", Name("android"), Constant("1"))),
        ("not inside == 1", Not(Compare("==", Name("inside"), Constant("1")))),
    ],
)
def test_parse_reads_each_form(text: str, tree: Condition) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("answered(a) and answered(b) or answered(c)", Or(And(A, B), C)),
        ("answered(a) or answered(b) and answered(c)", Or(A, And(B, C))),
        ("(answered(a) or answered(b)) and answered(c)", And(Or(A, B), C)),
        ("not answered(a) and answered(b)", And(Not(A), B)),
        ("not (answered(a) and answered(b))", Not(And(A, B))),
        ("answered(a) or answered(b) or answered(c)", Or(Or(A, B), C)),
        ("answered(a) and answered(b) and answered(c)", And(And(A, B), C)),
    ],
)
def test_parse_binds_not_before_and_before_or(text: str, tree: Condition) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("", "After the start comes nothing.", "Name an item, a factor or a parameter"),
        ("a", "a is compared with nothing.", "Write a == …, or answered(a)."),
        ('"x"', "“x” is compared with nothing.", "Name an item, a factor or a parameter that"),
        ('a = "x"', "A single = compares nothing.", "Write ==."),
        ('a == "x', 'The quote at "x is not closed.', "Close it."),
        ('a == "x" && b == "y"', "&& is not known.", "Write and, or."),
        ("a == ", "After “==” comes nothing.", "Name an item, a factor or a parameter"),
        ("a == 1 b", "After “1” comes “b”.", "Join conditions by and, or."),
        ("a < b < c", "After “b” comes “<”.", "Join conditions by and, or."),
        ("(a == 1", "After “1” comes nothing.", "Write ) there."),
        ("a == 1)", "After “1” comes “)”.", "Join conditions by and, or."),
        ("answered a", "After “answered” comes “a”.", "Write ( there."),
        ("a in []", "“]” can't stand in a list.", "A list holds codes in quotes"),
        ("a in [b]", "“b” can't stand in a list.", "A list holds codes in quotes"),
        ('a in "x"', '“"x"” is no list.', 'Write a list, as in ["x"].'),
        ("a not == 1", "After “not” comes “==”.", "Write in there."),
        ("and == 1", "After the start comes “and”.", "Name an item, a factor or a parameter"),
        ("a + 1 == 2", "“+ 1 == 2” can't stand in a condition.", "Write one such as age >= 18"),
        (
            "3abc == 1",
            "“3” is compared with nothing.",
            "Name an item, a factor or a parameter that",
        ),
    ],
)
def test_parse_says_what_is_wrong_and_what_to_do(text: str, message: str, remedy: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.remedy[: len(remedy)]) == (message, remedy)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.__class__ == 1",
        "lambda: 1",
        "a == 1; b == 2",
        "[x for x in y]",
        "a if b else c",
        "f'{a}' == 1",
        "a == `id`",
        "open(a)",
        "a ** 2 == 4",
        "True",
    ],
)
def test_parse_takes_no_code(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500,
        "not " * 240,
        "not(" * 200 + "answered(a)" + ")" * 200,
        "(" * (DEEPEST + 1) + "answered(a)" + ")" * (DEEPEST + 1),
    ],
)
def test_parse_refuses_what_is_nested_too_deeply(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_parse_refuses_what_is_too_long() -> None:
    text = "a == 1".ljust(LONGEST + 1)
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert str(caught.value) == "The condition has 1001 characters. Say it in 1000."


def test_longest_chain_is_decided_and_written() -> None:
    # As many parts as a condition can have: each is one level of the tree.
    chain = "or ".join(["a<1"] * (LONGEST // 6))
    tree = parse(chain)
    assert LONGEST - 10 < len(chain) <= LONGEST
    assert (decide(tree, {}), holds(tree, {"a": "2"}), names(tree)) == (None, False, frozenset("a"))
    assert as_json(tree)[0] == "or"


@given(st.text(alphabet="ab \"'()[]<>=!,01.-notirswed\n", max_size=80))
def test_any_text_is_a_condition_or_has_a_remedy(text: str) -> None:
    try:
        ends = holds(parse(text), {}) in (True, False)
    except ConditionError as error:
        ends = bool(error.message and error.remedy)
    assert ends


def test_names_and_comparisons_are_those_of_all_parts() -> None:
    tree = parse('not (a == "1" and "x" in b) or answered(c) or d in ["u", 2] or e < f')
    assert names(tree) == {"a", "b", "c", "d", "e", "f"}
    assert list(comparisons(tree)) == [("a", "1"), ("b", "x"), ("d", "u"), ("d", "2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a >= 1.5", ["compare", ">=", ["name", "a"], ["value", "1.5"]]),
        ("a not in ['x', 2]", ["not", ["in", ["name", "a"], ["list", ["x", "2"]]]]),
        ("'x' in a", ["in", ["value", "x"], ["name", "a"]]),
        (
            "answered(a) and (answered(b) or answered(c))",
            ["and", ["answered", "a"], ["or", ["answered", "b"], ["answered", "c"]]],
        ),
    ],
)
def test_tree_goes_to_the_browser_as_lists(text: str, expected: list[Any]) -> None:
    assert as_json(parse(text)) == expected
