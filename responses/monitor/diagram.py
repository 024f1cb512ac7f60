"""PURE: lays out a flow of participants as a diagram of boxes, as CONSORT draws it.

It is as narrow as a phone: the way down is on the left, who leaves it is in a box beside it. All
measures are in the units of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
LINE, PADDING, GAP = 20, 10, 14
# Where the way down runs, and where the boxes of those begin who leave it.
SPINE, ASIDE = 24, 48
# Titles and lines of more characters, the number's included, do not fit half of the width.
HALF = 21

Line = tuple[str, int]


@dataclass(frozen=True)
class Step:
    """How far people came: how many, and those of them who came no further, by what became of them.

    Those of whom there are none are left out.
    """

    label: str
    people: int
    lost: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Written:
    """A line of a box: its words at the left, its number at the right."""

    y: int
    label: str
    people: int


@dataclass(frozen=True)
class Box:
    """A box: a line of its own in strong letters, if it has one, and lines below."""

    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[Written, ...]

    @property
    def left(self) -> int:
        """Where words begin."""
        return self.x + PADDING

    @property
    def right(self) -> int:
        """Where numbers end."""
        return self.x + self.width - PADDING

    @property
    def title_y(self) -> int:
        """The base line of the title."""
        return self.y + PADDING + 14


@dataclass(frozen=True)
class Diagram:
    """The boxes, the lines between them (x1, y1, x2, y2), and how high the picture is."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, int, int], ...]
    height: int
    width: int = WIDTH


def laid_out(steps: Sequence[Step], arms: Sequence[tuple[str, tuple[Line, ...]]] = ()) -> Diagram:
    """The diagram of the steps, one below the other, and of the arms below them."""
    boxes: list[Box] = []
    arrows: list[tuple[int, int, int, int]] = []
    y = boxes_end = 0
    for number, step in enumerate(steps):
        if number:
            arrows.append((SPINE, boxes_end, SPINE, y))
        main = _box(0, y, WIDTH, "", [(step.label, step.people)])
        boxes.append(main)
        boxes_end = y = main.y + main.height
        y += GAP
        lost = [each for each in step.lost if each[1]]
        if lost:
            aside = _box(ASIDE, y, WIDTH - ASIDE, "", lost)
            boxes.append(aside)
            middle = aside.y + aside.height // 2
            arrows.append((SPINE, middle, ASIDE, middle))
            if number == len(steps) - 1:
                arrows.append((SPINE, boxes_end, SPINE, middle))
            y += aside.height + GAP
    for box in _arms(arms, y):
        boxes.append(box)
        y = box.y + box.height + GAP
    return Diagram(tuple(boxes), tuple(arrows), max(y - GAP, 0) + 2)


def _arms(arms: Sequence[tuple[str, tuple[Line, ...]]], y: int) -> list[Box]:
    """Two beside each other where their titles fit."""
    pair = len(arms) > 1 and all(
        len(text) <= HALF
        for title, lines in arms
        for text in (title, *(f"{label}{people}" for label, people in lines))
    )
    width = (WIDTH - GAP) // 2 if pair else WIDTH
    boxes: list[Box] = []
    for number, (title, lines) in enumerate(arms):
        right = pair and number % 2 == 1
        box = _box(width + GAP if right else 0, y, width, title, list(lines))
        boxes.append(box)
        if right or not pair:
            y += box.height + GAP
    return boxes


def _box(x: int, y: int, width: int, title: str, lines: Sequence[Line]) -> Box:
    first = y + PADDING + (LINE if title else 0)
    written = tuple(
        Written(first + LINE * place + 14, label, people)
        for place, (label, people) in enumerate(lines)
    )
    height = 2 * PADDING + LINE * (len(lines) + bool(title))
    return Box(x, y, width, height, title, written)
