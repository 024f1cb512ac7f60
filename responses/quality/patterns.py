"""PURE: rules on the pattern of a scale's answers: one line, no variance, contradiction."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, pstdev

from experiments.design import Missing, Scale
from responses.quality.record import Record

# A shorter scale is often answered in one line by people who mean it.
LEAST_IN_LINE = 5
LEAST_FOR_VARIANCE = 4
LEAST_FOR_CONFLICT = 3
LOW_VARIANCE = 0.3
# Of the scale's range: as far apart as “agree” and “disagree” to the same thing.
APART = 0.5


@dataclass(frozen=True)
class _Line:
    """The answers to one scale as places of its options, from 0, and which items are reversed."""

    places: tuple[int, ...]
    reversed: tuple[bool, ...]
    most: int

    @property
    def both_ways(self) -> bool:
        return any(self.reversed) and not all(self.reversed)


def long_string(record: Record) -> int | None:
    """How many scales got the same option for every item, of those with 5 answers or more.

    The long string of Johnson (2005, Journal of Research in Personality 39(1), 103-129), with the
    whole scale as its length; as given, so before reversed items are turned.
    """
    lines = [line for line in _lines(record) if len(line.places) >= LEAST_IN_LINE]
    return sum(len(set(line.places)) == 1 for line in lines) if lines else None


def no_variance(record: Record) -> int | None:
    """How many scales with reversed items were answered almost without variance.

    The standard deviation of the answers as given, in steps of the scale, below 0.3: intra-
    individual response variability after Dunn et al. (2018, Journal of Business and Psychology
    33(1), 105-121), who give no fixed bound; this one is ours. Scales with 4 answers or more.
    """
    lines = [
        line for line in _lines(record) if line.both_ways and len(line.places) >= LEAST_FOR_VARIANCE
    ]
    return sum(pstdev(line.places) < LOW_VARIANCE for line in lines) if lines else None


def reverse_conflict(record: Record) -> int | None:
    """How many scales say one thing by their reversed items and the opposite by the others.

    The mean of the reversed items, turned, is further from the mean of the others than half of
    the scale's range: the misresponse to reversed items of Weijters, Baumgartner & Schillewaert
    (2013, Psychological Methods 18(3), 320-334). The bound is ours. Scales with 3 answers or more.
    """
    lines = [
        line for line in _lines(record) if line.both_ways and len(line.places) >= LEAST_FOR_CONFLICT
    ]
    return sum(map(_contradicts, lines)) if lines else None


def _contradicts(line: _Line) -> bool:
    answers = list(zip(line.places, line.reversed, strict=True))
    plain = fmean(place for place, turned in answers if not turned)
    other = fmean(line.most - place for place, turned in answers if turned)
    return abs(plain - other) > APART * line.most


def _lines(record: Record) -> Iterator[_Line]:
    for scale in record.judged.design.scales:
        codes = [option.code for option in scale.options if option.missing is Missing.NONE]
        answers = list(_answers(record, scale, codes))
        if len(codes) > 1 and answers:
            places, turned = zip(*answers, strict=True)
            yield _Line(places, turned, len(codes) - 1)


def _answers(record: Record, scale: Scale, codes: list[str]) -> Iterator[tuple[int, bool]]:
    for item in record.judged.design.scale_items(scale.code):
        answer = record.answers.get(item.code)
        if isinstance(answer, str) and answer in codes:
            yield codes.index(answer), item.reverse
