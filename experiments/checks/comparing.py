"""PURE: what a condition holds against each other: codes that there are, and sizes of numbers."""

from collections.abc import Iterator

from experiments.checks.offered import offered
from experiments.checks.problem import Problem, listed
from experiments.design import Design, ItemKind
from experiments.logic import Condition, decide
from experiments.logic.deciding import number
from experiments.logic.tree import Compare, Constant, Constants, In, Leaf, Name, leaves, operands
from experiments.said import said

_NUMERIC = frozenset({ItemKind.NUMBER, ItemKind.SLIDER})
# What is typed, and so may or may not be a number.
_TYPED = frozenset({ItemKind.SHORT_TEXT, ItemKind.TEXT})
# How many codes a remedy lists.
_LISTED = 50
_SIZES = frozenset({"<", "<=", ">", ">="})


def comparison_problems(design: Design, path: str, condition: Condition) -> list[Problem]:
    """Comparisons that are false whatever is answered, each once."""
    found = (each for leaf in leaves(condition) for each in _leaf(design, path, leaf))
    return list(dict.fromkeys(found))


def codes_of(design: Design, name: str) -> tuple[str, ...] | None:
    """The codes that a name can have, None if it has none.

    They are a factor's levels, an item's options, a parameter's values.
    """
    for factor in design.factors:
        if factor.code == name:
            return tuple(level.code for level in factor.levels)
    for parameter in design.parameters:
        if parameter.code == name:
            return parameter.values or None
    item = next((item for item in design.items() if item.code == name), None)
    if item is None or item.kind in _NUMERIC | _TYPED | {ItemKind.DATE}:
        return None
    return tuple(option.code for option in offered(design, item))


def _leaf(design: Design, path: str, leaf: Leaf) -> Iterator[Problem]:
    parts = operands(leaf)
    named = [part.code for part in parts if isinstance(part, Name)]
    texts = [text for part in parts for text in _texts(part)]
    if isinstance(leaf, Compare):
        yield from _several(design, path, named)
    if isinstance(leaf, In) and isinstance(leaf.left, Name):
        yield from _several(design, path, [leaf.left.code])
    for name in named:
        if isinstance(leaf, Compare) and leaf.operator in _SIZES:
            yield from _size(design, path, name, texts)
        else:
            yield from _same(design, path, name, texts)


def _texts(part: object) -> tuple[str, ...]:
    if isinstance(part, Constants):
        return part.texts
    return (part.text,) if isinstance(part, Constant) else ()


def _kind(design: Design, name: str) -> ItemKind | None:
    return next((item.kind for item in design.items() if item.code == name), None)


def _several(design: Design, path: str, named: list[str]) -> Iterator[Problem]:
    for name in named:
        if _kind(design, name) is ItemKind.MULTIPLE:
            message = said("{name} holds several answers, which are never equal to one.", name=name)
            yield Problem(
                path, message, said('Ask whether one is among them: "…" in {name}.', name=name)
            )


def _same(design: Design, path: str, name: str, texts: list[str]) -> Iterator[Problem]:
    codes = codes_of(design, name)
    for text in texts:
        if codes is None:
            if _kind(design, name) in _NUMERIC and number(text) is None:
                message = said("{name} is a number, and never “{text}”.", name=name, text=text)
                yield Problem(path, message, said("Compare it with a number."))
        elif not any(decide(Compare("==", Constant(code), Constant(text)), {}) for code in codes):
            message = said("{name} is never “{text}”.", name=name, text=text)
            yield Problem(path, message, said("It can be: {codes}", codes=_some(codes)))


def _some(codes: tuple[str, ...]) -> str:
    return listed(codes[:_LISTED]) + (", …" if len(codes) > _LISTED else ".")


def _size(design: Design, path: str, name: str, texts: list[str]) -> Iterator[Problem]:
    codes, kind = codes_of(design, name), _kind(design, name)
    worded = codes is not None and all(number(code) is None for code in codes)
    if kind is not ItemKind.MULTIPLE and (worded or kind is ItemKind.DATE):
        message = said("{name} is no number, and so never more or less than something.", name=name)
        yield Problem(path, message, said("Use ==, != or in."))
    for text in texts:
        if number(text) is None:
            message = said(
                "“{text}” is no number, and so never more or less than something.", text=text
            )
            yield Problem(path, message, said("Compare with a number."))
