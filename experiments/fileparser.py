"""PURE: a YAML parser that gives a file up before it costs much: too deep, too long, or aliases.

An alias stands for what its anchor named: nine lines of nine aliases each stand for a billion
values. Nothing that reads our files has a use for them, so the first one ends the reading.
"""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
)
from ruamel.yaml.parser import Parser

# The deepest thing of a study file is the text of an option in a language: nine.
DEEPEST = 24
# Fifteen times what the shipped study has.
MOST_EVENTS = 30_000


class OverboundError(Exception):
    """A file that goes past a bound, and on which line (counted from 1)."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class TooDeepError(OverboundError):
    """Lists in lists in lists."""


class TooLongError(OverboundError):
    """More values than any study has."""


class AliasError(OverboundError):
    """A value that stands for another one."""


class _BoundedParser(Parser):
    """Counts what comes by, and raises OverboundError at a bound."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self._events = self._depth = 0

    def get_event(self) -> Any:
        """The next event."""
        event = super().get_event()
        line = event.start_mark.line + 1
        self._events += 1
        self._depth += isinstance(event, CollectionStartEvent)
        self._depth -= isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            raise AliasError(line)
        if self._depth > DEEPEST:
            raise TooDeepError(line)
        if self._events > MOST_EVENTS:
            raise TooLongError(line)
        return event


def bounded() -> YAML:
    """What reads YAML into nodes: it makes no objects, and holds itself to the bounds."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Parser = _BoundedParser
    return yaml
