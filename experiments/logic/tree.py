"""PURE: the tree that a condition is read to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Name:
    """What is known under the code of an item, a factor or a parameter."""

    code: str


@dataclass(frozen=True)
class Constant:
    """A code, a text or a number, as text."""

    text: str


@dataclass(frozen=True)
class Constants:
    """A list of them."""

    texts: tuple[str, ...]


Operand = Name | Constant | Constants


@dataclass(frozen=True)
class Compare:
    """``left operator right``."""

    operator: Operator
    left: Name | Constant
    right: Name | Constant


@dataclass(frozen=True)
class In:
    """``left in right``: a list, or the options that were chosen."""

    left: Name | Constant
    right: Name | Constants


@dataclass(frozen=True)
class Answered:
    """``answered(name)``: there is an answer that counts as one."""

    name: Name


@dataclass(frozen=True)
class Not:
    """``not part``."""

    part: "Condition"


@dataclass(frozen=True)
class And:
    """``left and right``."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True)
class Or:
    """``left or right``."""

    left: "Condition"
    right: "Condition"


Leaf = Compare | In | Answered
Condition = Leaf | Not | And | Or


def names(condition: Condition) -> frozenset[str]:
    """The codes that the condition asks for."""
    found = {
        operand.code
        for leaf in leaves(condition)
        for operand in operands(leaf)
        if isinstance(operand, Name)
    }
    return frozenset(found)


def comparisons(condition: Condition) -> Iterator[tuple[str, str]]:
    """Each code with each constant that it is held against."""
    for leaf in leaves(condition):
        parts = operands(leaf)
        texts = [text for part in parts for text in _texts(part)]
        yield from ((part.code, text) for part in parts if isinstance(part, Name) for text in texts)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The conditions that are not made of others, from left to right."""
    match condition:
        case And(left, right) | Or(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def operands(leaf: Leaf) -> tuple[Operand, ...]:
    """What a leaf holds against each other."""
    return (leaf.name,) if isinstance(leaf, Answered) else (leaf.left, leaf.right)


def as_json(condition: Condition) -> list[Any]:
    """The tree as lists, as the browser's script reads it."""
    match condition:
        case And(left, right):
            return ["and", as_json(left), as_json(right)]
        case Or(left, right):
            return ["or", as_json(left), as_json(right)]
        case Not(part):
            return ["not", as_json(part)]
        case Compare(operator, left, right):
            return ["compare", operator, _operand(left), _operand(right)]
        case In(left, right):
            return ["in", _operand(left), _operand(right)]
        case Answered(name):
            return ["answered", name.code]


def _operand(operand: Operand) -> list[Any]:
    match operand:
        case Name(code):
            return ["name", code]
        case Constant(text):
            return ["value", text]
        case Constants(texts):
            return ["list", list(texts)]


def _texts(operand: Operand) -> tuple[str, ...]:
    match operand:
        case Constant(text):
            return (text,)
        case Constants(texts):
            return texts
    return ()
