"""PURE: the study file: YAML text to Design and back.

A file says what the dataclasses of `design` say, key for key. Three things may be left out: what
has a default, a page's `body`, and a randomisation's `arms`, which are then all cells with weight
1. A file is YAML 1.2 without anchors and aliases, 1 MB at most. Comments are for people: they are
not stored, so a file that is dumped has none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from experiments.cells import filled_arms
from experiments.checks import Problem, form_problems, problems
from experiments.design import Design
from experiments.filedump import as_yaml
from experiments.filenodes import EVERY_CELL, Reader
from experiments.fileparser import (
    MOST_EVENTS,
    MOST_WORDS,
    AliasError,
    TooDeepError,
    bounded,
    check_length,
)
from experiments.filescanner import LONGEST_TAG, MOST_TAGS, OverboundError, TagError
from experiments.said import said

LARGEST_FILE = 1024 * 1024
# A word that is not known is read as each of those that are: in a large file that would take long.
LARGEST_READ_AGAIN = 64 * 1024


@dataclass(frozen=True)
class FileProblem(Problem):
    """A problem with the line of the file, counted from 1, that it is on."""

    line: int


@dataclass(frozen=True)
class Parsed:
    """What a file says: its design, and every problem in the order of lines.

    `design` is None if the text says none, or one that rows can't hold. A design may come with
    problems: it can be stored as a draft, and not launched. With `unchecked` something could not
    be read that the others may rest on: once it is mended there may be more.
    """

    design: Design | None
    problems: tuple[FileProblem, ...]
    unchecked: bool = False


def parse(text: str | bytes) -> Parsed:
    """Reads a study file; never raises on what is in it."""
    try:
        root = compose(text, begin=said("Begin with `format: 1` and `study: …`."))
    except Unreadable as unreadable:
        return Parsed(None, (unreadable.problem,), unchecked=True)
    reader = Reader()
    design = reader.read(root, Design)
    if not isinstance(design, Design):
        found = _whatever_was_meant(root, reader) if size_of(text) <= LARGEST_READ_AGAIN else []
        return Parsed(None, _every(reader, found), unchecked=True)
    design = _with_arms(design)
    storable = not reader.problems and not form_problems(design)
    return Parsed(design if storable else None, _every(reader, problems(design)))


def _whatever_was_meant(root: Any, reader: Reader) -> list[Problem]:
    """What is wrong whatever was meant by a word that is none of those known.

    Nothing if there are several, or something else can't be read: nobody knows what is wrong then.
    """
    if len(reader.choices) != 1:
        return []
    ((path, choices),) = reader.choices.items()
    found = []
    for choice in choices:
        design = Reader(meant={path: choice}).read(root, Design)
        if not isinstance(design, Design):
            return []
        found.append(problems(_with_arms(design)))
    common = set(found[0]).intersection(*found[1:])
    return [problem for problem in found[0] if problem in common]


def _every(reader: Reader, found: Iterable[Problem]) -> tuple[FileProblem, ...]:
    """What could not be read, and what was found of the rest."""
    noted = {problem.path for problem in reader.problems}
    rest = [problem for problem in found if problem.path not in noted]
    return on_lines([*reader.problems, *rest], reader.lines)


def dump(design: Design) -> str:
    """The one file of a design: the same design gives the same text, and `parse` gives it back."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    # Wide enough that no text is folded: where a line breaks says something in YAML.
    yaml.width = 2 * LARGEST_FILE
    out = StringIO()
    yaml.dump(as_yaml(design), out)
    return out.getvalue()


class Unreadable(Exception):  # noqa: N818 # it carries the problem, it is none of the program
    """A text that is no YAML, and why."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.problem = FileProblem("", message, remedy, line)


def size_of(text: str | bytes) -> int:
    """How many bytes a file has."""
    return len(text if isinstance(text, bytes) else text.encode(errors="surrogatepass"))


def compose(text: str | bytes, *, begin: str) -> Any:
    """The root node of a file; Unreadable if there is none. `begin` says how such a file begins."""
    if size_of(text) > LARGEST_FILE:
        raise Unreadable(
            1, said("The file is larger than 1 MB."), said("Is it a study file? Shorten it.")
        )
    try:
        words = text if isinstance(text, str) else text.decode("utf-8-sig")
        check_length(words)
        root = bounded().compose(words)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(
            line, said("This is not UTF-8."), said("Save the file as UTF-8.")
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = said("This is not YAML: {value}.", value=error.problem or error.context)
        remedy = said("Mend the line: mind its indentation, colons and quotes.")
        raise Unreadable(mark.line + 1 if mark else 1, what, remedy) from None
    except (YAMLError, ValueError) as error:
        what = said("This is not YAML: {splitlines}.", splitlines=str(error).splitlines()[0])
        raise Unreadable(1, what, said("Take out control characters.")) from None
    except OverboundError as bound:
        raise _over(bound) from None
    except RecursionError:
        raise Unreadable(1, said("It is nested too deeply."), said("Is it a study file?")) from None
    if root is None:
        raise Unreadable(1, said("The file is empty."), begin)
    return root


def _over(bound: OverboundError) -> Unreadable:
    """What is said of a file that goes past a bound."""
    if isinstance(bound, AliasError):
        told = said("Anchors and aliases are not read."), said("Write the value out.")
    elif isinstance(bound, TooDeepError):
        told = said("It is nested too deeply."), said("Is it a study file?")
    elif isinstance(bound, TagError):
        told = (
            said(
                "The file has more than {most} tags (! or %), or one over {longest} letters.",
                most=MOST_TAGS,
                longest=LONGEST_TAG,
            ),
            said("Put a text that begins with ! or % in quotes."),
        )
    else:
        most = MOST_EVENTS // 2
        told = (
            said(
                "The file has more than {most} values, or {words} words or lines.",
                most=most,
                words=MOST_WORDS,
            ),
            said("Is it a study file? Shorten it."),
        )
    return Unreadable(bound.line, *told)


def _with_arms(design: Design) -> Design:
    filled = (
        replace(r, arms=filled_arms(design.factors, r)) if r.arms is EVERY_CELL else r
        for r in design.randomisations
    )
    return replace(design, randomisations=tuple(filled))


def on_lines(found: Iterable[Problem], lines: dict[str, int]) -> tuple[FileProblem, ...]:
    """The problems in the order of the lines that their paths are on."""
    placed = (FileProblem(p.path, p.message, p.remedy, _line(p.path, lines)) for p in found)
    return tuple(sorted(placed, key=lambda problem: problem.line))


def _line(path: str, lines: dict[str, int]) -> int:
    """The line of a path, or of the nearest thing around it that the file has."""
    while path not in lines and path:
        path = re.sub(r"(^|\.)[^.\[\]]*$|\[\d+\]$", "", path)
    return lines.get(path, 1)
