"""PURE: what differs between two designs, for people: place, before and after, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from experiments.changes import Change, Kind, Path, found_changes
from experiments.design import Design
from experiments.said import Said, said
from experiments.worddiff import Fate, Piece, pieces

# One part of each list of parts.
_ONE = {
    "factors": "factor",
    "levels": "level",
    "randomisations": "randomisation",
    "arms": "arm",
    "scales": "scale",
    "subscales": "subscale",
    "options": "option",
    "pages": "page",
    "items": "item",
    "blocks": "block",
    "images": said("picture"),
    "parameters": "parameter",
    "quotas": "quota",
    "limits": "limit",
    "endings": "ending",
    "contrasts": "contrast",
}
_MARKS = {Fate.SAME: "{}", Fate.GONE: "[-{}-]", Fate.NEW: "{{+{}+}}"}
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One difference: where, in which language if it is a text, before and after in words.

    `pieces` has both as one text where words of a text changed, and is empty elsewhere.
    """

    kind: Kind
    place: str
    before: str = ""
    after: str = ""
    language: str = ""
    pieces: tuple[Piece, ...] = ()

    def __str__(self) -> str:
        """The difference in one line; words that went stand in [- -], those that came in {+ +}."""
        place = f"{self.place} ({self.language})" if self.language else self.place
        if self.pieces:
            marked = "".join(_marked(piece) for piece in self.pieces)
            said = f"{place}: {' '.join(marked.split())}"
        elif self.kind in (Kind.CHANGED, Kind.MOVED):
            said = f"{place}: {self.before} → {self.after}"
        else:
            told = " ".join((self.before or self.after).split())
            said = f"{place}: {told}" if told else place
        return f"{self.kind} {said}"


def differences(old: Design, new: Design) -> tuple[Difference, ...]:
    """Everything that differs: what went first, then what came, moved and changed."""
    return tuple(
        _told(change, (*new.languages, *old.languages)) for change in found_changes(old, new)
    )


def _told(change: Change, languages: Sequence[str]) -> Difference:
    place, language = _place(change.path)
    before, after = (
        _shown(value, change.path, languages) for value in (change.before, change.after)
    )
    if change.kind is Kind.REMOVED:
        return Difference(change.kind, place, before=before, language=language)
    if change.kind is Kind.ADDED:
        return Difference(change.kind, place, after=after, language=language)
    marked = pieces(before, after) if language or _in_words(change) else ()
    return Difference(change.kind, place, before, after, language, marked)


def _in_words(change: Change) -> bool:
    """Whether both are texts of several words, such as a condition or a source."""
    both = change.before, change.after
    return all(isinstance(each, str) and " " in each.strip() for each in both)


def _place(path: Path) -> tuple[Said, str]:
    """The path in words, ``page opinion, item will3, shown if``, and the language of a text."""
    words: list[Said] = []
    language, below = "", "part"
    for step in path:
        if below == "list":
            one = said(_ONE[words[-1]])
            words[-1], below = said("{part} {code}", part=one, code=step), "part"
        elif below == "text":
            language = step
        else:
            # A list that changed as a whole is told by its name.
            words.append(said(step if step in _ONE else step.replace("_", " ")))
            below = "list" if step in _ONE else "part" if step == "plan" else "text"
    return _joined(words), language


def _joined(words: Sequence[Said]) -> Said:
    """The words with commas between them."""
    first, *others = words
    for word in others:
        first = said("{place}, {part}", place=first, part=word)
    return first


def _shown(value: object, path: Path, languages: Sequence[str]) -> str:
    """A value in words; of a whole part its first text."""
    if value in (None, "", ()):
        return NOTHING
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_shown(each, path, languages) for each in value)
    if path[-1] == "data":
        return said("a picture of {size} KB", size=len(str(value)) * 3 // 4000 or 1)
    return _summary(value, languages) if is_dataclass(value) else str(value)


def _summary(part: Any, languages: Sequence[str]) -> str:
    texts = [value for f in fields(part) if isinstance(value := getattr(part, f.name), Mapping)]
    return next(
        (text[language] for text in texts for language in languages if text.get(language)), ""
    )


def _marked(piece: Piece) -> str:
    """A piece between its marks, the white space around it outside of them."""
    words = piece.text.strip()
    return piece.text.replace(words, _MARKS[piece.fate].format(words)) if words else piece.text
