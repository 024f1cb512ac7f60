"""PURE: a design as YAML data with the styles that make a file good to read."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from experiments.cells import possible_cells
from experiments.design import Design, Page, Randomisation
from experiments.filenodes import EVERY_CELL

LONGEST_PLAIN = 80
LONGEST_FLOW = 70
# A whole text that YAML, or a person, could take for something else.
_AMBIGUOUS = re.compile(r"[-+.0-9].*|~|=|<<|null|true|false|yes|no|on|off|y|n|", re.IGNORECASE)


def as_yaml(design: Design) -> CommentedMap:
    """The design as maps and lists for YAML; what is at its default is left out."""
    data = _thing(_brief(design), design.languages)
    data.insert(0, "format", design.format)
    if "question" in data:
        # What the study asks belongs to its head, whatever place the dataclass gives a default.
        data.insert(3, "question", data.pop("question"))
    return data


def _brief(design: Design) -> Design:
    """The design with arms marked that are all cells with weight 1."""
    marked = (
        replace(r, arms=EVERY_CELL) if r.arms and r.arms == _left_out_arms(design, r) else r
        for r in design.randomisations
    )
    return replace(design, randomisations=tuple(marked))


def _left_out_arms(design: Design, step: Randomisation) -> tuple[Any, ...]:
    """What a file without arms would give, save a deck that was searched for: that is written."""
    return () if step.deck_size else possible_cells(design.factors, step)


def _thing(thing: Any, languages: tuple[str, ...]) -> CommentedMap:
    data = CommentedMap()
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.name != "format" and not _left_out(thing, field, value):
            data[field.name] = _value(value, languages)
    return data


def _left_out(thing: object, field: Field[Any], value: object) -> bool:
    if value is EVERY_CELL or (isinstance(thing, Page) and field.name == "body" and not value):
        return True
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return bool(default is not MISSING and value == default)


def _value(value: Any, languages: tuple[str, ...]) -> Any:
    if is_dataclass(value):
        return _thing(value, languages)
    if isinstance(value, Mapping):
        return _texts(value, languages)
    if isinstance(value, tuple):
        return _list(value, languages)
    if isinstance(value, StrEnum):
        return _text(value.value)
    return _text(value) if isinstance(value, str) else value


def _texts(texts: Mapping[str, str], languages: tuple[str, ...]) -> CommentedMap:
    """The study's languages first, in its order: rows don't keep an order of their own."""
    first = [language for language in dict.fromkeys(languages) if language in texts]
    rest = sorted(set(texts) - set(first))
    return CommentedMap((_text(language), _text(texts[language])) for language in (*first, *rest))


def _list(values: tuple[Any, ...], languages: tuple[str, ...]) -> CommentedSeq:
    data = CommentedSeq(_value(value, languages) for value in values)
    short = sum(len(str(value)) + 2 for value in values) <= LONGEST_FLOW
    if short and not any(is_dataclass(value) for value in values):
        data.fa.set_flow_style()
    return data


def _text(text: str) -> Any:
    lines = text.split("\n")
    if _AMBIGUOUS.fullmatch(text) or not all(line.isprintable() for line in lines):
        return DoubleQuotedScalarString(text)
    if len(lines) == 1 and len(text) <= LONGEST_PLAIN:
        return text
    # A block keeps lines as they are only without white space at their ends.
    if text[0] not in " \n" and all(line == line.rstrip() for line in lines) and lines[-1]:
        return LiteralScalarString(text)
    return DoubleQuotedScalarString(text)
