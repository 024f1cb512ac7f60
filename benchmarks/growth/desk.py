"""What each page and each list of the desk reads; imported once Django is set up."""

from collections.abc import Callable, Iterator

from benchmarks.monitor.pages import at_the_desk, lists, opened, pages
from benchmarks.product import STUDY
from benchmarks.reading import Opening, least
from experiments.models import Study
from responses.tallies import fold_tallies


def read_by_desk(
    openings: int, wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[Opening]:
    """Each page and list that is wanted, by its name: the least that it read in so many openings,
    and its middle times.

    What participants of before left to be tallied is folded first, as beat has it done every few
    seconds: the desk would read these notes, too.
    """
    fold_tallies()
    client = at_the_desk()
    every = pages(Study.objects.get(slug=STUDY))
    known = set(every.values())
    every |= {name: address for name, address in lists() if address not in known}
    for name, address in every.items():
        if not wanted(name):
            continue
        yield least([opened(name, address, client) for _ in range(openings)])
