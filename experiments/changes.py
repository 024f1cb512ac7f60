"""PURE: what differs between two designs: which parts and fields, before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from experiments.design import Design, Ending, Limit

# The names of fields and the codes of parts from the design down to what changed.
Path = tuple[str, ...]


class Kind(StrEnum):
    """What became of a part or a value."""

    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One change; `before` and `after` are a value, a whole part, or the codes of what moved."""

    kind: Kind
    path: Path
    before: object = None
    after: object = None


class _Order(tuple[str, ...]):
    """The codes of a list's parts, in their order."""

    __slots__ = ()


@dataclass(frozen=True)
class _Whole:
    """A part; what differs within it is said of its own fields."""

    part: object = field(compare=False)


def found_changes(old: Design, new: Design) -> tuple[Change, ...]:
    """The changes, those that removed something first; a part that is new or gone is one change."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    both = [path for path in before if path in after]
    orders = {
        path: (old_order, new_order)
        for path in both
        if isinstance(old_order := before[path], _Order)
        and isinstance(new_order := after[path], _Order)
    }
    return (
        *(Change(Kind.REMOVED, p, before=_bare(before[p])) for p in _roots(before, after)),
        *(Change(Kind.ADDED, p, after=_bare(after[p])) for p in _roots(after, before)),
        *(Change(Kind.MOVED, p, *_common(*orders[p])) for p in orders if _moved(*orders[p])),
        *(
            Change(Kind.CHANGED, p, _bare(before[p]), _bare(after[p]))
            for p in both
            if p not in orders and before[p] != after[p]
        ),
    )


def _bare(value: object) -> object:
    if isinstance(value, _Whole):
        return value.part
    return tuple(value) if isinstance(value, _Order) else value


def _common(before: _Order, after: _Order) -> tuple[Path, Path]:
    """Both orders of the parts that both have."""
    return (
        tuple(code for code in before if code in after),
        tuple(code for code in after if code in before),
    )


def _moved(before: _Order, after: _Order) -> bool:
    """Whether the parts that both orders have stand in another order."""
    one, other = _common(before, after)
    return one != other


def _roots(these: Mapping[Path, object], others: Mapping[Path, object]) -> Iterator[Path]:
    """The paths that only these have, without those that lie below another of them."""
    only = {path for path in these if path not in others}
    return (path for path in these if path in only and path[:-1] not in only)


def _code(part: Any) -> str:
    """What tells a part from its like."""
    if isinstance(part, Limit):
        return ".".join(part.cell) or "everybody"
    return str(part.outcome if isinstance(part, Ending) else part.code)


def _leaves(thing: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Each value below a thing by its path; lists of coded parts have their order for a value."""
    if isinstance(thing, tuple) and all(map(is_dataclass, thing)):
        yield path, _Order(map(_code, thing))
        for part in thing:
            yield from _leaves(part, (*path, _code(part)))
    elif isinstance(thing, Mapping):
        yield path, _Whole(thing)
        yield from (((*path, key), value) for key, value in thing.items())
    elif is_dataclass(thing):
        if path:
            yield path, _Whole(thing)
        for each in fields(thing):
            yield from _leaves(getattr(thing, each.name), (*path, each.name))
    else:
        yield path, thing
