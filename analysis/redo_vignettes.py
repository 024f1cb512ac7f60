"""PURE: how a script makes a row for each vignette of the participants in an exported CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from experiments.design import Design, ItemKind, Randomisation
from experiments.expansion import numbered as drawn
from experiments.expansion import repeated_items
from experiments.variables.fixed import ASSIGNED, numbered


@dataclass(frozen=True)
class Vignettes:
    """The deck whose vignettes are rows, and the codes that are asked for each of them.

    `draws` has for each draw the CSV's columns by the names that they have in a vignette's row:
    codes as they are written, and what was assigned under the names of the first draw.
    """

    deck: str
    asked: tuple[str, ...]
    draws: tuple[Mapping[str, str], ...]


def vignettes_of(design: Design, expanded: Design, deck: Randomisation) -> Vignettes:
    """The vignettes of a deck of a written design; `expanded` names the CSV's columns."""
    items = repeated_items(design, deck.code)
    asked = tuple(item.code for item in items if item.kind is not ItemKind.STATEMENT)
    place = {step.code: at for at, step in enumerate(expanded.randomisations, start=1)}
    held = [name for name, *_ in ASSIGNED]
    first = partial(numbered, place=place[drawn(deck.code, 1)])
    return Vignettes(
        deck=deck.code,
        asked=asked,
        draws=tuple(
            {code: drawn(code, draw) for code in (*deck.factors, *asked)}
            | {first(name): numbered(name, place[drawn(deck.code, draw)]) for name in held}
            for draw in range(1, deck.draws + 1)
        ),
    )
