"""PURE: a YAML parser that gives a file up before it costs much: too deep, too long, or aliases.

An alias stands for what its anchor named: nine lines of nine aliases each stand for a billion
values. Nothing that reads our files has a use for them, so the first one ends the reading.
"""

from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
)
from ruamel.yaml.parser import Parser

from experiments.filescanner import OverboundError, QuickReader, QuickScanner

# The deepest thing of a study file is the text of an option in a language: nine.
DEEPEST = 24
# Ten times what the shipped study has.
MOST_EVENTS = 20_000
# Words, and lines, are what a long text costs: half as many again as the largest study has.
MOST_WORDS = 45_000
_LINE_BREAKS = "\n\r\x85\u2028\u2029"


class TooDeepError(OverboundError):
    """Lists in lists in lists."""


class TooLongError(OverboundError):
    """More values, words or lines than any study has."""


class AliasError(OverboundError):
    """A value that stands for another one."""


class _BoundedParser(Parser):
    """Counts what comes by, and raises OverboundError at a bound."""

    # Here and below: what is the same for a whole file is looked up once.
    scanner = cached_property(lambda self: self.loader.scanner)
    resolver = cached_property(lambda self: self.loader.resolver)

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


class _QuickComposer(Composer):
    """Composes nodes."""

    parser = cached_property(lambda self: self.loader.parser)
    resolver = cached_property(lambda self: self.loader.resolver)


def check_length(text: str) -> None:
    """TooLongError if the text has more words or lines than any study; before it is scanned."""
    lines = sum(map(text.count, _LINE_BREAKS)) - text.count("\r\n")
    if lines > MOST_WORDS or len(text.split(None, MOST_WORDS)) > MOST_WORDS:
        raise TooLongError(1)


def bounded() -> YAML:
    """What reads YAML into nodes: it makes no objects, and holds itself to the bounds."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader, yaml.Scanner = QuickReader, QuickScanner
    yaml.Parser, yaml.Composer = _BoundedParser, _QuickComposer
    return yaml
