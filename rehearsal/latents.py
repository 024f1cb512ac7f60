"""PURE: what lies behind the answers of each person: standard normals that go together."""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from analysis.statistics.estimate import Floats, Places
from experiments.design import Design
from rehearsal.people import People
from rehearsal.streams import Seed, normals
from rehearsal.truth import Truth


def correlated_codes(truth: Truth) -> tuple[str, ...]:
    """What the correlations name, each once."""
    named = (code for pair in truth.correlations for code in pair.split("*"))
    return tuple(dict.fromkeys(named))


def correlation_matrix(truth: Truth) -> Floats:
    """The correlations (k, k) of what `correlated_codes` names."""
    codes = correlated_codes(truth)
    found = np.eye(len(codes))
    for pair, value in truth.correlations.items():
        one, other = (codes.index(code) for code in pair.split("*"))
        found[one, other] = found[other, one] = value
    return found


class Latents:
    """What lies behind a code, for each of the people (n,)."""

    def __init__(self, design: Design, truth: Truth, people: People, seed: Seed) -> None:
        self.design, self.truth, self.people, self.seed = design, truth, people, seed
        self._kept: dict[tuple[str, int], Floats] = {}

    def of(self, code: str, draw: int = 0) -> Floats:
        """Behind that code; in judgements of a deck's vignettes partly anew at each draw."""
        if (code, draw) not in self._kept:
            self._kept[code, draw] = self._of(code, draw)
        return self._kept[code, draw]

    def part(self, code: str, part: int, draw: int = 0) -> Floats:
        """What is a subscale's own."""
        drawn = normals(self.seed, self.people.n, "part", code, part)
        own = self.people.of_originals(drawn)
        if not draw:
            return own
        anew = normals(self.seed, self.people.n, "part", code, part, draw)
        return _mixed(self.truth.between_vignettes, own, anew)

    def _of(self, code: str, draw: int) -> Floats:
        if not draw:
            return self._combined(code, self._person)
        anew = self._combined(code, lambda each: self._drawn(each, draw))
        return _mixed(self.truth.between_vignettes, self.of(code), anew)

    def _combined(self, code: str, source: Callable[[str], Floats]) -> Floats:
        if code not in self._roots:
            return source(code)
        parts = [weight * source(each) for each, weight in self._roots[code].items()]
        return np.asarray(sum(parts))

    def _drawn(self, code: str, draw: int = 0) -> Floats:
        return normals(self.seed, self.people.n, "behind", code, draw)

    def _person(self, code: str) -> Floats:
        own = self.people.of_originals(self._drawn(code))
        rest = max(0.0, 1 - sum(icc for _name, _number, icc, _places in self._clusters))
        found = np.sqrt(rest) * own
        for name, number, icc, places in self._clusters:
            found += np.sqrt(icc) * normals(self.seed, number, "cluster", name, code)[places]
        return np.asarray(found)

    @cached_property
    def _clusters(self) -> list[tuple[str, int, float, Places]]:
        found = []
        for parameter in self.design.parameters:
            if clusters := self.truth.clusters.get(parameter.code):
                codes, places = self.people.values(parameter)
                found.append((parameter.code, len(codes), clusters.icc, places))
        return found

    @cached_property
    def _roots(self) -> Mapping[str, Mapping[str, float]]:
        """Of what independent parts each correlated code is made, and how much of each."""
        codes = correlated_codes(self.truth)
        if not codes:
            return {}
        values, vectors = np.linalg.eigh(correlation_matrix(self.truth))
        root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        return {
            code: dict(zip(codes, row, strict=True))
            for code, row in zip(codes, root.tolist(), strict=True)
        }


def _mixed(share: float, kept: Floats, anew: Floats) -> Floats:
    return np.asarray(np.sqrt(share) * kept + np.sqrt(1 - share) * anew)
