"""PURE: what the codes of options come to as numbers, where they are an order or more."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt

from experiments.design import ItemKind, Measure
from experiments.variables import Type
from responses.export.codebook.entry import Counts, Entry, Numbers

_ORDERED = (Measure.ORDINAL, Measure.INTERVAL)


def averaged(entry: Entry, counts: Counts) -> Counts:
    """The counts with least, mean, SD and greatest of codes that are numbers in an order."""
    asked = entry.asked
    if asked is None or asked.measure not in _ORDERED or asked.answered == ItemKind.MULTIPLE:
        return counts
    if entry.variable.type is not Type.INTEGER or not counts.values:
        return counts
    found = [(int(code), count) for code, count in counts.values if code and count]
    return replace(counts, numbers=_numbers(found)) if found else counts


def _numbers(found: list[tuple[int, int]]) -> Numbers:
    n = sum(count for _, count in found)
    mean = Fraction(sum(code * count for code, count in found), n)
    squares = sum(count * (code - mean) ** 2 for code, count in found)
    return Numbers(
        low=float(min(code for code, _ in found)),
        mean=float(mean),
        sd=sqrt(squares / (n - 1)) if n > 1 else None,
        high=float(max(code for code, _ in found)),
    )
