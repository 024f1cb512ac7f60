"""PURE: what is true of the people who rehearse a study: who they are, and what moves them.

docs/rehearsal.md says what each key does; `truth_file` reads it from YAML, `truth_problems` says
what no such people can be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Trait:
    """What lies behind the answers to a scale, a subscale or one item that is a number.

    The score, the mean of the items, has this mean and standard deviation in points among people
    who answer carefully, in the arm of every factor's first level; `reliability` is Cronbach's
    alpha of the items. `subscales` is how far what lies behind two subscales goes together, 1 if
    they are one. `loadings` weigh items against each other, 1 for those not named.
    """

    mean: float
    sd: float
    reliability: float = 0.8
    subscales: float = 1.0
    loadings: Mapping[str, float] = field(default_factory=dict)


class Style(StrEnum):
    """How somebody answers."""

    CAREFUL = "careful"  # reads everything and answers it
    READER = "reader"  # like an agent: reads everything, passes every check, fast and regular
    ACQUIESCENT = "acquiescent"  # one option nearer to agreement, whatever is asked
    STRAIGHTLINER = "straightliner"  # one place for all items of a scale
    SPEEDER = "speeder"  # answers what is asked, has not read what was told
    CARELESS = "careless"  # any option


ATTENTIVE = frozenset({Style.CAREFUL, Style.READER, Style.ACQUIESCENT})


@dataclass(frozen=True)
class Leaving:
    """Who stops: the share of those who come to a page and never send it.

    `each` is that of every page but those in `pages`; with a level of `levels`, as in
    ``reward.monetary``, it is so many times as large. `back` is the share of those who left that
    come back later.
    """

    each: float = 0.0
    pages: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    back: float = 0.0


class Pattern(StrEnum):
    """When people come."""

    EVEN = "even"  # at any time alike
    EVENINGS = "evenings"  # most in the evening, few at night; the study opens at midnight
    BURST = "burst"  # half of them in the first tenth of the time, as after an invitation


@dataclass(frozen=True)
class Arrivals:
    """Over how many hours people come, and in which pattern."""

    hours: float = 24.0
    pattern: Pattern = Pattern.EVEN


@dataclass(frozen=True)
class Clusters:
    """The clusters that links bring: how many, and how much those of one have in common.

    `icc` is the share of what lies behind answers that differs between clusters.
    """

    number: int = 20
    icc: float = 0.05


@dataclass(frozen=True)
class Truth:
    """What is true of the people. Every share is from 0 to 1, every effect in points.

    `correlations` are between what lies behind answers, by two codes as in ``psm*wtc``. `effects`
    add points to an outcome by level or levels together, ``reward.monetary*legitimacy.high``;
    `slopes` by what somebody answered, ``education.4``, around the mean of all. `shares` are those
    of an item's options, or of a parameter's values. `styles` are the shares of people; who is in
    none is careful. `attention` and `manipulation` are the shares who pass such checks among those
    who read. `between_vignettes` is how far what lies behind two judgements of one person goes
    together in a deck. `open` is the share of optional items left open, `no_answer` that of “don't
    know” and the like where shares say nothing of it. `refusing` is the share who do not consent.
    `clusters` are by the parameter that brings them.
    """

    traits: Mapping[str, Trait] = field(default_factory=dict)
    correlations: Mapping[str, float] = field(default_factory=dict)
    effects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    slopes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    styles: Mapping[Style, float] = field(default_factory=dict)
    attention: float = 0.95
    manipulation: float = 0.85
    between_vignettes: float = 0.5
    open: float = 0.15
    no_answer: float = 0.05
    refusing: float = 0.0
    leaving: Leaving = Leaving()
    languages: Mapping[str, float] = field(default_factory=dict)
    devices: Mapping[str, float] = field(default_factory=dict)
    duplicates: float = 0.0
    clusters: Mapping[str, Clusters] = field(default_factory=dict)
    arrivals: Arrivals = Arrivals()
