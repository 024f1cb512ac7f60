"""PURE: what everybody answers to one item, as a column: by traits, shares, checks and styles."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.power.assumptions import item_values
from analysis.power.columns import Column
from analysis.statistics.estimate import Floats, Places
from experiments.answers import UNTOUCHED
from experiments.design import ON_A_SCALE, ONE_CHOICE, Item, ItemKind, Role
from rehearsal.column_codes import (
    LEFT_OPEN,
    MISSING_PREFIX,
    as_column,
    column_of,
    no_values_of,
    values_of,
)
from rehearsal.crowd import (
    Crowd,
    missing_share,
    names_of,
    option_shares,
    points_of,
    slope_points,
)
from rehearsal.making import made
from rehearsal.measures import Measured, trait_of
from rehearsal.streams import normals, picks, uniforms
from rehearsal.truth import Style

Levels = Mapping[str, str]
# Of three options or two, one nearer to agreement would be nearly all.
LEAST_TO_ACQUIESCE = 4


def answered(crowd: Crowd, item: Item, levels: Levels, draw: int = 0, attempt: int = 0) -> Column:
    """What each answers to the item at that draw, shown these levels; a check at that attempt."""
    if item.expected:
        return _checked(crowd, item, draw, attempt)
    if item.role is Role.MANIPULATION_CHECK:
        return _recalled(crowd, item, levels, draw)
    if trait_of(crowd.truth, item):
        given = _scored(crowd, item, levels, draw)
    elif item.kind in ONE_CHOICE:
        given = _shared(crowd, item, levels, draw)
    else:
        given = column_of(made(crowd, item, draw))
    return _left(crowd, item, given, draw)


def _checked(crowd: Crowd, item: Item, draw: int, attempt: int) -> Column:
    """The option that is expected, from who reads and does not slip; any other from who does."""
    codes = values_of(crowd.design, item)
    right = codes.index(item.expected)
    names = (item.code, draw, attempt)
    wrong = _among(crowd, [at for at in range(len(codes)) if at != right] or [right], *names)
    slips = uniforms(crowd.seed, crowd.n, "slips", *names) >= crowd.truth.attention
    places = np.where(slips & ~crowd.styles[Style.READER], wrong, right)
    return Column(codes, _by_style(crowd, item, places, len(codes), draw, attempt))


def _recalled(crowd: Crowd, item: Item, levels: Levels, draw: int) -> Column:
    """The level that was shown, from who reads and remembers; any other option from who does."""
    codes = (*values_of(crowd.design, item), *no_values_of(crowd.design, item))
    shown = levels.get(item.checks_factor, "")
    right = codes.index(shown) if shown in codes else -1
    wrong = _among(
        crowd, [at for at in range(len(codes)) if at != right] or [right], item.code, draw
    )
    forgets = uniforms(crowd.seed, crowd.n, "slips", item.code, draw) >= crowd.truth.manipulation
    knows = crowd.reads & (~forgets | crowd.styles[Style.READER])
    by_chance = _among(crowd, range(len(codes)), "by chance", item.code, draw)
    other = np.where(crowd.reads, wrong, by_chance)
    return Column(codes, np.where(knows & (right >= 0), right, other).astype(np.uint16))


def _among(crowd: Crowd, places: Sequence[int], *names: object) -> Places:
    drawn = picks(crowd.seed, crowd.n, [1.0] * len(places), "among", *names)
    return np.asarray(places)[drawn]


def _scored(crowd: Crowd, item: Item, levels: Levels, draw: int) -> Column:
    """Answers by what lies behind them, as far as levels and slopes move it."""
    trait = trait_of(crowd.truth, item)
    measured = crowd.measured(trait)
    place = measured.items.index(item.code)
    behind = crowd.latents.of(trait, draw)
    if measured.together < 1:
        own = crowd.latents.part(trait, measured.parts[place], draw)
        behind = np.sqrt(measured.together) * behind + np.sqrt(1 - measured.together) * own
    unshared = normals(crowd.seed, crowd.n, "own", item.code, draw)
    drawn = measured.drawn(place, behind, unshared, _location(crowd, item, measured, levels))
    values = item_values(crowd.design, item)
    if not values:
        return _numbers(item, drawn)
    given = values[0] + values[-1] - drawn if item.reverse else drawn
    codes = tuple(sorted(values_of(crowd.design, item), key=float))
    places = np.searchsorted(np.asarray(values), given)
    return Column(codes, _by_style(crowd, item, places, len(codes), draw))


def _location(crowd: Crowd, item: Item, measured: Measured, levels: Levels) -> Floats:
    """Where the item stands for each (n,): levels move who reads, slopes everybody."""
    added, at = _slopes(crowd, item)
    points = points_of(crowd.truth, item, levels)
    moved = np.array([measured.location(round(points + each, 9)) for each in added])
    still = np.array([measured.location(each) for each in added])
    return np.where(crowd.reads, moved[at], still[at])


def _slopes(crowd: Crowd, item: Item) -> tuple[list[float], Places]:
    """The different points that people's own answers add to that to the item, and whose (n,)."""
    names = names_of(item)
    if names not in crowd.sloped:
        found = np.zeros(crowd.n)
        for name in names:
            for code, points in slope_points(crowd.design, crowd.truth, name).items():
                given = answered(crowd, crowd.design.item(code), {})
                found += np.array([points.get(each, 0.0) for each in given.codes])[given.places]
        distinct, at = np.unique(np.round(found, 9), return_inverse=True)
        crowd.sloped[names] = distinct.tolist(), at
    return crowd.sloped[names]


def _numbers(item: Item, drawn: Floats) -> Column:
    step = item.step if item.kind is ItemKind.SLIDER else None
    if step:
        low, high = item.minimum or 0.0, item.maximum or 0.0
        steps = np.clip(np.round((drawn - low) / step), 0, np.floor((high - low) / step + 1e-9))
        drawn = low + steps * step
    numbers, places = np.unique(drawn, return_inverse=True)
    said = tuple(_plain(each, item.decimals, step) for each in numbers.tolist())
    return as_column(said, places)


def _plain(number: float, decimals: int, step: float | None) -> str:
    """As it is stored: without needless zeros."""
    told = f"{number:.10f}" if step else f"{number:.{decimals}f}"
    plain = told.rstrip("0").rstrip(".") if "." in told else told
    return "0" if plain == "-0" else plain


def _shared(crowd: Crowd, item: Item, levels: Levels, draw: int) -> Column:
    """Options by their shares; effects move the share of the second of two."""
    shares = option_shares(crowd.design, crowd.truth, item)
    if not shares:
        codes = no_values_of(crowd.design, item)
        return Column(codes, _among(crowd, range(len(codes)), item.code, draw).astype(np.uint16))
    behind = crowd.latents.of(item.code, draw)
    if len(shares) == 2:
        added, at = _slopes(crowd, item)
        moved = np.where(crowd.reads, points_of(crowd.truth, item, levels), 0.0)
        second = list(shares.values())[1] + moved + np.array(added)[at]
        places = (behind > -special.ndtri(np.clip(second, 0.0, 1.0))).astype(np.intp)
    else:
        edges = np.minimum(np.cumsum(list(shares.values())), 1.0)[:-1]
        places = np.searchsorted(special.ndtri(edges), behind)
    return Column(tuple(shares), _by_style(crowd, item, places, len(shares), draw))


def _by_style(
    crowd: Crowd, item: Item, places: Places, options: int, draw: int, attempt: int = 0
) -> npt.NDArray[np.uint16]:
    """The places (n,) of answers that people of each style give, of so many growing options."""
    scale, check = item.kind in ON_A_SCALE, bool(item.expected)
    if item.kind is ItemKind.LIKERT and options >= LEAST_TO_ACQUIESCE:
        agreeing = np.minimum(places + 1, options - 1)
        places = np.where(crowd.styles[Style.ACQUIESCENT], agreeing, places)
    if scale or check:
        any_place = _among(crowd, range(options), "by chance", item.code, draw, attempt)
        hasty = crowd.styles[Style.CARELESS] | (check & crowd.styles[Style.SPEEDER])
        places = np.where(hasty, any_place, places)
        line = uniforms(crowd.seed, crowd.n, "line", crowd.line_of[item.code], draw)
        same = np.minimum(np.floor(line * options), options - 1)
        places = np.where(crowd.styles[Style.STRAIGHTLINER], same, places)
    return np.asarray(places).astype(np.uint16)


def _left(crowd: Crowd, item: Item, given: Column, draw: int) -> Column:
    """The answers but for those of who leaves the item open, or says that they have none."""
    silent = no_values_of(crowd.design, item)
    told = [crowd.truth.shares.get(item.code, {}).get(code, 0.0) for code in silent]
    shares = told if any(told) else [1.0] * len(silent)
    share = missing_share(crowd.design, crowd.truth, item)
    codes, places = list(given.codes), given.places.astype(np.intp)
    if silent and share:
        which = picks(crowd.seed, crowd.n, shares, "which none", item.code, draw) + len(codes)
        says_none = uniforms(crowd.seed, crowd.n, "no answer", item.code, draw) < share
        places = np.where(says_none, which, places)
        codes += silent
    if not item.required and crowd.truth.open:
        skips = uniforms(crowd.seed, crowd.n, "open", item.code, draw) < crowd.truth.open
        places = np.where(skips, len(codes), places)
        codes.append(f"{MISSING_PREFIX}{UNTOUCHED}" if item.kind is ItemKind.SLIDER else LEFT_OPEN)
    return as_column(codes, places)
