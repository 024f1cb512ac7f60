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


def assigned(step: Randomisation, answers: Mapping[str, Column], seed: bytes, n: int) -> Column:
    """The arm of each of n newcomers with these answers, in a study whose seed is this."""
    codes = tuple(arm.code for arm in step.arms)
    if step.method is Method.MINIMISATION:
        drawn = np.fromiter(_minimised(step, answers, seed, n), dtype=np.uint16, count=n)
        return Column(codes, drawn)
    found = np.empty(n, dtype=np.uint16)
    weights = [arm.weight for arm in step.arms]
    for name, here in _strata(step, answers, n):
        own = list_seed(seed, version=1, randomisation=step.code, mode="live", stratum=name)
        draws = list_draws(step.method, own, weights, step.block_sizes)
        found[here] = [draw.arm for draw in islice(draws, len(here))]
    return Column(codes, found)


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
