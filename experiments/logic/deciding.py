"""PURE: whether a condition holds, for what is known so far.

A comparison with what was not answered is false, ``!=`` too; what reads as a number on both sides
is compared as a number. “Don't know” is equal to its code, and otherwise no answer. An unknown
name makes a condition undecided, unless the rest decides it (Kleene's three-valued logic).
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from experiments.logic.tree import (
    And,
    Answered,
    Compare,
    Condition,
    Constant,
    Constants,
    In,
    Name,
    Not,
    Operand,
    Or,
)


class NoValue(str):
    """The code of a chosen option that counts as no answer: equal to it, never more or less."""

    __slots__ = ()


# A text, the options of a multiple choice, or None: no answer that counts as one.
Value = str | tuple[str, ...] | None
Values = Mapping[str, Value]

_Test = Callable[[Value, Value], bool]

# As the browser's script reads it too.
_NUMBER = re.compile(r"\s*-?[0-9]+(?:\.[0-9]+)?\s*")
_LONGEST_NUMBER = 40


def holds(condition: Condition, values: Values) -> bool:
    """Whether the condition holds; what is not known counts as not answered."""
    return bool(decide(condition, _Forgiving(values)))


def decide(condition: Condition, values: Values) -> bool | None:
    """Whether the condition holds whatever the names will be that are not in `values`.

    None if that depends on them.
    """
    match condition:
        case And(left, right):
            return _both(decide(left, values), decide(right, values))
        case Or(left, right):
            either = _both(_negated(decide(left, values)), _negated(decide(right, values)))
            return _negated(either)
        case Not(part):
            return _negated(decide(part, values))
        case Answered(name):
            return None if name.code not in values else _counts(values[name.code])
        case Compare(operator, left, right):
            return _of(values, left, right, lambda a, b: _compare(operator, a, b))
        case In(left, right):
            return _of(values, left, right, _among)


class _Forgiving(dict[str, Value]):
    """Knows every name: what it was not given was not answered."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Value:
        return None


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _of(values: Values, left: Operand, right: Operand, test: _Test) -> bool | None:
    for operand in (left, right):
        if isinstance(operand, Name) and operand.code not in values:
            return None
    return test(_value(values, left), _value(values, right))


def _value(values: Values, operand: Operand) -> Value:
    match operand:
        case Name(code):
            return values[code]
        case Constant(text):
            return text
        case Constants(texts):
            return texts


def _counts(value: Value) -> bool:
    """Whether there is an answer that counts as one."""
    texts = value if isinstance(value, tuple) else (value,)
    return any(text and not isinstance(text, NoValue) for text in texts)


def _compare(operator: str, left: Value, right: Value) -> bool:
    if not isinstance(left, str) or not isinstance(right, str) or not left or not right:
        return False
    first, second = number(left), number(right)
    a, b = (left, right) if first is None or second is None else (first, second)
    if operator in ("==", "!="):
        return (a == b) is (operator == "==")
    # Only numbers that count as answers are more or less than one another.
    if first is None or second is None or NoValue in (type(left), type(right)):
        return False
    return {
        "<": first < second,
        "<=": first <= second,
        ">": first > second,
        ">=": first >= second,
    }[operator]


def _among(left: Value, right: Value) -> bool:
    texts = (right,) if isinstance(right, str) else right or ()
    return any(_compare("==", left, text) for text in texts)


def number(text: str) -> Decimal | None:
    """The finite number that a text is, None if it is none."""
    fits = len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)
    return Decimal(text) if fits else None
