"""A page that is rendered once: in pieces, to be joined for each participant.

A skeleton is cut at its marks. Holes are filled by a request; items, and the options in them, are
pieces that can be left out and joined in an order of the participant's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from responses.marks import MARK


@dataclass(frozen=True)
class Hole:
    """A place that a request fills."""

    name: str


@dataclass
class Group:
    """Neighbours of one kind, items or options, by their codes, as they were rendered."""

    kind: str
    of: str
    parts: dict[str, "list[Piece]"] = field(default_factory=dict)


Piece = str | Hole | Group
# The codes of a group in the order wanted, by ("item", "") or ("option", item).
Orders = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True)
class Skeleton:
    """The pieces of a page; `written` are the orders in which it was rendered.

    `plain` are the pieces for who wants the orders as they are written: texts and holes alone.
    """

    pieces: Sequence[Piece]
    written: Orders
    plain: Sequence[str | Hole]


def cut(html: str) -> Skeleton:
    """The skeleton of rendered HTML."""
    pieces = _pieces(html)
    written: dict[tuple[str, str], list[str]] = {}
    return Skeleton(pieces, written, settle(tuple(_flat(pieces, written)), {}))


def _flat(
    pieces: Sequence[Piece], written: dict[tuple[str, str], list[str]]
) -> Iterator[str | Hole]:
    """Texts and holes in the order in which they are written, which is noted."""
    for piece in pieces:
        if isinstance(piece, Group):
            for code, part in piece.parts.items():
                written.setdefault((piece.kind, piece.of), []).append(code)
                yield from _flat(part, written)
        else:
            yield piece


def _pieces(html: str) -> list[Piece]:
    pieces = MARK.split(html)
    texts, names, codes = pieces[0::3], pieces[1::3], pieces[2::3]
    stack: list[tuple[str, list[Piece]]] = [("", [texts[0]])]
    item = ""
    for name, code, text in zip(names, codes, texts[1:], strict=True):
        inside = stack[-1][1]
        if name in ("item", "option"):
            item = code if name == "item" else item
            part = _group(inside, name, item if name == "option" else "").parts.setdefault(code, [])
            stack.append((name, part))
        elif name == "end":
            stack.pop()
        else:
            inside.append(Hole(f"{name}.{code}" if code else name))
        if text:
            stack[-1][1].append(text)
    return stack[0][1]


def join(skeleton: Skeleton, holes: Mapping[str, str], orders: Orders) -> str:
    """The page: holes filled, or empty if unknown; groups in the order given, or as they were."""
    if all(list(codes) == skeleton.written.get(group, []) for group, codes in orders.items()):
        return filled(skeleton.plain, holes)
    return "".join(_joined(skeleton.pieces, holes, orders))


def filled(pieces: Sequence[str | Hole], holes: Mapping[str, str]) -> str:
    """Texts and holes joined, the holes filled, or empty if unknown."""
    return "".join(
        [piece if isinstance(piece, str) else holes.get(piece.name, "") for piece in pieces]
    )


def settle(pieces: Sequence[str | Hole], holes: Mapping[str, str]) -> tuple[str | Hole, ...]:
    """Texts and holes with those holes filled for good, in as few pieces as there can be."""
    found: list[str | Hole] = []
    for piece in pieces:
        text = piece if isinstance(piece, str) else holes.get(piece.name)
        if text is None:
            found.append(piece)
        elif found and isinstance(found[-1], str):
            found[-1] += text
        else:
            found.append(text)
    return tuple(found)


def _joined(pieces: Sequence[Piece], holes: Mapping[str, str], orders: Orders) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Hole):
            yield holes.get(piece.name, "")
        else:
            codes = orders.get((piece.kind, piece.of), tuple(piece.parts))
            for code in codes:
                yield from _joined(piece.parts.get(code, ()), holes, orders)


def _group(inside: list[Piece], kind: str, of: str) -> Group:
    """The group that a part goes into: the one just before, across nothing but white space."""
    last = inside[-1] if inside else ""
    if isinstance(last, str) and not last.strip() and len(inside) > 1:
        before = inside[-2]
        if isinstance(before, Group) and before.kind == kind:
            inside.pop()
            return before
    if isinstance(last, Group) and last.kind == kind:
        return last
    group = Group(kind, of)
    inside.append(group)
    return group
