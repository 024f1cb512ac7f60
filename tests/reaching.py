"""What a view may come to call: found in the code, through functions of ours, and not run."""

import inspect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

# The rooms, whose functions are looked into.
ROOMS = ("coprod_site", "experiments", "responses", "analysis", "rehearsal")


def reached(view: Callable[..., Any]) -> set[object]:
    """The functions and classes of ours that the view, and what it calls, names.

    What is imported within a function is among them; the methods of an object are not.
    """
    found: set[object] = set()
    waiting: list[Any] = [inspect.unwrap(view)]
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType | MethodType):
            new = set(_named_in(function)) - found
            found |= new
            waiting += new
    return found


def _named_in(function: FunctionType | MethodType) -> Iterator[Any]:
    """The functions and classes of ours that the code of one function names."""
    known = function.__globals__  # type: ignore[union-attr]
    for code in _codes(function.__code__):
        things = [known[name] for name in code.co_names if name in known]
        modules = [each for each in things if isinstance(each, ModuleType)]
        modules += [sys.modules[name] for name in code.co_names if name in sys.modules]
        parts = (vars(each).get(name) for each in modules for name in code.co_names)
        for each in map(inspect.unwrap, filter(callable, (*things, *parts))):
            known_place = inspect.isfunction(each) or inspect.isclass(each)
            if known_place and each.__module__.startswith(ROOMS):
                yield each


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and that of what is defined in it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
