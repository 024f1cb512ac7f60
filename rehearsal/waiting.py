"""PURE: how long people waited for the site, page by page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median, quantiles

from rehearsal.browser import Asked

# Answers that tell somebody why they don't go on.
TOLD = (HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True)
class Waited:
    """The requests of one kind for one page, in milliseconds: the middle one, p95, p99, longest.

    `failed` counts answers that no browser goes on from, but for those that turn somebody away or
    ask for what is still open.
    """

    method: str
    page: str
    n: int
    middle: float
    p95: float
    p99: float
    longest: float
    failed: int


def waited(asked: Iterable[Asked]) -> Iterator[Waited]:
    """The waits for each page, in the order in which it was first asked for."""
    kinds: dict[tuple[str, str], list[Asked]] = {}
    for each in asked:
        kinds.setdefault((each.page, each.method), []).append(each)
    for (page, method), found in kinds.items():
        times = sorted(1000 * each.seconds for each in found)
        cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        failed = sum(each.status >= 400 and each.status not in TOLD for each in found)
        yield Waited(method, page, len(times), median(times), cuts[94], cuts[98], times[-1], failed)
