"""PURE: two texts as one, with the words marked that went and the words that came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Matching takes the product of both lengths; what is longer in the middle is told as one whole.
MOST_WORDS = 600
# Words that are left of what stayed the same, on the side of a change.
AROUND = 6
_WORD = re.compile(r"\S+\s*|\s+")


class Fate(StrEnum):
    """What became of a piece of a text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of words; the text of a long one that stayed the same is left out in part."""

    fate: Fate
    text: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, piece by piece; of what stayed the same only what is near a change."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found = [
        Piece(fate, "".join(_near(words, first=place == 0, fate=fate)))
        for place, (fate, words) in enumerate(_runs(old, new))
    ]
    if found and found[-1].fate is Fate.SAME:
        found[-1] = Piece(Fate.SAME, _start(found[-1].text))
    return tuple(found)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Fate, Sequence[str]]]:
    """Runs of words by their fate; those at both ends that stayed are never matched."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    gone, came = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield Fate.SAME, old[:head]
    yield from _matched(gone, came)
    if tail:
        yield Fate.SAME, old[len(old) - tail :]


def _matched(gone: Sequence[str], came: Sequence[str]) -> Iterator[tuple[Fate, Sequence[str]]]:
    short = max(len(gone), len(came)) <= MOST_WORDS
    whole = [("replace", 0, len(gone), 0, len(came))]
    matcher = SequenceMatcher(None, gone, came, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes() if short else whole:
        if tag == "equal":
            yield Fate.SAME, gone[a:b]
            continue
        if b > a:
            yield Fate.GONE, gone[a:b]
        if d > c:
            yield Fate.NEW, came[c:d]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _near(words: Sequence[str], *, first: bool, fate: Fate) -> Sequence[str]:
    """The words; of many that stayed the same those next to a change."""
    if fate is not Fate.SAME:
        return words
    if first:
        return words if len(words) <= AROUND else ("… ", *words[-AROUND:])
    return words if len(words) <= 2 * AROUND else (*words[:AROUND], "… ", *words[-AROUND:])


def _start(text: str) -> str:
    """The beginning of the last piece, which has no change after it."""
    words = _WORD.findall(text)
    return text if len(words) <= AROUND else "".join(words[:AROUND]).rstrip() + " …"
