"""PURE: one answer to one item, valid and made up by chance: what a bot would say."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random

from experiments.answers import Answer, as_missing
from experiments.design import Design, Item, ItemKind
from responses.questionnaire.numbers import as_stored
from responses.questionnaire.reading import values

# Of a number or a day with one bound or none: how far from the other end it may be.
RANGE, DAYS = 100, 3650
LATEST = "2020-12-31"
# What a bot says in its own words, by language; it is cut where an item takes less.
SAYINGS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "I have no strong opinion.",
        "It depends on the people who take part.",
        "I would like to know more about it first.",
        "It would be good for the neighbourhood.",
    ),
    "ko": (
        "특별한 의견은 없습니다.",
        "함께하는 사람들에 따라 다릅니다.",
        "먼저 더 알아보고 싶습니다.",
        "동네에 도움이 될 것 같습니다.",
    ),
}

_Made = Callable[[Design, Item, Random, str], Answer]


def made_up(design: Design, item: Item, random: Random, language: str) -> Answer:
    """A value of the item, each that it can have by some chance; None for a statement."""
    return _MAKERS[item.kind](design, item, random, language)


def no_answers(design: Design, item: Item) -> tuple[Answer, ...]:
    """What the item takes for a reason to give no answer, such as “don’t know”."""
    return tuple(as_missing(each.missing) for each in design.options(item) if each.missing)


def _choice(design: Design, item: Item, random: Random, language: str) -> Answer:
    codes = [option.code for option in design.options(item) if not option.missing]
    return random.choice(codes) if codes else random.choice(no_answers(design, item) or (None,))


def _multiple(design: Design, item: Item, random: Random, language: str) -> Answer:
    own = values(item)
    alone = [option.code for option in own if option.exclusive]
    others = [option.code for option in own if not option.exclusive]
    if not others or random.random() < len(alone) / (1 + len(own)):
        return [random.choice(alone)] if alone else random.choice(no_answers(design, item))
    chosen = set(random.sample(others, random.randint(1, len(others))))
    return [code for code in others if code in chosen]


def _text(design: Design, item: Item, random: Random, language: str) -> Answer:
    said = random.choice(SAYINGS.get(language.partition("-")[0], SAYINGS["en"]))
    return said[: item.max_length].strip()


def _number(design: Design, item: Item, random: Random, language: str) -> Answer:
    grain = Decimal(1).scaleb(-item.decimals)
    low, high = _bounds(item)
    first = (low / grain).to_integral_value(ROUND_CEILING)
    last = (high / grain).to_integral_value(ROUND_FLOOR)
    return _plain(random.randint(int(first), int(max(first, last))) * grain)


def _slider(design: Design, item: Item, random: Random, language: str) -> Answer:
    step, (low, high) = as_stored(item.step or 1), _bounds(item)
    return _plain(low + random.randint(0, int((high - low) / step)) * step)


def _bounds(item: Item) -> tuple[Decimal, Decimal]:
    if item.minimum is not None:
        low = as_stored(item.minimum)
        return low, as_stored(item.maximum) if item.maximum is not None else low + RANGE
    high = as_stored(item.maximum) if item.maximum is not None else Decimal(RANGE)
    return high - RANGE, high


def _plain(number: Decimal) -> str:
    return f"{(number + 0).normalize():f}"


def _date(design: Design, item: Item, random: Random, language: str) -> Answer:
    if item.earliest:
        first = date.fromisoformat(item.earliest)
        last = date.fromisoformat(item.latest) if item.latest else first + timedelta(DAYS)
    else:
        last = date.fromisoformat(item.latest or LATEST)
        first = last - timedelta(DAYS)
    return (first + timedelta(random.randint(0, (last - first).days))).isoformat()


def _ranking(design: Design, item: Item, random: Random, language: str) -> Answer:
    codes = [option.code for option in values(item)]
    return random.sample(codes, len(codes))


def _allocation(design: Design, item: Item, random: Random, language: str) -> Answer:
    """Every way to give out the points is equally likely: bars among the points."""
    codes = [option.code for option in values(item)]
    bars = sorted(random.sample(range(item.total + len(codes) - 1), len(codes) - 1))
    edges = [-1, *bars, item.total + len(codes) - 1]
    return {
        code: after - before - 1
        for code, before, after in zip(codes, edges[:-1], edges[1:], strict=True)
    }


def _nothing(design: Design, item: Item, random: Random, language: str) -> Answer:
    return None


_MAKERS: Mapping[ItemKind, _Made] = {
    ItemKind.LIKERT: _choice,
    ItemKind.SEMANTIC_DIFFERENTIAL: _choice,
    ItemKind.SINGLE: _choice,
    ItemKind.DROPDOWN: _choice,
    ItemKind.MULTIPLE: _multiple,
    ItemKind.SHORT_TEXT: _text,
    ItemKind.TEXT: _text,
    ItemKind.NUMBER: _number,
    ItemKind.SLIDER: _slider,
    ItemKind.DATE: _date,
    ItemKind.RANKING: _ranking,
    ItemKind.ALLOCATION: _allocation,
    ItemKind.STATEMENT: _nothing,
}
