"""Study files that are good YAML with odd things in them: a changed tree as JSON, which is YAML."""

import json
from collections.abc import Iterator, MutableMapping, MutableSequence
from random import Random
from typing import Any

from experiments.design import Design
from experiments.filedump import as_yaml
from tests.fuzz.grammar import condition
from tests.fuzz.mutation import nasty

ODD: tuple[Any, ...] = (None, True, 0, -1, 10**12, 10**400, 0.05, 1e308, "", "a", [], {}, [[]])


def changed_study(random: Random, design: Design) -> bytes:
    """The design's file with one to four of its values changed, taken out or doubled."""
    tree = json.loads(json.dumps(as_yaml(design)))
    places = list(_places(tree))
    for inside, key in random.sample(places, random.randint(1, 4)):
        _change(random, inside, key)
    return json.dumps(tree, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    keys = tree.keys() if isinstance(tree, MutableMapping) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], MutableMapping | MutableSequence):
            yield from _places(tree[key])


def _change(random: Random, inside: Any, key: Any) -> None:
    """Changes what is at that place, if an earlier change has left it there."""
    try:
        before = inside[key]
    except (KeyError, IndexError):
        return
    chosen = random.random()
    if chosen < 0.1:
        del inside[key]
    elif chosen < 0.2 and isinstance(inside, MutableSequence):
        inside[key:key] = [before] * random.choice((1, 2, 30))
    elif key in ("shown_if", "screen_out_if") or chosen < 0.3:
        inside[key] = condition(random).decode()
    elif chosen < 0.5:
        inside[key] = random.choice(ODD)
    elif isinstance(before, str):
        inside[key] = before + _text(random) if random.random() < 0.5 else _text(random)
    else:
        inside[key] = before if random.random() < 0.5 else _text(random)


def _text(random: Random) -> str:
    return "".join(
        nasty(random).decode(errors="surrogatepass") for _ in range(random.randint(1, 3))
    )
