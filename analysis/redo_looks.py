"""PURE: what a script needs to know of the looks up to the one that it redoes."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.results import Results


@dataclass(frozen=True)
class Seen:
    """One of the looks up to this one: its fraction, and the columns it adjusted for.

    `size` is the sample size that was planned when it ran, `untested` are the contrasts for which
    it had no p.
    """

    number: int
    fraction: float
    size: int
    columns: tuple[str, ...]
    untested: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spent:
    """A look that was run: its number, the sample size planned then, and what it found."""

    number: int
    size: int
    results: Results


def looks_of(looks: Sequence[Spent]) -> tuple[Seen, ...]:
    """The looks that count, the one to redo last: each with the information it counts as.

    That is told by the bounds of the last, for one of as many rows as the one before counts as
    more. Looks without bounds have none.
    """
    fractions = [bound.fraction for bound in looks[-1].results.bounds] or [1.0] * len(looks)
    return tuple(
        Seen(
            each.number,
            fraction,
            each.size,
            each.results.adjustment.columns,
            _untested(each.results),
        )
        for each, fraction in zip(looks, fractions, strict=True)
    )


def still_open(results: Results) -> tuple[str, ...]:
    """The primary contrasts that no look has decided, while others are to come."""
    hypotheses = results.decision.hypotheses if results.decision else ()
    return tuple(each.contrast for each in hypotheses if each.conditional_power is not None)


def _untested(results: Results) -> tuple[str, ...]:
    return tuple(
        contrast.code
        for contrast in results.contrasts
        # A look of an earlier version of Coprod has no `p`, and had a test of every contrast.
        if contrast.p is not None and contrast.p.value is None
    )
