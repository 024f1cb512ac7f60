"""YAML is scanned a run of letters at a time, and what comes out is what ruamel gives."""

import json
import sys
from base64 import b64encode
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from experiments.checks.images import LARGEST_IMAGE
from experiments.checks.texts import LONGEST_TEXT
from experiments.design import Image
from experiments.filedump import as_yaml
from experiments.fileparser import bounded
from experiments.studyfile import LARGEST_FILE, parse
from tests.changed import changed
from tests.designs import both, small

STUDIES = Path(__file__).parents[2] / "studies"
# What means something in YAML, every kind of line break, and runs that are gone past at once.
PIECES = (
    *"ab1 \n:,?[]{}#-'\"|>&*!%\t\r\x85\u2028\ufeff",
    *(": ", " #", "\n  ", "- ", "? ", "\r\n", "---\n", "...\n", "%YAML 1.1\n---\n", "\n\n"),
    *("abcdefgh", "가나다라마", "aaaa:b", "x?y", "a\ufeffbcdef", "    ", "\\u00e9", "!a "),
)


def _tokens(yaml: YAML, text: str) -> list[Any]:
    """What is scanned, with its places, until the end or the first error."""
    found: list[Any] = []
    try:
        for token in yaml.scan(text):
            marks = (token.start_mark, token.end_mark)
            places = [(mark.line, mark.column, mark.index) for mark in marks]
            found.append((type(token), *_said(token), places))
    except (YAMLError, ValueError) as error:
        found.append(str(error))
    return found


def _said(token: Any) -> list[Any]:
    """What a token says, and how it was written."""
    return [getattr(token, name, None) for name in ("value", "style", "plain", "name")]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example("a: |\n \n   b\n")
@example("a: >\n\n   b\n\n  c\n \nd: e")
@example("%YAML 1.1\n---\n[a?b, c:d, e: f]")
def test_scanned_is_what_ruamel_scans(text: str) -> None:
    assert _tokens(bounded(), text) == _tokens(YAML(typ="safe", pure=True), text)


@pytest.mark.parametrize("path", sorted(STUDIES.glob("**/*.yaml")), ids=lambda path: path.stem)
def test_shipped_files_are_scanned_as_ruamel_scans_them(path: Path) -> None:
    text = path.read_text()
    assert _tokens(bounded(), text) == _tokens(YAML(typ="safe", pure=True), text)


def _calls(text: str) -> int:
    """How many functions are called to read a file: what it costs, on any machine."""
    count = 0

    def note(frame: FrameType, event: str, what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        parse(text)
    finally:
        sys.setprofile(before)
    return count


# Ruamel's own scanner calls two for each letter; ours some thousands in all, caches and all.
MOST_CALLS = 10_000
AROUND = {
    "one word": "{run}",
    "a value": "study: {run}",
    "in brackets": "study: [{run}]",
    "a comment": "study: park # {run}",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("letter", ["a", "-", "?", "가"])
def test_word_of_a_megabyte_costs_no_call_a_letter(around: str, letter: str) -> None:
    room = (LARGEST_FILE - len(around)) // len(letter.encode())
    assert _calls(around.format(run=f"a{letter * (room - 1)}")) < MOST_CALLS


@pytest.mark.parametrize("before", ["study:", "study: |\n"])
def test_spaces_of_a_megabyte_cost_no_call_a_space(before: str) -> None:
    assert _calls(f"{before}{' ' * (LARGEST_FILE - 20)}park") < MOST_CALLS


def test_study_in_one_line_of_json_may_have_the_longest_words() -> None:
    """Two pictures of the largest size, and a text without spaces, each letter written as code."""
    picture = b64encode(b"\x89PNG\r\n\x1a\n".ljust(LARGEST_IMAGE, b"\0")).decode()
    images = tuple(Image(code, "image/png", picture) for code in ("one", "two"))
    text = "共" * (LONGEST_TEXT // 2)
    design = changed(small(), {"images": images, "pages[0].title": both(text, text)})
    line = json.dumps(json.loads(json.dumps(as_yaml(design))), separators=(",", ":"))
    assert "\n" not in line
    assert len(line) > LARGEST_FILE * 0.9
    assert parse(line).design == design
