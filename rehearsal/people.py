"""PURE: who comes: language, device, style, time of arrival, twice or once, and with which link."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from analysis.statistics.estimate import Floats, Places
from experiments.design import Design, Parameter
from rehearsal.streams import Bools, Seed, normals, picks, uniforms
from rehearsal.truth import Pattern, Style, Truth

DEVICES: Mapping[str, float] = {"phone": 0.6, "desktop": 0.35, "tablet": 0.05}
HOUR, DAY = 3600.0, 24
# How many come in each hour of a day, against one in the busiest.
BY_HOUR = np.array([3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 6, 5, 5, 5, 5, 6, 8, 10, 10, 10, 8, 5]) / 10


class People:
    """Who comes, in the order of their arrival; each is drawn by themselves."""

    def __init__(self, design: Design, truth: Truth, n: int, seed: Seed) -> None:
        self.design, self.truth, self.n, self.seed = design, truth, n, seed

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The language of each."""
        told = {code: self.truth.languages.get(code, 0.0) for code in self.design.languages}
        return self._each(told if any(told.values()) else dict.fromkeys(told, 1.0), "language")

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """phone, tablet or desktop, for each."""
        return self._each(self.truth.devices or DEVICES, "device")

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """The style of each."""
        told = {str(style): share for style, share in self.truth.styles.items()}
        rest = max(0.0, 1 - sum(told.values()))
        careful = Style.CAREFUL.value
        return self._each(told | {careful: told.get(careful, 0.0) + rest}, "style")

    @cached_property
    def arrives(self) -> Floats:
        """When each comes: seconds (n,) since the study opened, growing."""
        drawn = uniforms(self.seed, self.n, "arrives")
        return np.sort(_arrivals(drawn, self.truth.arrivals.pattern, self.truth.arrivals.hours))

    @cached_property
    def duplicate_of(self) -> Places:
        """The place (n,) of who it is that comes again; -1 for who comes for the first time."""
        again = uniforms(self.seed, self.n, "duplicate") < self.truth.duplicates
        again[:1] = False
        before = np.floor(uniforms(self.seed, self.n, "whose") * np.arange(self.n)).astype(np.intp)
        found = np.full(self.n, -1, dtype=np.intp)
        for place in np.flatnonzero(again).tolist():
            whose = int(before[place])
            found[place] = whose if found[whose] < 0 else found[whose]
        return found

    @cached_property
    def refuses(self) -> Bools:
        """Who (n,) does not consent."""
        return uniforms(self.seed, self.n, "refuses") < self.truth.refusing

    @cached_property
    def returns(self) -> Bools:
        """Who (n,) comes back after leaving."""
        return uniforms(self.seed, self.n, "returns") < self.truth.leaving.back

    @cached_property
    def speed(self) -> Floats:
        """How many times as long as the middle one each takes (n,)."""
        return self.of_originals(np.exp(0.35 * normals(self.seed, self.n, "speed")))

    def parameters(self, person: int) -> dict[str, str]:
        """What the link of that person brings, by the parameter's code."""
        return {each.code: self._value(each, person) for each in self.design.parameters}

    def of_originals(self, drawn: Floats) -> Floats:
        """What was drawn for each (n, …), with that of the first time for who comes again."""
        return np.asarray(drawn[self.originals])

    @cached_property
    def originals(self) -> Places:
        """The place (n,) of each the first time."""
        return np.where(self.duplicate_of < 0, np.arange(self.n), self.duplicate_of)

    def values(self, parameter: Parameter) -> tuple[Sequence[str], Places]:
        """The values that links bring in a parameter, and the place (n,) of each person's."""
        if clusters := self.truth.clusters.get(parameter.code):
            codes = parameter.values or tuple(
                f"{parameter.code}{number}" for number in range(1, clusters.number + 1)
            )
            codes = codes[: clusters.number]
        else:
            codes = parameter.values
        told = self.truth.shares.get(parameter.code, {})
        shares = [told.get(code, 0.0 if told else 1.0) for code in codes]
        drawn = picks(self.seed, self.n, shares, "parameter", parameter.code)
        return codes, drawn[self.originals]

    def _value(self, parameter: Parameter, person: int) -> str:
        if parameter.identifies:
            return f"rehearsal-{'-'.join(map(str, self.seed))}-{int(self.originals[person])}"
        if not parameter.values and parameter.code not in self.truth.clusters:
            return f"rehearsal-{parameter.code}"
        codes, places = self._drawn[parameter.code]
        return codes[int(places[person])]

    @cached_property
    def _drawn(self) -> Mapping[str, tuple[Sequence[str], Places]]:
        named = [p for p in self.design.parameters if p.values or p.code in self.truth.clusters]
        return {each.code: self.values(each) for each in named}

    def _each(self, shares: Mapping[str, float], name: str) -> tuple[str, ...]:
        codes = list(shares)
        drawn = picks(self.seed, self.n, list(shares.values()), name)[self.originals]
        return tuple(codes[place] for place in drawn.tolist())


def _arrivals(drawn: Floats, pattern: Pattern, hours: float) -> Floats:
    """The times (n,) in seconds of shares (n,) of all who come."""
    if pattern is Pattern.EVENINGS:
        ends = np.append(np.arange(0, np.floor(hours)), [np.floor(hours), hours])
        weights = BY_HOUR[ends[:-1].astype(int) % DAY] * np.diff(ends)
        shares = np.append(0.0, np.cumsum(weights)) / weights.sum()
        return np.asarray(np.interp(drawn, shares, ends) * HOUR)
    # Of a share p of the time, p ** 0.301 have come: half of them in the first tenth.
    return np.asarray(
        drawn ** (1 / np.log10(2) if pattern is Pattern.BURST else 1.0) * hours * HOUR
    )
