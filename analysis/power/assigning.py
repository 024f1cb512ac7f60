"""PURE: the arms of newcomers, by the lists and coins that a study would draw."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from analysis.power.columns import Column, Places
from experiments.design import Method, Randomisation
from experiments.randomisation import (
    Tally,
    list_draws,
    list_seed,
    next_draw,
    stratum_name,
)
from responses.ledger.drawing import dealt_rows


def assigned(step: Randomisation, answers: Mapping[str, Column], seed: bytes, n: int) -> Column:
    """The arm of each of n newcomers with these answers, in a study whose seed is this.

    Of a deck it is the arm of each of their draws: n · draws, a newcomer's one after the other.
    """
    codes = tuple(arm.code for arm in step.arms)
    if step.method is Method.DECK:
        own = _seed(step, seed, stratum_name((), {}))
        place = {code: at for at, code in enumerate(codes)}
        dealt = [place[row.arm] for at in range(n) for row in dealt_rows(step, own, at)]
        return Column(codes, np.array(dealt, dtype=np.uint16))
    if step.cluster:
        return _of_clusters(step, answers[step.cluster], seed)
    if step.method is Method.MINIMISATION:
        drawn = np.fromiter(_minimised(step, answers, seed, n), dtype=np.uint16, count=n)
        return Column(codes, drawn)
    found = np.empty(n, dtype=np.uint16)
    for name, here in _strata(step, answers, n):
        found[here] = _listed(step, _seed(step, seed, name), len(here))
    return Column(codes, found)


def _of_clusters(step: Randomisation, cluster: Column, seed: bytes) -> Column:
    """The arms of members: a cluster has the next one when the first of it comes."""
    _names, first, of = np.unique(cluster.places, return_index=True, return_inverse=True)
    come = np.argsort(np.argsort(first))
    arms = np.array(_listed(step, _seed(step, seed, stratum_name((), {})), len(first)))
    return Column(tuple(arm.code for arm in step.arms), arms[come][of].astype(np.uint16))


def _listed(step: Randomisation, seed: bytes, n: int) -> list[int]:
    """The first n arms of a list."""
    weights = [arm.weight for arm in step.arms]
    draws = list_draws(step.method, seed, weights, step.block_sizes)
    return [draw.arm for draw in islice(draws, n)]


def _seed(step: Randomisation, seed: bytes, stratum: str) -> bytes:
    return list_seed(seed, version=1, randomisation=step.code, mode="live", stratum=stratum)


def _strata(
    step: Randomisation, answers: Mapping[str, Column], n: int
) -> Iterator[tuple[str, Places]]:
    """The name of each stratum that somebody is in, and the places of those who are."""
    columns = [answers[code] for code in step.strata]
    if not columns:
        yield stratum_name((), {}), np.arange(n)
        return
    rows = np.column_stack([column.places for column in columns])
    kinds, stratum = np.unique(rows, axis=0, return_inverse=True)
    for place, kind in enumerate(kinds.tolist()):
        given = {
            code: column.codes[at]
            for code, column, at in zip(step.strata, columns, kind, strict=True)
        }
        yield stratum_name(step.strata, given), np.flatnonzero(stratum.reshape(-1) == place)


def _minimised(
    step: Randomisation, answers: Mapping[str, Column], seed: bytes, n: int
) -> Iterator[int]:
    own = hashlib.sha256(seed + step.code.encode()).digest()
    tally = Tally(len(step.arms))
    columns = {code: answers[code].tolist() for code in step.covariates}
    for place in range(n):
        profile = {code: column[place] for code, column in columns.items()}
        arm, _chance = next_draw(step, own, place, tally, profile)
        tally = tally.with_(profile, arm)
        yield arm
