"""PURE: the vignettes that participants judged as rows, where a deck dealt them several."""

from collections.abc import Iterator, Sequence

from analysis.dataset import Assignments, Dataset, Stack, source_items
from experiments.answers import Answers
from experiments.design import Design, Method, Randomisation
from experiments.expansion import numbered, repeated_items


def stacked(
    design: Design, answers: Sequence[Answers], assignments: Sequence[Assignments]
) -> Dataset:
    """The data set of a written design: a row for each vignette, if the outcome is asked for each.

    The answers and assignments are those of participants, each draw's under its own codes. A row
    has what was asked of its draw under the written codes, and all that was asked once. Draws that
    a participant did not come to are no rows. Without such a deck rows are participants.
    """
    people = Dataset(design, answers, assignments)
    deck = judged_deck(design)
    if deck is None:
        return people
    rows = [
        (place, *row)
        for place, person in enumerate(zip(answers, assignments, strict=True))
        for row in _draws(design, deck, *person)
    ]
    return Dataset(
        design,
        [given for _, given, _ in rows],
        [held for _, _, held in rows],
        Stack(deck.code, tuple(place for place, _, _ in rows), people),
    )


def judged_deck(design: Design) -> Randomisation | None:
    """The deck on whose vignettes a written design asks its outcome; None if it is asked once."""
    asked = {item.code for item in source_items(design, design.plan.outcome)}
    for step in design.randomisations:
        repeated = {item.code for item in repeated_items(design, step.code)}
        if step.method is Method.DECK and asked <= repeated:
            return step
    return None


def answers_by_draw(
    design: Design, deck: Randomisation, answers: Answers
) -> Iterator[tuple[int, Answers]]:
    """Each draw that a participant came to, and the answers of it under the written codes."""
    codes = [item.code for item in repeated_items(design, deck.code)]
    draws = range(1, deck.draws + 1)
    several = {numbered(code, draw) for code in codes for draw in draws}
    once = {code: answer for code, answer in answers.items() if code not in several}
    for draw in draws:
        own = {code: answers[name] for code in codes if (name := numbered(code, draw)) in answers}
        if own:
            yield draw, once | own


def _draws(
    design: Design, deck: Randomisation, answers: Answers, assignments: Assignments
) -> Iterator[tuple[Answers, Assignments]]:
    dealt = {numbered(deck.code, draw) for draw in range(1, deck.draws + 1)}
    once = {code: held for code, held in assignments.items() if code not in dealt}
    for draw, given in answers_by_draw(design, deck, answers):
        held = assignments.get(numbered(deck.code, draw))
        if held is not None:
            levels = {factor: held["levels"][numbered(factor, draw)] for factor in deck.factors}
            yield given, once | {deck.code: {**held, "levels": levels}}
