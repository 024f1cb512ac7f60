"""The ledger read again: what the seed, and the rows before, say of each row of a list."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from experiments.design import Method, Randomisation
from experiments.randomisation import Tally
from responses.ledger.drawing import Expected, dealt_rows, minimised, short_of_completes
from responses.ledger.lists import CLUSTER, ListName, draws, share
from responses.models import Allocation

# What a row says of the arm of each cluster: the cluster's list, of which the members' follow.
Clusters = dict[str, Expected]
_Rows = Iterable[Allocation]
_Replayed = Iterator[tuple[Allocation, Expected]]


def replayed(name: ListName, study_seed: bytes, rows: _Rows, clusters: Clusters) -> _Replayed:
    """Each row of a list with what it should say.

    The lists of clusters fill `clusters`, and those of their members are held against it. Raises
    KeyError or ValueError where a row tells nothing that it could have been drawn by, with words
    that say what.
    """
    step, seed = name.randomisation, name.seed(study_seed)
    if name.of_clusters:
        return _clusters(_listed(name, study_seed, rows), clusters)
    if step.cluster:
        return _members(clusters[name.stratum], rows)
    if step.method is Method.MINIMISATION:
        return _minimised(step, seed, rows)
    if step.method is Method.TOWARD_COMPLETES:
        return _short_of_completes(step, seed, rows)
    if step.method is Method.DECK:
        dealt = (row for number in count() for row in dealt_rows(step, seed, number))
        return zip(rows, dealt, strict=False)
    return _listed(name, study_seed, rows)


def _listed(name: ListName, study_seed: bytes, rows: _Rows) -> _Replayed:
    """Rows of a list: the next draw, or that of a row which was never exposed, once more."""
    ahead, free = draws(name, study_seed), dict[int, Expected]()
    arms, reuses = name.randomisation.arms, bool(name.randomisation.reuse_after_minutes)
    for position, row in enumerate(rows):
        if row.releases is None:
            draw = next(ahead)
            drawn = Expected(position, draw.block, arms[draw.arm].code, share(name, draw.arm))
        elif (released := free.pop(row.releases, None)) and reuses:
            drawn = replace(released, position=position)
        else:
            raise ValueError(f"it takes over position {row.releases}, which was not free")
        if reuses:
            free[position] = drawn
        yield row, drawn


def _clusters(listed: _Replayed, clusters: Clusters) -> _Replayed:
    for row, drawn in listed:
        if not row.covariates.startswith(CLUSTER) or row.covariates in clusters:
            raise ValueError("it names no cluster, or one that has its row already")
        clusters[row.covariates] = drawn
        yield row, drawn


def _members(cluster: Expected, rows: _Rows) -> _Replayed:
    for position, row in enumerate(rows):
        yield row, replace(cluster, position=position, block=0)


def _minimised(step: Randomisation, seed: bytes, rows: _Rows) -> _Replayed:
    tally = Tally(len(step.arms))
    for position, row in enumerate(rows):
        expected, tally = minimised(step, seed, position, row.covariates, tally)
        yield row, expected


def _short_of_completes(step: Randomisation, seed: bytes, rows: _Rows) -> _Replayed:
    before: Counter[str] = Counter()
    for position, row in enumerate(rows):
        told = dict(part.split("=", 1) for part in row.covariates.split("&"))
        if any(int(number) > before[arm] for arm, number in told.items()):
            raise ValueError("it counts more completes than there were participants")
        yield row, short_of_completes(step, seed, position, row.covariates)
        before[row.arm] += 1
