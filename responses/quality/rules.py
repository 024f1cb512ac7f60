"""PURE: every rule by its name, in the order of their numbers."""

from collections.abc import Callable, Mapping

from responses.quality.failing import failed_attention, failed_comprehension, failed_mock
from responses.quality.patterns import long_string, no_variance, reverse_conflict
from responses.quality.record import Record
from responses.quality.speed import fast_pages, fast_reading, impossible_time, tab_hidden
from responses.quality.traces import duplicate, honeypot, pasted

FUNCTIONS: Mapping[str, Callable[[Record], int | None]] = {
    "fast_pages": fast_pages,
    "fast_reading": fast_reading,
    "long_string": long_string,
    "no_variance": no_variance,
    "reverse_conflict": reverse_conflict,
    "failed_attention": failed_attention,
    "failed_mock": failed_mock,
    "failed_comprehension": failed_comprehension,
    "duplicate": duplicate,
    "honeypot": honeypot,
    "impossible_time": impossible_time,
    "pasted": pasted,
    "tab_hidden": tab_hidden,
}


def flags_of(record: Record) -> dict[str, int | None]:
    """What each rule finds, by its name; None where it can't be computed."""
    return {name: rule(record) for name, rule in FUNCTIONS.items()}
