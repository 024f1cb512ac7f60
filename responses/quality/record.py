"""PURE: what the quality rules look at: one participant's answers, times and traces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.answers import Answers
from experiments.design import Design, Item, Page, PageKind

# Who opens the consent page may have read it elsewhere; the end page is not sent.
_UNTIMED = frozenset({PageKind.CONSENT, PageKind.END})


@dataclass(frozen=True)
class Sent:
    """One page as it was sent: seconds since it became theirs, and what the browser told."""

    page: str
    seconds: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_script(self) -> bool:
        """Whether the page's script ran: without it the browser tells no times of items."""
        return "w" in self.facts


@dataclass(frozen=True)
class Record:
    """One participant as the rules see them; no rule sees an arm.

    `answers` are those that count, without items that were not to be shown. `sent` is empty where
    paradata is switched off. `medians` are the median seconds of pages that enough people sent.
    `earlier` is how many came before from the same device; None where that is switched off.
    """

    design: Design
    language: str
    answers: Answers = field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    medians: Mapping[str, float] = field(default_factory=dict)
    earlier: int | None = None

    def timed(self) -> Iterator[tuple[Page, float]]:
        """The pages whose time says something, each with all of its seconds."""
        seconds: dict[str, float] = {}
        for sent in self.sent:
            seconds[sent.page] = seconds.get(sent.page, 0.0) + sent.seconds
        for page in self.design.pages:
            if page.code in seconds and page.kind not in _UNTIMED:
                yield page, seconds[page.code]

    def answered(self, page: Page) -> tuple[Item, ...]:
        """The items of a page that they answered."""
        return tuple(item for item in page.items if self.answers.get(item.code) is not None)
