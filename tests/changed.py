"""`changed(design, {path: value})`: a design with the value at each path replaced."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from experiments.design import Design, Text


def changed(design: Design, values: Mapping[str, Any]) -> Design:
    """The design with the values at these paths, as in ``pages[1].items[0].kind``.

    A function as value gets what is there and returns what comes in its place.
    """
    new: Any = design
    for path, value in values.items():
        new = _put(new, re.findall(r"[a-z_]+|\d+", path), value)
    assert isinstance(new, Design)
    return new


def add(part: Any) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """For `changed`: the list with one part more."""
    return lambda parts: (*parts, part)


def drop(index: int) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """For `changed`: the list without the part of that index."""
    return lambda parts: (*parts[:index], *parts[index + 1 :])


def without(language: str) -> Callable[[Text], Text]:
    """For `changed`: the text without a language."""
    return lambda text: {key: value for key, value in text.items() if key != language}


def _put(thing: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value(thing) if isinstance(value, Callable) else value  # type: ignore[arg-type]
    step, rest = path[0], path[1:]
    if isinstance(thing, tuple):
        index = int(step)
        return (*thing[:index], _put(thing[index], rest, value), *thing[index + 1 :])
    if isinstance(thing, Mapping):
        return {**thing, step: _put(thing.get(step), rest, value)}
    return replace(thing, **{step: _put(getattr(thing, step), rest, value)})
