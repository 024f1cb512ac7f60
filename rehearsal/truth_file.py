"""PURE: the truth file: YAML text to a Truth and back, with every problem and its line.

A file says what the dataclasses of `truth` say, key for key; what is left out has its default.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from io import StringIO
from typing import Any, get_args, get_origin

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.nodes import MappingNode, Node

from experiments.design import Design
from experiments.filenodes import Reader
from experiments.said import said
from experiments.studyfile import LARGEST_FILE, FileProblem, Unreadable, compose, on_lines, size_of
from rehearsal.truth import Trait, Truth
from rehearsal.truth_problems import truth_problems

# A hundred times what the shipped study's truth has. A study file may be larger, and take longer.
LARGEST_TRUTH = 256 * 1024


@dataclass(frozen=True)
class ParsedTruth:
    """What a file says, None if there is any problem, and every problem in the order of lines."""

    truth: Truth | None
    problems: tuple[FileProblem, ...]


def parse_truth(text: str | bytes, design: Design) -> ParsedTruth:
    """Reads a truth for a design; never raises on what is in it."""
    if size_of(text) > LARGEST_TRUTH:
        message, remedy = said("The truth is larger than 256 KB."), said("Shorten it.")
        return ParsedTruth(None, (FileProblem("", message, remedy, 1),))
    try:
        root = compose(text, begin=said("Begin with `traits:`."))
    except Unreadable as unreadable:
        return ParsedTruth(None, (unreadable.problem,))
    reader = _TruthReader()
    truth = reader.read(root, Truth)
    if reader.problems or not isinstance(truth, Truth):
        return ParsedTruth(None, on_lines(reader.problems, reader.lines))
    found = on_lines(truth_problems(design, truth), reader.lines)
    return ParsedTruth(None if found else truth, found)


def dump_truth(truth: Truth) -> str:
    """The one file of a truth: the same truth gives the same text, and `parse_truth` reads it."""
    yaml = YAML()
    yaml.width = 2 * LARGEST_FILE
    out = StringIO()
    yaml.dump(_thing(truth), out)
    return out.getvalue()


class _TruthReader(Reader):
    """Reads maps from codes to numbers, parts and maps, too."""

    def read(self, node: Node, hint: Any, path: str = "") -> Any:
        if get_origin(hint) is not Mapping:
            return super().read(node, hint, path)
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.anchor is not None:
            return self._bad(
                path, said("Anchors and aliases are not read."), said("Write the value out.")
            )
        if not isinstance(node, MappingNode):
            what = said("{path} is no set of codes.", path=path)
            return self._bad(path, what, said("Write one `code: …` line for each."))
        code, value = get_args(hint)
        # What can't be read is among the problems, and nobody uses what holds it.
        return {
            self._code(key, code, f"{path}.{key}"): self.read(each, value, f"{path}.{key}")
            for key, each in self._entries(node, path).items()
        }

    def _code(self, key: str, hint: Any, path: str) -> Any:
        return key if hint is str else self._word(hint, "str", key, path)


def _thing(thing: Any) -> CommentedMap:
    data = CommentedMap()
    for field in fields(thing):
        value = getattr(thing, field.name)
        if not _usual(field, value):
            data[field.name] = _value(value)
    if isinstance(thing, Trait) or not any(
        isinstance(each, CommentedMap) for each in data.values()
    ):
        data.fa.set_flow_style()
    return data


def _value(value: Any) -> Any:
    if is_dataclass(value):
        return _thing(value)
    if isinstance(value, Mapping):
        data = CommentedMap()
        for code, each in value.items():
            data[str(code)] = _value(each)
        if not any(isinstance(each, CommentedMap) for each in data.values()):
            data.fa.set_flow_style()
        return data
    if isinstance(value, StrEnum):
        return value.value
    return value


def _usual(field: Field[Any], value: object) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return bool(default is not MISSING and value == default)
