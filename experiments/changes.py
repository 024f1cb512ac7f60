"""PURE: what differs between two designs, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from experiments.design import Design


class _Order(tuple[str, ...]):
    """The codes of a list's parts, in their order."""

    __slots__ = ()


def changes(old: Design, new: Design) -> tuple[str, ...]:
    """One line for each part that was added, removed, moved or changed, named by its codes."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    both = [path for path in before if path in after]
    orders = {
        path: (old_order, new_order)
        for path in both
        if isinstance(old_order := before[path], _Order)
        and isinstance(new_order := after[path], _Order)
    }
    return (
        *(f"removed {path}" for path in _roots(before, after)),
        *(f"added {path}" for path in _roots(after, before)),
        *(f"moved parts of {path}" for path in orders if _moved(*orders[path])),
        *(f"changed {p}" for p in both if p not in orders and before[p] != after[p]),
    )


def _moved(before: _Order, after: _Order) -> bool:
    """Whether the parts that both orders have stand in another order."""
    return [c for c in before if c in after] != [c for c in after if c in before]


def _roots(these: Mapping[str, object], others: Mapping[str, object]) -> Iterator[str]:
    """The paths that only these have, without those that lie below another of them."""
    only = {path for path in these if path not in others}
    return (path for path in these if path in only and path.rpartition(".")[0] not in only)


def _leaves(thing: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Each value below a thing by its path; lists of coded parts have their order for a value."""
    if isinstance(thing, tuple) and all(hasattr(part, "code") for part in thing):
        yield path, _Order(part.code for part in thing)
        for part in thing:
            yield from _leaves(part, f"{path}.{part.code}")
    elif isinstance(thing, Mapping):
        yield path, None
        yield from ((f"{path}.{key}", value) for key, value in thing.items())
    elif is_dataclass(thing):
        if path:
            yield path, None
        for field in fields(thing):
            yield from _leaves(getattr(thing, field.name), f"{path}.{field.name}".lstrip("."))
    else:
        yield path, thing
