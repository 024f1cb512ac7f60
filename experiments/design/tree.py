"""PURE: the Design itself, its canonical JSON and the digest by which everything later names it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from experiments.design.entry import PROLIFIC, Ending, Parameter, Quota
from experiments.design.instrument import Block, Image, Item, Option, Page, Scale
from experiments.design.planning import Plan
from experiments.design.treatment import Factor, Randomisation
from experiments.design.words import Access, ItemKind, Outcome, Text, Withdrawal

FORMAT = 1
LATER = frozenset({"identities_kept_days"})

# Kinds whose options are their scale's.
ON_A_SCALE = frozenset({ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL})
# Kinds of which one option is chosen.
ONE_CHOICE = ON_A_SCALE | {ItemKind.SINGLE, ItemKind.DROPDOWN}


@dataclass(frozen=True)
class Design:
    """One survey experiment, whole.

    `debriefing` is Markdown, shown at the end, and to those who withdraw after the vignette.
    `paradata` says whether timings and device facts are kept, `fingerprint` whether a keyed hash of
    address and browser, new each day, is kept to find duplicates. `release_free_text` says that
    answers in people's own words may be in a replication bundle. So many days after the study was
    closed whatever identifies people is erased, with `identities_kept_days`; without, it stays.
    """

    study: str
    title: Text
    languages: tuple[str, ...]
    factors: tuple[Factor, ...]
    randomisations: tuple[Randomisation, ...]
    scales: tuple[Scale, ...]
    pages: tuple[Page, ...]
    plan: Plan
    question: Text = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    access: Access = Access.OPEN
    parameters: tuple[Parameter, ...] = PROLIFIC
    quotas: tuple[Quota, ...] = ()
    endings: tuple[Ending, ...] = ()
    debriefing: Text = field(default_factory=dict)
    withdrawal: Withdrawal = Withdrawal.ERASE
    paradata: bool = True
    fingerprint: bool = True
    release_free_text: bool = False
    identities_kept_days: int | None = None
    format: int = FORMAT

    def items(self) -> Iterator[Item]:
        """All items in the order in which they are asked."""
        for page in self.pages:
            yield from page.items

    def item(self, code: str) -> Item:
        """The item of that code; KeyError if there is none."""
        return self._items[code]

    def page(self, code: str) -> Page:
        """The page of that code; KeyError if there is none."""
        return self._pages[code]

    def scale(self, code: str) -> Scale:
        """The scale of that code; KeyError if there is none."""
        return self._scales[code]

    def ending(self, outcome: Outcome) -> Ending:
        """The ending of that outcome, an empty one if the study says nothing of it."""
        found = (ending for ending in self.endings if ending.outcome is outcome)
        return next(found, Ending(outcome))

    def factor(self, code: str) -> Factor:
        """The factor of that code; KeyError if there is none."""
        return _by_code(self.factors, code)

    def options(self, item: Item) -> tuple[Option, ...]:
        """The options that an item offers: its scale's if it stands on one, else its own."""
        return self.scale(item.scale).options if item.kind in ON_A_SCALE else item.options

    def scale_items(self, code: str) -> tuple[Item, ...]:
        """The items of a scale or of a subscale, by its code, in the order asked."""
        return tuple(item for item in self.items() if code and code in (item.scale, item.subscale))

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Every condition of its pages and items, as it is written."""
        of_pages = ((page.shown_if, page.screen_out_if) for page in self.pages)
        found = [text for texts in of_pages for text in texts]
        return tuple(filter(None, [*found, *(item.shown_if for item in self.items())]))

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return _by_codes(self.pages)

    @cached_property
    def _items(self) -> dict[str, Item]:
        return _by_codes(self.items())

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return _by_codes(self.scales)

    @property
    def outcome_items(self) -> tuple[Item, ...]:
        """What the plan's outcome is made of: a scale's items, or the one item; none if neither."""
        outcome = self.plan.outcome
        one = (item for item in self.items() if outcome and item.code == outcome)
        return self.scale_items(outcome) or tuple(one)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def _by_codes(things: Iterable[_C]) -> dict[str, _C]:
    """The things by code; the first of two with the same one, which only drafts have."""
    return {thing.code: thing for thing in reversed(tuple(things))}


def _by_code(things: Iterable[_C], code: str) -> _C:
    for thing in things:
        if thing.code == code:
            return thing
    raise KeyError(code)


def canonical_json(design: Design) -> bytes:
    """The one JSON text of a design: sorted keys, UTF-8, no white space.

    What a later release came to know is left out where the design says nothing of it, so that a
    design has one digest, whichever release computes it.
    """
    fields = msgspec.to_builtins(design)
    told = {name: each for name, each in fields.items() if name not in LATER or each is not None}
    return msgspec.json.encode(told, order="sorted")


def from_json(text: bytes | str) -> Design:
    """The design that a canonical JSON text holds; msgspec.ValidationError if it holds none."""
    return msgspec.json.decode(text, type=Design)


def digest(design: Design) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(design)).hexdigest()
