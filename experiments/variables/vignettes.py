"""PURE: the variables of the table with a row for each vignette, under their written codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from experiments.design import Design, Method, Randomisation
from experiments.expansion import expanded, numbered, repeated_items
from experiments.variables import Variable, variables
from experiments.variables.items import treated_items
from experiments.variables.variable import Role, Type

# What each row begins with, of the participant.
_KEPT = ("participant", "mode", "design_version", "language", "state", "first_look")
_ROW: tuple[Variable, ...] = (
    Variable("deck", {"en": "Deck", "ko": "덱"}, Type.CODE, Role.DESIGN, ("row", "deck")),
    Variable(
        "draw",
        {"en": "Which of the participant's vignettes", "ko": "참여자의 몇 번째 시나리오"},
        Type.INTEGER,
        Role.DESIGN,
        ("row", "draw"),
    ),
)


@dataclass(frozen=True)
class VignetteRows:
    """The rows of one draw of a deck, or of the one vignette of a design that has no deck.

    A participant has such a row if they were given `step`, or anything at all if it is empty.
    """

    deck: str
    draw: int
    step: str
    variables: tuple[Variable, ...]


def vignette_rows(design: Design) -> tuple[VignetteRows, ...]:
    """The kinds of rows that a written design has, with where each finds its values.

    A deck's rows have what is asked for each draw; a vignette that is no deck's what is asked from
    it on. Each has the levels and arms of its own deck and of the randomisations without one.
    """
    found = {variable.source: variable for variable in variables(expanded(design))}
    decks = [step for step in design.randomisations if step.method is Method.DECK]
    if not decks:
        return (VignetteRows("", 1, "", tuple(_variables(design, found, None, 1))),)
    return tuple(
        VignetteRows(
            deck.code,
            draw,
            numbered(deck.code, draw),
            tuple(_variables(design, found, deck, draw)),
        )
        for deck in decks
        for draw in range(1, deck.draws + 1)
    )


def _variables(
    design: Design,
    found: Mapping[tuple[str, ...], Variable],
    deck: Randomisation | None,
    draw: int,
) -> Iterator[Variable]:
    asked = treated_items(design)
    if deck is not None:
        asked = frozenset(item.code for item in repeated_items(design, deck.code))
    written = variables(design)
    yield from (each for each in written if each.name in _KEPT)
    yield from _ROW
    for variable in written:
        if (source := _source(design, variable, asked, deck, draw)) in found:
            kept = found[source]
            yield replace(
                variable, source=kept.source, shown_by_arm=kept.shown_by_arm, scored=kept.scored
            )


def _source(
    design: Design,
    variable: Variable,
    asked: frozenset[str],
    deck: Randomisation | None,
    draw: int,
) -> tuple[str, ...]:
    """Where the expanded design keeps what a row has of a variable; nowhere if it has none."""

    def at(code: str) -> str:
        return numbered(code, draw) if deck is not None else code

    match variable.source:
        case ("assignments", step, *rest) if deck is not None and step == deck.code:
            return ("assignments", at(step), *(at(c) if c in deck.factors else c for c in rest))
        case ("assignments", *_):
            return variable.source
        case ("answers" | "tries" as kind, item, *rest) if item in asked:
            return (kind, at(item), *rest)
        case ("score", code) if {scored.item for scored in variable.scored} <= asked:
            return ("score", at(code))
    return ()
