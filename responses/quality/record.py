"""PURE: what the quality rules look at: one participant's answers, times and traces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.answers import Answers
from experiments.design import Item, Page
from responses.quality.judged import Judged


@dataclass(frozen=True)
class Sent:
    """One page as it was sent: seconds since it became theirs, and what the browser told.

    `left`: it was not sent but left by going back.
    """

    page: str
    seconds: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    left: bool = False

    @property
    def by_script(self) -> bool:
        """Whether the page's script ran: without it the browser tells no times of items."""
        return "w" in self.facts


@dataclass(frozen=True)
class Timed:
    """A page whose time says something: all of its seconds, and each time that they left it."""

    page: Page
    seconds: float
    sent: tuple[Sent, ...]


@dataclass(frozen=True)
class Record:
    """One participant as the rules see them; no rule sees an arm.

    `answers` are those that count, without items that were not to be shown. `everything_sent` is
    empty where paradata is switched off. `medians` are the median seconds of pages that enough
    people sent. `earlier` is how many came before from the same device; None where that is switched
    off. `known_browser`: the browser was somebody else of the study before.
    """

    judged: Judged
    language: str
    answers: Answers = field(default_factory=dict)
    everything_sent: tuple[Sent, ...] = ()
    medians: Mapping[str, float] = field(default_factory=dict)
    earlier: int | None = None
    known_browser: bool = False

    def sent(self) -> tuple[Sent, ...]:
        """What was sent of the pages that are judged at all."""
        codes = {page.code for page in self.judged.design.pages}
        sent = (each for each in self.everything_sent if not each.left)
        return tuple(each for each in sent if each.page in codes)

    def items(self) -> Iterator[Item]:
        """The items that are judged, in the order asked."""
        return self.judged.design.items()

    def timed(self) -> Iterator[Timed]:
        """The pages whose time says something, each with all of its seconds, however often sent."""
        for page in self.judged.design.pages:
            sent = tuple(each for each in self.everything_sent if each.page == page.code)
            if page.code in self.judged.timed and not all(each.left for each in sent):
                yield Timed(page, sum(each.seconds for each in sent), sent)

    def answered(self, page: Page) -> tuple[Item, ...]:
        """The items of a page that they answered."""
        return tuple(item for item in page.items if self.answers.get(item.code) is not None)
