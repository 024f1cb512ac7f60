"""PURE: what is wrong with effects and slopes: of nothing, by nothing, or beyond all answers."""

from collections.abc import Iterator
from itertools import product

from analysis.power.instrument import UnreachableError
from experiments.checks import Problem
from experiments.checks.order import first_showing, page_of
from experiments.design import ONE_CHOICE, Design, Item, Missing
from experiments.said import said
from rehearsal.crowd import names_of, option_shares, parsed, points_of, slope_points, slope_variance
from rehearsal.measures import measured, trait_of
from rehearsal.share_problems import one_of
from rehearsal.trait_problems import unreachable
from rehearsal.truth import Truth


def moving_problems(design: Design, truth: Truth, *, sound: bool) -> Iterator[Problem]:
    """What is wrong with effects and slopes; with all else `sound`, whether answers can be so."""
    outcomes = _outcomes(design, truth)
    found: list[Problem] = []
    for kind, moved in (("effects", truth.effects), ("slopes", truth.slopes)):
        for outcome in moved:
            if outcome not in outcomes:
                message = said(
                    "Nothing can move {outcome}: it has no trait, nor just two options.",
                    outcome=outcome,
                )
                found.append(Problem(f"{kind}.{outcome}", message, one_of(outcome, [*outcomes])))
    for outcome, effects in truth.effects.items():
        for key in effects:
            path = f"effects.{outcome}.{key}"
            found += level_problems(design, path, key)
            found += _too_early(design, outcomes.get(outcome, ()), path, key)
    for outcome, slopes in truth.slopes.items():
        for key in slopes:
            path = f"slopes.{outcome}.{key}"
            found += _slope(design, truth, path, key, outcomes.get(outcome, ()))
    yield from found
    if sound and not found:
        yield from _beyond(design, truth)


def _outcomes(design: Design, truth: Truth) -> dict[str, tuple[Item, ...]]:
    """What can be moved, and the items that are."""
    found: dict[str, tuple[Item, ...]] = {}
    for item in design.items():
        if item.expected or item.checks_factor:
            continue
        options = [o for o in design.options(item) if o.missing is Missing.NONE]
        if trait_of(truth, item) or (item.kind in ONE_CHOICE and len(options) == 2):
            for name in names_of(item):
                found[name] = (*found.get(name, ()), item)
    return found


def level_problems(design: Design, path: str, key: str) -> Iterator[Problem]:
    """What is wrong with a key that names levels, such as ``reward.monetary*say.high``."""
    try:
        levels = parsed(key)
    except ValueError:
        message = said("{key} names no level.", key=key)
        yield Problem(path, message, said("Write `factor.level`, or several joined by `*`."))
        return
    factors = {factor.code: [each.code for each in factor.levels] for factor in design.factors}
    for factor, level in levels.items():
        if factor not in factors:
            message = said("No factor is called {factor}.", factor=factor)
            yield Problem(path, message, one_of(factor, [*factors]))
        elif level not in factors[factor]:
            message = said("{factor} has no level {level}.", factor=factor, level=level)
            yield Problem(path, message, one_of(level, factors[factor]))


def _too_early(design: Design, items: tuple[Item, ...], path: str, key: str) -> Iterator[Problem]:
    """A problem if all the items are asked before anybody is shown the level."""
    factors = tuple(part.partition(".")[0] for part in key.split("*"))
    known = {factor.code for factor in design.factors}
    if not items or not known.issuperset(factors):
        return
    shown = max(first_showing(design, (factor,)) for factor in factors)
    if all(page_of(design, item) < shown for item in items):
        message = said("It is asked before anybody knows {key}.", key=key)
        yield Problem(path, message, said("Take the effect out."))


def _slope(
    design: Design, truth: Truth, path: str, key: str, moved: tuple[Item, ...]
) -> Iterator[Problem]:
    code, _dot, option = key.partition(".")
    items = {
        item.code: item
        for item in design.items()
        if item.kind in ONE_CHOICE
        and not (item.expected or item.checks_factor or trait_of(truth, item))
        and item not in moved
    }
    if code not in items:
        message = said(
            "No item without a trait, of which one option is chosen, is {code}.", code=code
        )
        remedy = one_of(code, [*items])
        if code in truth.traits:
            remedy = said("Traits go together by `correlations`.")
        yield Problem(path, message, remedy)
        return
    options = [o.code for o in design.options(items[code]) if o.missing is Missing.NONE]
    if option not in options:
        message = said("{item} has no answer {option}.", item=code, option=option)
        yield Problem(path, message, one_of(option, options))


def _beyond(design: Design, truth: Truth) -> Iterator[Problem]:
    """Problems of items that no answer is left to by what moves them."""
    for item in design.items():
        low, high = _reach(design, truth, item)
        trait = trait_of(truth, item)
        if trait:
            yield from _unreached(design, truth, trait, item, (low, high))
        elif low or high:
            shares = list(option_shares(design, truth, item).values())
            if not 0 <= shares[1] + low <= shares[1] + high <= 1:
                name = _moved_by(truth, item)
                message = said(
                    "The share of the second option of {item} leaves 0 to 1.", item=item.code
                )
                yield Problem(name, message, said("Write smaller effects: they are shares here."))


def _reach(design: Design, truth: Truth, item: Item) -> tuple[float, float]:
    """The fewest and the most points that anybody's answer to the item is moved by."""
    steps = [
        {
            points_of(truth, item, dict(zip(step.factors, arm.levels, strict=True)))
            for arm in step.arms
        }
        for step in design.randomisations
    ]
    arms = steps[0] if len(steps) == 1 else _together(design, truth, item)
    low, high = min(arms), max(arms)
    for name in names_of(item):
        for points in slope_points(design, truth, name).values():
            low, high = low + min(0.0, *points.values()), high + max(0.0, *points.values())
    return low, high


def _together(design: Design, truth: Truth, item: Item) -> set[float]:
    """The points of every combination of the arms of several randomisations."""
    named = {
        factor
        for name in names_of(item)
        for key in truth.effects.get(name, {})
        for factor in parsed(key)
    }
    ways = [[(f.code, level.code) for level in f.levels] for f in design.factors if f.code in named]
    return {points_of(truth, item, dict(levels)) for levels in product(*ways)}


def _unreached(
    design: Design, truth: Truth, trait: str, item: Item, ends: tuple[float, float]
) -> Iterator[Problem]:
    path = _moved_by(truth, item)
    if not path or item is not next(i for i in design.items() if trait_of(truth, i) == trait):
        return
    try:
        found = measured(design, truth, trait, slope_variance(design, truth, trait))
        for points in ends:
            found.location(points)
    except UnreachableError as error:
        yield unreachable(path, trait, error.lacking)


def _moved_by(truth: Truth, item: Item) -> str:
    """The path of what moves an item; empty if nothing does."""
    for kind, moved in (("effects", truth.effects), ("slopes", truth.slopes)):
        for name in names_of(item):
            if moved.get(name):
                return f"{kind}.{name}"
    return ""
