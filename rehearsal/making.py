"""PURE: answers that no trait lies behind: several options, orders, points, texts, days."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from analysis.statistics.estimate import Floats, Places
from experiments.design import Item, ItemKind
from rehearsal.column_codes import values_of
from rehearsal.crowd import Crowd
from rehearsal.streams import of_one, picks, stream, uniforms
from responses.questionnaire.made_up import made_up

# Of an option that no share is told of: how many tick it.
TICKED = 0.4
# How much alike people give out points: the larger the more.
ALIKE = 4.0


def made(crowd: Crowd, item: Item, draw: int) -> list[str]:
    """What each (n) answers, as a column says it."""
    return _MAKERS.get(item.kind, _by_chance)(crowd, item, draw)


def _by_chance(crowd: Crowd, item: Item, draw: int) -> list[str]:
    """Any number, text or day, each with some chance; texts in the language of each."""
    return [
        str(
            made_up(
                crowd.design, item, of_one(crowd.seed, "made up", item.code, draw, at), language
            )
        )
        for at, language in enumerate(crowd.people.languages)
    ]


def _several(crowd: Crowd, item: Item, draw: int) -> list[str]:
    """Each option by its own share; one that is exclusive takes the place of all others."""
    told = crowd.truth.shares.get(item.code, {})
    codes = values_of(crowd.design, item)
    alone = [o.code for o in item.options if o.exclusive and o.code in codes]
    others = [code for code in codes if code not in alone]
    ticked = np.column_stack(
        [
            uniforms(crowd.seed, crowd.n, "ticks", item.code, draw, code) < told.get(code, TICKED)
            for code in others
        ]
        or [np.zeros((crowd.n, 0), dtype=bool)]
    )
    only: Places = np.zeros(crowd.n, dtype=np.intp)
    if alone:
        shares = [told.get(code, 0.05) for code in alone]
        only = picks(
            crowd.seed, crowd.n, [max(0.0, 1 - sum(shares)), *shares], "alone", item.code, draw
        )
    fallback = picks(crowd.seed, crowd.n, [1.0] * max(len(others), 1), "one", item.code, draw)
    return [
        json.dumps(_chosen(row, exclusive, one, others, alone))
        for row, exclusive, one in zip(ticked, only.tolist(), fallback.tolist(), strict=True)
    ]


def _chosen(
    row: Floats, exclusive: int, one: int, others: Sequence[str], alone: Sequence[str]
) -> list[str]:
    if exclusive:
        return [alone[exclusive - 1]]
    chosen = [code for code, ticks in zip(others, row.tolist(), strict=True) if ticks]
    return chosen or list(others[one : one + 1]) or list(alone[:1])


def _ranked(crowd: Crowd, item: Item, draw: int) -> list[str]:
    """An order in which the share of an option is its chance to be first, then next, and so on.

    Plackett and Luce's model, by the times of exponential clocks.
    """
    codes, shares = _weighted(crowd, item)
    clocks = stream(crowd.seed, "ranks", item.code, draw).standard_exponential(
        (crowd.n, len(codes))
    )
    order = np.argsort(clocks / np.maximum(shares, 1e-9), axis=1)
    return [json.dumps([codes[at] for at in row]) for row in order.tolist()]


def _given_out(crowd: Crowd, item: Item, draw: int) -> list[str]:
    """Points around the shares of the options, whole ones."""
    codes, shares = _weighted(crowd, item)
    drawn = stream(crowd.seed, "points", item.code, draw).standard_gamma(
        np.maximum(shares, 1e-9) * ALIKE * len(codes), size=(crowd.n, len(codes))
    )
    parts = drawn / np.maximum(drawn.sum(axis=1, keepdims=True), 1e-300) * item.total
    return [json.dumps(dict(zip(codes, _whole(row, item.total), strict=True))) for row in parts]


def _whole(parts: Floats, total: int) -> Iterator[int]:
    """Whole points that add up to all: those cut off most get one more."""
    down = np.floor(parts)
    lacking = int(total - down.sum())
    down[np.argsort(down - parts, kind="stable")[:lacking]] += 1
    return map(int, down.tolist())


def _weighted(crowd: Crowd, item: Item) -> tuple[tuple[str, ...], Floats]:
    codes, told = values_of(crowd.design, item), crowd.truth.shares.get(item.code, {})
    shares = np.array([told.get(code, 0.0 if told else 1.0) for code in codes])
    return codes, shares / shares.sum()


_MAKERS: Mapping[ItemKind, Callable[[Crowd, Item, int], list[str]]] = {
    ItemKind.MULTIPLE: _several,
    ItemKind.RANKING: _ranked,
    ItemKind.ALLOCATION: _given_out,
}
