"""PURE: what the seed, and the rows before, say of the next rows of a list, under every method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from experiments.design import DrawOrder, Method, Randomisation
from experiments.expansion import numbered
from experiments.randomisation import (
    Tally,
    arranged,
    counterbalanced,
    drawn,
    latin_square,
    next_draw,
    profile_of,
    toward_completes,
    toward_completes_probabilities,
    vignette_probability,
    williams_square,
)

SQUARES = {DrawOrder.LATIN: latin_square, DrawOrder.WILLIAMS: williams_square}


@dataclass(frozen=True)
class Expected:
    """What the seed, and the rows before, say of a row."""

    position: int
    block: int
    arm: str
    probability: str
    draw: int = 1


def code_of(step: Randomisation, draw: int) -> str:
    """The code by which a participant holds a row: decks have one for each draw."""
    return numbered(step.code, draw) if step.method is Method.DECK else step.code


def levels_of(step: Randomisation, arm: str, draw: int) -> dict[str, str]:
    """The levels that an arm gives a participant, by the codes that they have at that draw."""
    levels = next(each.levels for each in step.arms if each.code == arm)
    deck = step.method is Method.DECK
    names = (numbered(factor, draw) if deck else factor for factor in step.factors)
    return dict(zip(names, levels, strict=True))


def minimised(
    step: Randomisation, seed: bytes, position: int, covariates: str, tally: Tally
) -> tuple[Expected, Tally]:
    """A row of minimisation, and the tally after it; KeyError or ValueError at bad covariates."""
    profile = profile_of(covariates)
    at, chance = next_draw(step, seed, position, tally, profile)
    row = Expected(position, 0, step.arms[at].code, str(chance))
    return row, tally.with_(profile, at)


def short_of_completes(step: Randomisation, seed: bytes, position: int, counted: str) -> Expected:
    """A row of the coin towards arms short of completes; `counted` is as `completes_told` says."""
    told = profile_of(counted)
    completes = [int(told[arm.code]) for arm in step.arms]
    weights = [arm.weight for arm in step.arms]
    # The coin as it was written: 0.8 is four fifths.
    chances = toward_completes_probabilities(weights, completes, Fraction(str(step.coin)))
    at = toward_completes(seed, position, chances)
    return Expected(position, 0, step.arms[at].code, str(chances[at]))


def completes_told(step: Randomisation, completes: Mapping[str, int]) -> str:
    """How many completed in each arm, as a row tells it: ``none.low=3&none.high=4``."""
    return "&".join(f"{arm.code}={completes.get(arm.code, 0)}" for arm in step.arms)


def dealt_rows(step: Randomisation, seed: bytes, number: int) -> list[Expected]:
    """The rows of the participant of that number, counted from 0: one for each of their draws."""
    size, draws = len(step.arms), step.draws
    cards: Sequence[int] = drawn(seed, number, size, draws)
    if square := SQUARES.get(step.draw_order):
        cards = arranged(cards, counterbalanced(seed, number, square(draws)))
    chance = str(vignette_probability(size))
    return [
        Expected(number * draws + at, number, step.arms[card].code, chance, at + 1)
        for at, card in enumerate(cards)
    ]
