"""PURE: YAML nodes to the dataclasses of `design`, by their type hints, with every problem."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, get_args, get_origin, get_type_hints

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from experiments.checks import Problem
from experiments.design import Arm, Page, Randomisation
from experiments.said import said

# Stands for arms that a file leaves out, until the factors are known.
EVERY_CELL = (Arm(("*",)),)
LEFT_OUT: dict[tuple[type, str], object] = {
    (Randomisation, "arms"): EVERY_CELL,
    (Page, "body"): {},
}
LARGEST_NUMBER = 1_000_000_000
# To look for what was meant costs more than to read; who has so many faults mends the first ones.
MOST_SUGGESTIONS = 100
LONGEST_SUGGESTED = 64

# What can't be read as its type says; its problem is noted.
_BAD = object()
_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[0-9]{1,10}")
_DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
# NUL can't be stored; lone halves of surrogate pairs can't be written as UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass
class Reader:
    """Reads nodes; `problems` and `lines` (path to line, counted from 1) fill as it reads.

    So do `choices`: all that a word could have been meant to be that is none of those known, by
    path. With `meant` it is read as one of them all the same.
    """

    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    choices: dict[str, tuple[object, ...]] = field(default_factory=dict)
    meant: Mapping[str, object] = field(default_factory=dict)

    def read(self, node: Node, hint: Any, path: str = "") -> Any:
        """What the node says as a value of that type, or a mark that it says none."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.anchor is not None:
            return self._bad(
                path, said("Anchors and aliases are not read."), said("Write the value out.")
            )
        if get_origin(hint) is tuple:
            return self._list(node, get_args(hint)[0], path)
        if get_origin(hint) is Mapping:
            return self._texts(node, path)
        if is_dataclass(hint):
            return self._thing(node, hint, path)
        return self._scalar(node, hint, path)

    def _bad(self, path: str, message: str, remedy: str) -> object:
        self.problems.append(Problem(path, message, remedy))
        return self.meant.get(path, _BAD)

    def _near(self, text: str, known: Iterable[str]) -> list[str]:
        """The word that was meant, if one is near."""
        if len(self.problems) > MOST_SUGGESTIONS or len(text) > LONGEST_SUGGESTED:
            return []
        return get_close_matches(text, known, n=1)

    def _list(self, node: Node, hint: Any, path: str) -> Any:
        if not isinstance(node, SequenceNode):
            remedy = said("Write one entry to a line after `- `, or [a, b].")
            return self._bad(path, said("{path} is no list.", path=_name(path)), remedy)
        read = [self.read(part, hint, f"{path}[{i}]") for i, part in enumerate(node.value)]
        return _BAD if any(part is _BAD for part in read) else tuple(read)

    def _entries(self, node: MappingNode, path: str) -> dict[str, Node]:
        """The entries by their keys; a key that is no text, or there twice, is noted."""
        entries: dict[str, Node] = {}
        for key, value in node.value:
            code = key.value if isinstance(key, ScalarNode) else None
            at = f"{path}.{code}".lstrip(".")
            if code is None or key.anchor is not None:
                self._bad(path, said("A key is no plain word."), said("Write `key: value`."))
            elif code in entries:
                again = f"{at} (again)"
                self.lines[again] = key.start_mark.line + 1
                self._bad(
                    again, said("The key {code} is there twice.", code=code), said("Take one out.")
                )
            else:
                entries[code] = value
                self.lines[at] = key.start_mark.line + 1
        return entries

    def _texts(self, node: Node, path: str) -> Any:
        if not isinstance(node, MappingNode):
            remedy = said("Write one for each language, as in {en: Park, ko: 공원}.")
            return self._bad(path, said("{path} is no text by language.", path=_name(path)), remedy)
        entries = self._entries(node, path)
        read = {key: self.read(value, str, f"{path}.{key}") for key, value in entries.items()}
        # What can't be read is said; that it is missing too would be wrong.
        return {key: "…" if text is _BAD else text for key, text in read.items()}

    def _thing(self, node: Node, type_: Any, path: str) -> Any:
        if not isinstance(node, MappingNode):
            what = said("{path} is no set of keys and values.", path=_name(path))
            return self._bad(
                path, what, said("Write `key: value` lines: {type}.", type=_keys(type_))
            )
        entries, hints = self._entries(node, path), _hints(type_)
        values: dict[str, Any] = {
            key: value for (of, key), value in LEFT_OUT.items() if of is type_
        }
        for key, value in entries.items():
            at = f"{path}.{key}".lstrip(".")
            if key in hints:
                values[key] = self._or_no_text(self.read(value, hints[key], at), hints[key])
            else:
                near = self._near(key, hints)
                remedy = (
                    said("Did you mean {near}?", near=near[0])
                    if near
                    else said("Known are: {type}.", type=_keys(type_))
                )
                self._bad(at, said("The key {key} is not known here.", key=key), remedy)
        for key in _required(type_):
            if key not in entries:
                at = f"{path}.{key}".lstrip(".")
                message = said("{path} lacks the key {key}.", path=_name(path), key=key)
                bad = self._bad(at, message, said("Add `{key}: …`.", key=key))
                values[key] = self._or_no_text(bad, hints[key])
        return _BAD if any(value is _BAD for value in values.values()) else type_(**values)

    def _or_no_text(self, value: Any, hint: Any) -> Any:
        """A text that can't be read becomes none, so that the rest is still checked."""
        return {} if value is _BAD and get_origin(hint) is Mapping else value

    def _scalar(self, node: Node, hint: Any, path: str) -> Any:
        if not isinstance(node, ScalarNode):
            return self._bad(
                path,
                said("{path} is a list or has keys.", path=_name(path)),
                said("Write one value."),
            )
        tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if hint is str:
            return self._text(tag, text, path)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._word(hint, tag, text, path)
        if hint is bool:
            return self._flag(tag, text, path)
        return self._number(get_args(hint) or (hint,), tag, text, path)

    def _text(self, tag: str, text: str, path: str) -> Any:
        if tag == "null":
            return self._bad(
                path, said("Nothing stands at {path}.", path=_name(path)), said('Write it, or "".')
            )
        if tag != "str":
            remedy = said('Write it in quotes: "{text}".', text=text)
            return self._bad(path, said("{path} is not read as text.", path=_name(path)), remedy)
        if _UNSTORABLE.search(text):
            message = said("{path} has a character that can't be stored.", path=_name(path))
            return self._bad(path, message, said("Take out \\0 and lone surrogates."))
        return text

    def _word(self, hint: type[StrEnum], tag: str, text: str, path: str) -> Any:
        words = [member.value for member in hint]
        if tag == "str" and text in words:
            return hint(text)
        self.choices[path] = tuple(hint)
        known = ", ".join(word for word in words if word)
        near = self._near(text, words)
        remedy = (
            said("Did you mean {near}? Known are: {known}.", near=near[0], known=known)
            if near
            else said("Write one of {known}.", known=known)
        )
        return self._bad(
            path, said("{path} can't be “{text}”.", path=_name(path), text=text), remedy
        )

    def _flag(self, tag: str, text: str, path: str) -> Any:
        if tag == "bool":
            return text.lower() == "true"
        self.choices[path] = (True, False)
        return self._bad(
            path,
            said("{path} is neither true nor false.", path=_name(path)),
            said("Write one of them."),
        )

    def _number(self, kinds: tuple[Any, ...], tag: str, text: str, path: str) -> Any:
        if tag == "null" and type(None) in kinds:
            return None
        read = self._count if int in kinds else self._decimal
        return read(tag, text, path)

    def _count(self, tag: str, text: str, path: str) -> Any:
        if tag == "int" and _WHOLE.fullmatch(text) and int(text) <= LARGEST_NUMBER:
            return int(text)
        remedy = said(
            "Write one from 0 to {largest_number}, without quotes.", largest_number=LARGEST_NUMBER
        )
        return self._bad(path, said("{path} is no whole number.", path=_name(path)), remedy)

    def _decimal(self, tag: str, text: str, path: str) -> Any:
        if tag in ("int", "float") and _DECIMAL.fullmatch(text) and isfinite(float(text)):
            return float(text)
        return self._bad(
            path, said("{path} is no number.", path=_name(path)), said("Write one such as 0.05.")
        )


def _name(path: str) -> str:
    return path or "The file"


@cache
def _hints(type_: type) -> dict[str, Any]:
    return get_type_hints(type_)


@cache
def _required(type_: Any) -> tuple[str, ...]:
    return tuple(
        f.name
        for f in fields(type_)
        if f.default is MISSING and f.default_factory is MISSING and (type_, f.name) not in LEFT_OUT
    )


def _keys(type_: type) -> str:
    return ", ".join(_hints(type_))
