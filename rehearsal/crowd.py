"""PURE: the people with what lies behind their answers, and what moves it: levels and slopes."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from analysis.statistics.estimate import Places
from experiments.design import Design, Item, Missing
from rehearsal.latents import Latents
from rehearsal.measures import Measured, measured
from rehearsal.people import People
from rehearsal.streams import Bools, Seed
from rehearsal.truth import ATTENTIVE, Style, Truth


def names_of(item: Item) -> tuple[str, ...]:
    """What an effect on the item can go by: its own code, its subscale's and its scale's."""
    codes = (item.code, item.subscale, item.scale)
    return tuple(dict.fromkeys(code for code in codes if code))


def parsed(key: str) -> dict[str, str]:
    """The levels by factor, or the option by item, of a key such as ``reward.monetary*say.high``.

    ValueError if it is none.
    """
    found: dict[str, str] = {}
    for part in key.split("*"):
        name, dot, code = part.partition(".")
        if not (name and dot and code) or name in found:
            raise ValueError(key)
        found[name] = code
    return found


def points_of(truth: Truth, item: Item, levels: Mapping[str, str]) -> float:
    """What these levels add to the item's answer."""
    return sum(
        points
        for name in names_of(item)
        for key, points in truth.effects.get(name, {}).items()
        if parsed(key).items() <= levels.items()
    )


def option_shares(design: Design, truth: Truth, item: Item) -> dict[str, float]:
    """The share of each option that is an answer, among those who give one.

    What the truth does not name shares what is left evenly.
    """
    codes = [o.code for o in design.options(item) if o.missing is Missing.NONE]
    told, silent = truth.shares.get(item.code, {}), missing_share(design, truth, item)
    unnamed = [code for code in codes if code not in told]
    left = max(0.0, 1 - sum(told.values())) / len(unnamed) if unnamed else 0.0
    given = {code: told.get(code, left) for code in codes}
    whole = sum(given.values())
    even = 1 / len(codes) if codes else 0.0
    return {code: share / whole if whole and silent < 1 else even for code, share in given.items()}


def missing_share(design: Design, truth: Truth, item: Item) -> float:
    """The share who choose an option that counts as no answer."""
    offered = [o.code for o in design.options(item) if o.missing]
    if not offered:
        return 0.0
    told = truth.shares.get(item.code, {})
    named = [told[code] for code in offered if code in told]
    return sum(named) if named else truth.no_answer


class Crowd:
    """The people of one design and truth, drawn by one seed."""

    def __init__(self, design: Design, truth: Truth, n: int, seed: Seed) -> None:
        self.design, self.truth, self.n, self.seed = design, truth, n, seed
        self.people = People(design, truth, n, seed)
        self.latents = Latents(design, truth, self.people, seed)
        # Who answers in one line keeps to it for a scale, and for what stands among its items.
        self.line_of = {
            item.code: item.scale or next((i.scale for i in page.items if i.scale), page.code)
            for page in design.pages
            for item in page.items
        }
        # What slopes add to items that go by these names: worked out once for all of them.
        self.sloped: dict[tuple[str, ...], tuple[list[float], Places]] = {}
        self._measured: dict[str, Measured] = {}

    @cached_property
    def styles(self) -> Mapping[Style, Bools]:
        """Who (n,) answers in each style."""
        told = np.array(self.people.styles)
        return {style: told == style.value for style in Style}

    @cached_property
    def reads(self) -> Bools:
        """Who (n,) reads what they are told."""
        each = [self.styles[style] for style in sorted(ATTENTIVE)]
        return np.asarray(np.logical_or.reduce(each))

    def measured(self, trait: str) -> Measured:
        """How the items of a trait are answered; UnreachableError if none are like that."""
        if trait not in self._measured:
            moved = slope_variance(self.design, self.truth, trait)
            self._measured[trait] = measured(self.design, self.truth, trait, moved)
        return self._measured[trait]


def slope_points(design: Design, truth: Truth, outcome: str) -> dict[str, dict[str, float]]:
    """By item and option what an answer to it adds to an outcome, around the mean of all."""
    found: dict[str, dict[str, float]] = {}
    for key, each in truth.slopes.get(outcome, {}).items():
        ((code, option),) = parsed(key).items()
        found.setdefault(code, {})[option] = each
    for code, points in found.items():
        shares = option_shares(design, truth, design.item(code))
        middle = sum(share * points.get(option, 0.0) for option, share in shares.items())
        found[code] = {option: points.get(option, 0.0) - middle for option in shares}
    return found


def slope_variance(design: Design, truth: Truth, outcome: str) -> float:
    """The variance that slopes bring to an outcome, items being independent of each other."""
    whole = 0.0
    for code, points in slope_points(design, truth, outcome).items():
        item = design.item(code)
        shares = option_shares(design, truth, item)
        answered = 1 - missing_share(design, truth, item)
        whole += answered * sum(shares[option] * each**2 for option, each in points.items())
    return whole
