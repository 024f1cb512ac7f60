"""PURE: many JSON objects with the same few names, opened as columns, and as objects to write."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from responses.coded import NOTHING


class Opener:
    """Opens objects in half the time that dicts take: it knows their names by the second batch."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self._decoder = msgspec.json.Decoder(_shape({}))

    def open(self, texts: Sequence[str]) -> "Opened":
        """The objects that those texts are."""
        try:
            return Opened(self.names, [*map(self._decoder.decode, texts)])
        except msgspec.ValidationError:
            self._learn(texts)
            return Opened(self.names, [*map(self._decoder.decode, texts)])

    def _learn(self, texts: Sequence[str]) -> None:
        """Adds what these objects name."""
        found = {name for text in texts for name in msgspec.json.decode(text)}
        self.names = tuple(sorted(found.union(self.names)))
        self._decoder = msgspec.json.Decoder(_shape(dict.fromkeys(self.names, Any)))


class StepsOpener:
    """The same one level deeper: objects by the code of a step."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self._shapes: dict[str, type[msgspec.Struct]] = {}
        self._decoder = msgspec.json.Decoder(_shape({}))

    def open(self, texts: Sequence[str]) -> "OpenedSteps":
        """The objects that those texts are."""
        try:
            return self._opened(texts)
        except msgspec.ValidationError:
            self._learn(texts)
            return self._opened(texts)

    def _opened(self, texts: Sequence[str]) -> "OpenedSteps":
        nothing = {step: shape() for step, shape in self._shapes.items()}
        return OpenedSteps(self.names, [*map(self._decoder.decode, texts)], nothing)

    def _learn(self, texts: Sequence[str]) -> None:
        found = {step: set(names) for step, names in self.names.items()}
        for text in texts:
            for step, held in msgspec.json.decode(text).items():
                found.setdefault(step, set()).update(held)
        self.names = {step: tuple(sorted(found[step])) for step in sorted(found)}
        self._shapes = {
            step: _shape(dict.fromkeys(names, Any)) for step, names in self.names.items()
        }
        self._decoder = msgspec.json.Decoder(_shape(self._shapes))


class Opened:
    """A batch of objects: msgspec writes each of `objects` as the JSON that it came from."""

    def __init__(self, names: tuple[str, ...], objects: Sequence[msgspec.Struct]) -> None:
        self._names, self.objects = names, objects

    def drop(self, at: int, name: str) -> None:
        """Takes a name away from the object of that place, if it has it."""
        if name in self._names:
            setattr(self.objects[at], f"f{self._names.index(name)}", NOTHING)

    @property
    def columns(self) -> dict[str, Sequence[object]]:
        """The values of all objects by name, NOTHING where one has none."""
        return _columns(self._names, self.objects)


class OpenedSteps:
    """A batch of objects by step; `nothing` is, by step, one that has no value."""

    def __init__(
        self,
        names: Mapping[str, tuple[str, ...]],
        objects: Sequence[msgspec.Struct],
        nothing: Mapping[str, msgspec.Struct],
    ) -> None:
        self._names, self.objects, self._nothing = names, objects, nothing

    def columns(self, without: str = "") -> dict[str, dict[str, Sequence[object]]]:
        """The values by step and name, NOTHING where an object has none; one name left out."""
        held = _columns(tuple(self._names), self.objects)
        found: dict[str, dict[str, Sequence[object]]] = {}
        for step, names in self._names.items():
            nothing = self._nothing[step]
            objects = [nothing if each is NOTHING else each for each in held[step]]
            columns = _columns(names, objects)
            found[step] = {name: columns[name] for name in names if name != without}
        return found


def _shape(types: Mapping[str, Any]) -> type[msgspec.Struct]:
    """A struct with these fields, by name. A name need not be one that Python takes for a field."""
    fields = [(f"f{at}", each, NOTHING) for at, each in enumerate(types.values())]
    return msgspec.defstruct(
        "Shape",
        fields,
        rename={field: name for (field, *_), name in zip(fields, types, strict=True)},
        omit_defaults=True,
        forbid_unknown_fields=True,
        gc=False,
    )


def _columns(names: tuple[str, ...], objects: Sequence[Any]) -> dict[str, Sequence[object]]:
    rows = map(msgspec.structs.astuple, objects)
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if objects else {}
