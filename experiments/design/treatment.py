"""PURE: what is varied, and how participants are assigned to it."""

from dataclasses import dataclass

from experiments.design.words import Distance, Method, Text


@dataclass(frozen=True)
class Level:
    """One value of a factor; `text` is what the factor's slot in a vignette becomes."""

    code: str
    label: Text
    text: Text


@dataclass(frozen=True)
class Factor:
    """What is varied. Its first level is the reference."""

    code: str
    label: Text
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Arm:
    """One cell of the factorial: a level for each factor of its randomisation, in their order."""

    levels: tuple[str, ...]
    weight: int = 1

    @property
    def code(self) -> str:
        """The arm's name in data: its level codes joined by a dot."""
        return ".".join(self.levels)


@dataclass(frozen=True)
class Randomisation:
    """One assignment step: which factors, by which method, in which strata, with which weights.

    `block_sizes` are for permuted blocks alone. Under complete randomisation an arm's weight is how
    many of each round of participants it gets. Minimisation keeps `covariates` (items) in balance,
    each counting by its weight (all alike without `covariate_weights`): the arm that leaves the
    least imbalance is drawn with the probability `coin`.
    """

    code: str
    factors: tuple[str, ...]
    arms: tuple[Arm, ...]
    method: Method = Method.PERMUTED_BLOCKS
    block_sizes: tuple[int, ...] = ()
    strata: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    covariate_weights: tuple[int, ...] = ()
    distance: Distance = Distance.RANGE
    coin: float = 0.8
