"""PURE: the scanner of YAML, a run of letters at a time.

ruamel's own asks for each letter by a call or two: a megabyte of one word took it a second, and
a tag of a megabyte half a minute, with the square of its length. Here patterns find where a run
ends, and tags are bounded; what comes out is what ruamel's own gives, and a test holds it to that.
"""

import re
from functools import cached_property
from typing import Any

from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import ScalarToken

# Of a tag or a directive, and how many a file may have: no study needs one.
LONGEST_TAG, MOST_TAGS = 64, 100

_END = "\0\r\n\x85\u2028\u2029"
# In brackets, commas and brackets end a word; in YAML 1.1 a question mark, too.
_WORD = re.compile(rf"(?:[^ \t{_END}:]|:(?![ \t{_END}]))*")
_WORD_IN_BRACKETS = re.compile(rf"(?:[^ \t{_END}:,\[\]{{}}]|:(?![ \t{_END}]))*")
_OLD_WORD_IN_BRACKETS = re.compile(rf"(?:[^ \t{_END}:?,\[\]{{}}]|:(?![ \t{_END}]))*")
_GAP = re.compile(rf" *(?:#[^{_END}]*)?")
_GAP_IN_BRACKETS = re.compile(rf"[ \t]*(?:#[^{_END}]*)?")
_SPACES = re.compile(" +")
_TAG = re.compile(rf"[^ \t{_END}]*")
_LINE = re.compile(rf"[^{_END}]*")
# These move the line or the column in ways of their own.
_SPECIAL = re.compile("[\r\n\ufeff]")


class OverboundError(Exception):
    """A file that goes past a bound, and on which line (counted from 1)."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class TagError(OverboundError):
    """A tag or directive that is longer than any, or too many of them."""


class QuickReader(Reader):
    """Goes past a run of letters at once."""

    def forward(self, length: int = 1) -> None:
        """Moves on by so many letters."""
        end = self.pointer + length
        if length < 4 or _SPECIAL.search(self._run(length)):
            super().forward(length)
        else:
            self.pointer = end
            self.index += length
            self.column += length

    def length_of(self, pattern: re.Pattern[str]) -> int:
        """How many letters from here on the pattern matches. The whole text is in the buffer."""
        found = pattern.match(self.buffer, self.pointer)
        return found.end() - self.pointer if found else 0

    def _run(self, length: int) -> str:
        return str(self.buffer[self.pointer : self.pointer + length])


class QuickScanner(Scanner):
    """Asks what may be a key only where there is something that may be one."""

    # What is the same for a whole file is looked up once.
    reader = cached_property(lambda self: self.loader.reader)
    _tags = 0

    def need_more_tokens(self) -> bool:
        """Whether the next token is not known yet."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def scan_to_next_token(self) -> None:
        """Goes past spaces, comments and line breaks."""
        reader = self.reader
        if reader.index == 0 and reader.peek() == "\ufeff":
            reader.forward()
        while True:
            gap = reader.length_of(_GAP_IN_BRACKETS if self.flow_level else _GAP)
            if gap:
                reader.forward(gap)
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        """A text without quotes."""
        reader, word = self.reader, self._word()
        parts: list[str] = []
        start = end = reader.get_mark()
        spaces: list[str] = []
        while reader.peek() != "#":
            length = reader.length_of(word)
            if length == 0:
                break
            self.allow_simple_key = False
            parts += [*spaces, reader.prefix(length)]
            reader.forward(length)
            end = reader.get_mark()
            spaces = self.scan_plain_spaces(self.indent + 1, start)
            # The comment sign is looked for above; a text that is less indented has ended.
            if not spaces or (not self.flow_level and reader.column <= self.indent):
                break
        return ScalarToken("".join(parts), True, start, end)

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Any]:
        """Goes past spaces and line breaks before a block of text; the breaks, and how deep."""
        reader = self.reader
        breaks: list[str] = []
        first, deepest, end = -1, 0, reader.get_mark()
        while True:
            column = reader.column
            if spaces := reader.length_of(_SPACES):
                reader.forward(spaces)
                deepest = max(deepest, reader.column)
            elif line_break := self.scan_line_break():
                first = column if first < 0 else first
                breaks.append(line_break)
                end = reader.get_mark()
            else:
                break
        if 0 < first < deepest:
            what = "more indented follow up line than first in a block scalar"
            raise ScannerError(what, reader.get_mark())
        return breaks, deepest, end

    def scan_tag(self) -> Any:
        """A tag, unless it is longer than any."""
        self._bound(_TAG)
        return super().scan_tag()

    def scan_directive(self) -> Any:
        """A directive, unless it is longer than any."""
        self._bound(_LINE)
        return super().scan_directive()

    def _word(self) -> re.Pattern[str]:
        if not self.flow_level:
            return _WORD
        old = self.scanner_processing_version == (1, 1)
        return _OLD_WORD_IN_BRACKETS if old else _WORD_IN_BRACKETS

    def _bound(self, pattern: re.Pattern[str]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS or self.reader.length_of(pattern) > LONGEST_TAG:
            raise TagError(self.reader.line + 1)
