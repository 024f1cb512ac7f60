"""PURE: Markdown as the words that are read, and those as sentences."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_ENDING = re.compile(r"[.!?…。！？]+[\"'”’»)\]」』]*(?=\s|$)|[。！？]")
# After these a point ends no sentence.
_SHORTENED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|e\.g|i\.e|cf|approx)$")


def plain(text: str) -> str:
    """The words of a Markdown text, a line for each paragraph, heading, list item or cell."""
    lines = (_words(token) for token in _markdown.parse(text) if token.type == "inline")
    return "\n".join(line for line in lines if line)


def sentences(plain_text: str) -> list[str]:
    """The sentences; a line that ends without a mark, as a heading does, is one too."""
    return [sentence for line in plain_text.splitlines() for sentence in _sentences(line)]


def _words(block: Token) -> str:
    parts = (
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in _leaves(block.children or [])
    )
    return " ".join("".join(parts).split())


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    """What is read; of a picture nothing is."""
    return (token for token in tokens if token.type != "image")


def _sentences(line: str) -> Iterator[str]:
    begin = 0
    for mark in _ENDING.finditer(line):
        rest = line[mark.end() :].lstrip()
        if mark[0] == "." and (rest[:1].islower() or _SHORTENED.search(line[: mark.start()])):
            continue
        yield line[begin : mark.end()].strip()
        begin = mark.end()
    if rest := line[begin:].strip():
        yield rest
