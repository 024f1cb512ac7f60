"""PURE: what is varied, and how participants are assigned to it."""

from dataclasses import dataclass

from experiments.design.words import Distance, DrawOrder, Method, Text


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
    many of each round of participants it gets. Minimisation keeps `covariates` in balance, each
    counting by its weight (all alike without `covariate_weights`): the arm that leaves the least
    imbalance is drawn with the probability `coin`. Toward completes, the arm that is shortest of
    completes is. Strata and covariates are items, or parameters with `values`.

    All participants with one value of the parameter `cluster` get one arm. Who does not satisfy the
    condition `assign_if` gets none, and sees no page that shows one. `impossible` are conditions on
    the factors: no arm satisfies any. A deck deals `draws` of its arms to each participant, in
    `draw_order`; with a `deck_size` its arms are so many that tell the main effects best, and with
    `deck_interactions` those of two factors too. With `reuse_after_minutes` the position of who was
    never exposed, and sent nothing for so long, is given to somebody else.
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
    cluster: str = ""
    assign_if: str = ""
    impossible: tuple[str, ...] = ()
    draws: int = 1
    draw_order: DrawOrder = DrawOrder.RANDOM
    deck_size: int = 0
    deck_interactions: bool = False
    reuse_after_minutes: int = 0
