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
Skeleton = list[Piece]
# The codes of a group in the order wanted, by ("item", "") or ("option", item).
Orders = Mapping[tuple[str, str], Sequence[str]]


def cut(html: str) -> Skeleton:
    """The skeleton of rendered HTML."""
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
    return "".join(_joined(skeleton, holes, orders))


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
