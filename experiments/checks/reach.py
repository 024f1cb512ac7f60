"""PURE: whether a condition can come true, for any answers that somebody could give.

The names that it rests on get values in the order in which they are asked, and a path of values is
left as soon as a rule is broken: an item that is not shown has no answer, one that must be answered
has one, who is screened out goes no further, and levels come as arms have them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import chain, combinations, pairwise

from experiments.checks.offered import offered
from experiments.checks.order import first_showing
from experiments.design import ONE_CHOICE, Design, Item, ItemKind
from experiments.logic import (
    Condition,
    ConditionError,
    NoValue,
    Value,
    comparisons,
    decide,
    names,
    parse,
)
from experiments.logic.deciding import number
from experiments.logic.tree import Name, Not, leaves, operands

# After so many values tried, a condition is taken to be reachable.
MOST_STEPS = 20_000
# Of a multiple choice so many options are told apart.
MOST_OPTIONS = 6
# A parameter with more values may have any.
MOST_VALUES = 50
_NUMERIC = frozenset({ItemKind.NUMBER, ItemKind.SLIDER})


@dataclass(frozen=True)
class _Asked:
    """An item with when it is asked, and the conditions under which it is."""

    item: Item
    page: int
    shown: tuple[Condition, ...]


def never_true(design: Design, condition: Condition, *, page: int, item: int) -> bool:
    """Whether no answers satisfy a condition that stands at that item of that page.

    `item` is -1 for a condition of the page itself. Answers that are typed count as unknown, but
    for numbers that are compared with numbers. False if it takes too long to tell.
    """
    return not _Search(design, condition, page, item).succeeds()


def always_true(design: Design, condition: Condition, *, page: int) -> bool:
    """Whether every answer satisfies a condition on who sends that page: nobody would go on."""
    beyond = len(design.pages[page].items)
    return not _Search(design, Not(condition), page, beyond, sent=True).succeeds()


class _Search:
    def __init__(
        self, design: Design, condition: Condition, page: int, item: int, *, sent: bool = False
    ) -> None:
        # Of the page itself the required items are answered once it is sent.
        self.design, self.answered, self.steps = design, page + sent, 0
        self.asked = {each.item.code: each for each in _asked(design)}
        own = _parsed([design.pages[page].shown_if]) if item >= 0 else ()
        self.rules = (condition, *own, *_stayed(design, page))
        self.named = self._named()
        every = (*self.rules, *(rule for name in self.named for rule in self._shown(name)))
        self.domains = [(name, _domain(design, name, every)) for name in self.named]

    def succeeds(self) -> bool:
        """Whether some values break no rule; true too if there are too many to try."""
        return self._from(0, {})

    def _named(self) -> list[str]:
        """All names that the rules rest on, directly or through others, in the order asked."""
        found: set[str] = set()
        new = {name for rule in self.rules for name in names(rule)}
        while new:
            found |= new
            rules = [rule for name in new for rule in self._shown(name)]
            new = {name for rule in rules for name in names(rule)} - found
        listed = [p.code for p in self.design.parameters if 0 < len(p.values) <= MOST_VALUES]
        order = [factor.code for factor in self.design.factors] + listed + list(self.asked)
        return [name for name in order if name in found]

    def _shown(self, name: str) -> tuple[Condition, ...]:
        return self.asked[name].shown if name in self.asked else ()

    def _from(self, place: int, values: dict[str, Value]) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return True
        if any(decide(rule, values) is False for rule in self.rules):
            return False
        if any(self._contradicts(name, values) for name in values) or not self._an_arm(values):
            return False
        if place == len(self.domains):
            return True
        name, domain = self.domains[place]
        if domain is None:  # its value stays unknown
            return self._from(place + 1, values)
        return any(self._from(place + 1, {**values, name: value}) for value in domain)

    def _contradicts(self, name: str, values: dict[str, Value]) -> bool:
        """Whether it is answered though not shown, or shown and not answered though it must be."""
        if name not in self.asked:
            return False
        asked = self.asked[name]
        shown = [decide(rule, values) for rule in asked.shown]
        if values[name] is not None:
            return False in shown
        must = asked.item.required and not asked.item.soft and asked.page < self.answered
        # A page whose time is up is taken as it is.
        must = must and not self.design.pages[asked.page].max_seconds
        # “Prefer not to say” beside a multiple choice or a number is no value either.
        spared = asked.item.kind not in ONE_CHOICE and any(o.missing for o in asked.item.options)
        return must and not spared and all(shown)

    def _an_arm(self, values: dict[str, Value]) -> bool:
        for step in self.design.randomisations:
            wanted = [values.get(factor) for factor in step.factors]
            arms = (arm.levels for arm in step.arms)
            if not any(
                all(want in (None, level) for want, level in zip(wanted, levels, strict=False))
                for levels in arms
            ):
                return False
        return True


def _asked(design: Design) -> Iterator[_Asked]:
    for index, page in enumerate(design.pages):
        for item in page.items:
            yield _Asked(item, index, _parsed([page.shown_if, item.shown_if]))


def _parsed(texts: Iterable[str]) -> tuple[Condition, ...]:
    """The conditions that can be read; those that can't have a problem of their own."""
    found = []
    for text in filter(None, texts):
        try:
            found.append(parse(text))
        except ConditionError:
            continue
    return tuple(found)


def _stayed(design: Design, page: int) -> Iterator[Condition]:
    """That nobody comes to the page who was screened out before."""
    block = design.pages[page].block
    for earlier in design.pages[:page]:
        # On a page that not everybody sees, or sees before, the rule may not have been asked.
        before = not (block and earlier.block == block)
        if earlier.screen_out_if and not earlier.shown_if and before:
            yield from (Not(rule) for rule in _parsed([earlier.screen_out_if]))


def _domain(design: Design, name: str, rules: tuple[Condition, ...]) -> tuple[Value, ...] | None:
    """Values that stand for all that a name can have; None if they can't be listed."""
    for factor in design.factors:
        if factor.code == name:
            levels = tuple(level.code for level in factor.levels)
            return levels if _shown_to_all(design, name) else (None, *levels)
    for parameter in design.parameters:
        if parameter.code == name:  # a test run comes without, required or not
            return (None, *parameter.values)
    item = design.item(name)
    if item.kind in ONE_CHOICE:
        options = offered(design, item)
        return (None, *(NoValue(o.code) if o.missing else o.code for o in options))
    texts = [text for rule in rules for code, text in comparisons(rule) if code == name]
    if _beside_names(name, rules):
        return None
    if item.kind is ItemKind.MULTIPLE:
        return _choices(item, texts)
    return _numbers(item, texts) if item.kind in _NUMERIC else None


def _shown_to_all(design: Design, factor: str) -> bool:
    index = first_showing(design, (factor,))
    parts = [step for step in design.randomisations if factor in step.factors and step.assign_if]
    return index < len(design.pages) and not (design.pages[index].shown_if or parts)


def _beside_names(name: str, rules: tuple[Condition, ...]) -> bool:
    """Whether the name is compared with another one, whose values can be anything."""
    for rule in rules:
        for leaf in leaves(rule):
            named = [part.code for part in operands(leaf) if isinstance(part, Name)]
            if name in named and len(named) > 1:
                return True
    return False


def _choices(item: Item, texts: list[str]) -> tuple[Value, ...] | None:
    """None, each exclusive option, and every set of those that matter, with one that does not."""
    alone = [o.code for o in item.options if o.exclusive and not o.missing]
    others = [o.code for o in item.options if not o.exclusive and not o.missing]
    telling = [code for code in others if code in texts]
    telling += [code for code in others if code not in texts][:1]
    if len(telling) > MOST_OPTIONS:
        return None
    sets = chain.from_iterable(combinations(telling, size + 1) for size in range(len(telling)))
    unsaid = ((NoValue(o.code),) for o in item.options if o.missing)
    return (None, *((code,) for code in alone), *unsaid, *sets)


def _numbers(item: Item, texts: list[str]) -> tuple[Value, ...]:
    """None, and a number from each stretch between the numbers that it is compared with."""
    marks = [found for text in texts if (found := number(text)) is not None]
    bounds = [number(str(each)) for each in (item.minimum, item.maximum) if each is not None]
    points = sorted({*marks, *(bound for bound in bounds if bound is not None)})
    between = [(low + high) / 2 for low, high in pairwise(points)]
    beyond = [points[0] - 1, points[-1] + 1] if points else [Decimal(0)]
    every = sorted({*points, *between, *beyond})
    fits = [
        value
        for value in sorted({near for each in every for near in _nearest(item, each)})
        if (item.minimum is None or value >= Decimal(str(item.minimum)))
        and (item.maximum is None or value <= Decimal(str(item.maximum)))
    ]
    return (None, *(f"{value:f}" for value in fits))


def _nearest(item: Item, value: Decimal) -> tuple[Decimal, Decimal]:
    """What the item can take at or just below the value, and at or just above it."""
    if item.kind is ItemKind.SLIDER:
        start, step = Decimal(str(item.minimum or 0)), Decimal(str(item.step or 1))
    else:
        start, step = Decimal(0), Decimal(1).scaleb(-item.decimals)
    if step <= 0:
        return value, value
    steps = (value - start) / step
    low, high = (steps.to_integral_value(way) for way in (ROUND_FLOOR, ROUND_CEILING))
    return start + low * step, start + high * step
