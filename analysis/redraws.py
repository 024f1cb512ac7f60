"""PURE: lists drawn again by their own procedure, for randomisation inference.

The procedure is that of `experiments.randomisation`, under seeds that have nothing to do with the
study's. `minimised_redraws` is for a method that looks back.
"""

import hmac
from collections.abc import Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from analysis.statistics.counts import Ints
from analysis.statistics.randomisation_inference import Draw
from experiments.design import Method
from experiments.randomisation import list_draws


def list_redraws(
    method: Method,
    weights: Sequence[int],
    *,
    sizes: Sequence[int] = (),
    strata: Sequence[str] | npt.NDArray[np.str_],
    positions: Sequence[int] | Ints,
    seed: bytes,
) -> Draw:
    """The draw that gives each row the arm at its position in its stratum's list, drawn anew.

    Simple, complete and permuted-block lists; `sizes` are those of the blocks. Redraw number r of
    a stratum's list has the seed HMAC-SHA256(seed, r | stratum). ValueError if the method has no
    list.
    """
    rows = np.asarray(positions, dtype=np.int64)
    names = np.asarray(strata, dtype=np.str_)
    members = {str(name): np.flatnonzero(names == name) for name in np.unique(names)}
    longest = {name: int(rows[at].max()) + 1 for name, at in members.items()}
    list_draws(method, seed, weights, sizes)  # says at once that a method has no list

    def draw(number: int) -> Ints:
        arms = np.empty(len(rows), np.int64)
        for name, at in members.items():
            draws = list_draws(method, _seed(seed, number, name), weights, sizes)
            listed = np.array([each.arm for each in islice(draws, longest[name])], np.int64)
            arms[at] = listed[rows[at]]
        return arms

    return draw


def of_rows(draw: Draw, rows: Sequence[int] | Ints) -> Draw:
    """The draw of these rows alone, of all that were allocated: those who are analysed."""
    kept = np.asarray(rows, dtype=np.int64)

    def taken(number: int) -> Ints:
        return draw(number)[kept]

    return taken


def _seed(seed: bytes, number: int, stratum: str) -> bytes:
    return hmac.digest(seed, f"{number}|{stratum}".encode(), "sha256")
