from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.logic import NoValue, Value, decide, holds, parse
from experiments.logic.deciding import number


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ('x == "a"', "a", True),
        ('x == "a"', "b", False),
        ('x != "a"', "b", True),
        # What was not answered is not equal to anything, and not unequal either.
        ('x == "a"', None, False),
        ('x != "a"', None, False),
        ('x != "a"', "", False),
        ("x < 1", None, False),
        ('x in ["a"]', None, False),
        ('x not in ["a"]', None, True),
        # Numbers are numbers if both sides are.
        ("x == 1", "1.0", True),
        ("x == 1", "01", True),
        ("x != 1", "1.00", False),
        ("x < 10", "9", True),
        ("x > 9", "10", True),
        ("x >= 0.3", "0.30", True),
        ("x <= -1", "-2", True),
        ("x < 10", "nine", False),
        ("x > 10", "nine", False),
        ('x < "b"', "a", False),
        # As the browser reads numbers: no exponents, no signs, no underscores, no other digits.
        ("x == 100", "1e2", False),
        ("x == 1", "+1", False),
        ("x == 1000", "1_000", False),
        ("x == 3", "３", False),
        ("x == 3", " 3 ", True),
        ("x > 0", "9" * 41, False),
        ("x > 0", "inf", False),
        ("x == x", "nan", True),
        # Lists, and the options of a multiple choice.
        ('x in ["a", "b"]', "b", True),
        ("x in [1, 2]", "2.0", True),
        ('x not in ["a", "b"]', "c", True),
        ('"a" in x', ("a", "c"), True),
        ('"b" in x', ("a", "c"), False),
        ('"a" in x', (), False),
        ('"a" in x', None, False),
        ('"a" in x', "a", True),
        ('"a" in x', "abc", False),
        ('x == "a"', ("a",), False),
        ('x in ["a"]', ("a",), False),
        ("answered(x)", "a", True),
        ("answered(x)", ("a",), True),
        ("answered(x)", (), False),
        ("answered(x)", "", False),
        ("answered(x)", None, False),
        # “Don't know” with the code -9.
        ('x == "-9"', NoValue("-9"), True),
        ("x == -9.0", NoValue("-9"), True),
        ('x != "-9"', NoValue("-9"), False),
        ('x != "1"', NoValue("-9"), True),
        ('x in ["-9", "1"]', NoValue("-9"), True),
        ("x < 1", NoValue("-9"), False),
        ("x <= -9", NoValue("-9"), False),
        ("1 > x", NoValue("-9"), False),
        ("answered(x)", NoValue("-9"), False),
        ("answered(x)", (NoValue("-9"),), False),
        ('"-9" in x', (NoValue("-9"),), True),
    ],
)
def test_condition_holds(text: str, value: Value, expected: bool) -> None:
    tree = parse(text)
    assert (decide(tree, {"x": value}), holds(tree, {"x": value})) == (expected, expected)


@pytest.mark.parametrize(
    ("text", "values", "decided", "held"),
    [
        ("answered(x)", {}, None, False),
        ("not answered(x)", {}, None, True),
        ("x == 1", {}, None, False),
        ("x == y", {"x": "1"}, None, False),
        ("x == y", {"x": None}, None, False),
        ("x not in y", {"x": "1"}, None, True),
        ("x == 1 and y == 1", {"x": "2"}, False, False),
        ("x == 1 and y == 1", {"y": "2"}, False, False),
        ("x == 1 and y == 1", {"x": "1"}, None, False),
        ("x == 1 or y == 1", {"x": "1"}, True, True),
        ("x == 1 or y == 1", {"y": "1"}, True, True),
        ("x == 1 or y == 1", {"x": "2"}, None, False),
        ("not (x == 1 or y == 1)", {"x": "1"}, False, False),
        ("not (x == 1 and y == 1)", {"x": "2"}, True, True),
        # Kleene's logic knows no more than the parts.
        ("answered(x) or not answered(x)", {}, None, True),
        ('1 == 1 and "a" != "b"', {}, True, True),
    ],
)
def test_unknown_names_leave_a_condition_open(
    text: str, values: Mapping[str, Value], decided: bool | None, held: bool
) -> None:
    tree = parse(text)
    assert (decide(tree, values), holds(tree, values)) == (decided, held)


_leaf = st.sampled_from(["x == 1", "y == 1", "x != y", "answered(z)", '"a" in z', "x in [1, 2]"])
_text = st.recursive(
    _leaf,
    lambda part: st.one_of(
        part.map(lambda one: f"not ({one})"),
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(
            "({0[0]}) {0[1]} ({0[2]})".format
        ),
    ),
    max_leaves=8,
)
_known = st.fixed_dictionaries(
    {},
    optional={
        "x": st.sampled_from([None, "1", "2"]),
        "y": st.sampled_from([None, "1", "2"]),
        "z": st.sampled_from([None, (), ("a",), ("b", "a")]),
    },
)


@given(_text, _known, _known)
def test_what_is_decided_stays_whatever_becomes_known(
    text: str, values: dict[str, Value], more: dict[str, Value]
) -> None:
    tree = parse(text)
    early, late = decide(tree, values), decide(tree, {**more, **values})
    assert early in (None, late)
    assert decide(tree, {"x": None, "y": None, "z": None, **values}) is holds(tree, values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", "1"), ("-0.50", "-0.50"), ("", None), ("1.", None), (".5", None), ("1,5", None)],
)
def test_number_is_exact(text: str, expected: str | None) -> None:
    found = number(text)
    assert (None if found is None else str(found)) == expected
