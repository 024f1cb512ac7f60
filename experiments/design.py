"""PURE: the Design, everything that a participant can see and that decides their arm, frozen.

A Design is a tree of frozen dataclasses. The study file and the admin's rows are both read into
one; `checks` lists what keeps it from being launched; a launch freezes its canonical JSON, and
the SHA-256 of that JSON is the digest by which everything later names it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Protocol, TypeVar

import msgspec

FORMAT = 1

Text = Mapping[str, str]  # language tag to text, as in {"en": "Park", "ko": "공원"}


class PageKind(StrEnum):
    """What a page is for; the flow gives each kind its own rule."""

    CONSENT = "consent"  # first page: information, then agree or decline
    QUESTIONS = "questions"  # text and items
    VIGNETTE = "vignette"  # text whose slots the participant's levels fill, items if any
    END = "end"  # last page: debriefing and completion code


class ItemKind(StrEnum):
    """How an item is answered."""

    LIKERT = "likert"  # one of the scale's options
    SINGLE = "single"  # one of the item's own options, as radio buttons
    DROPDOWN = "dropdown"  # one of the item's own options, as a select
    TEXT = "text"  # free text up to max_length characters


class Measure(StrEnum):
    """The level of measurement of an item, which decides how an analysis codes it."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    TEXT = "text"


class Role(StrEnum):
    """What an item is in the design, beyond being asked."""

    NONE = ""
    ATTENTION_CHECK = "attention_check"  # `expected` is the right option
    MANIPULATION_CHECK = "manipulation_check"  # `checks_factor` is the factor it checks


class Missing(StrEnum):
    """Why an option that was chosen counts as no answer."""

    NONE = ""
    PREFER_NOT_TO_SAY = "prefer_not_to_say"
    DONT_KNOW = "dont_know"


class Method(StrEnum):
    """How a randomisation draws arms."""

    PERMUTED_BLOCKS = "permuted_blocks"


class Spending(StrEnum):
    """How alpha is spent over the looks."""

    OBRIEN_FLEMING = "obrien_fleming"  # Lan–DeMets, O'Brien–Fleming type


class Exclusion(StrEnum):
    """A rule, on pre-treatment facts only, that takes a participant out of the analysis."""

    FAILED_ATTENTION = "failed_attention"


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
    """One assignment step: which factors, by which method, in which strata, with which weights."""

    code: str
    factors: tuple[str, ...]
    arms: tuple[Arm, ...]
    method: Method = Method.PERMUTED_BLOCKS
    block_sizes: tuple[int, ...] = ()
    strata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; `missing` says why it counts as none."""

    code: str
    label: Text
    missing: Missing = Missing.NONE


@dataclass(frozen=True)
class Subscale:
    """A named part of a scale."""

    code: str
    label: Text


@dataclass(frozen=True)
class Scale:
    """Items that share options and are scored together as a mean, reverse items turned."""

    code: str
    label: Text
    options: tuple[Option, ...]
    subscales: tuple[Subscale, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `scale`, `subscale` and `reverse` place it in a scale."""

    code: str
    kind: ItemKind
    text: Text
    options: tuple[Option, ...] = ()
    scale: str = ""
    subscale: str = ""
    reverse: bool = False
    required: bool = True
    measure: Measure = Measure.NOMINAL
    role: Role = Role.NONE
    expected: str = ""
    checks_factor: str = ""
    max_length: int = 2000
    source: str = ""


@dataclass(frozen=True)
class Page:
    """One screen. `body` is Markdown; on a vignette, ``{factor}`` is a slot."""

    code: str
    kind: PageKind
    title: Text
    body: Text
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Contrast:
    """What is estimated: one level against another, or the interaction of several factors.

    A main effect has `factor`, `level` and `against`; it averages equally over the levels of the
    other factors. An interaction has `interaction`, two or more factor codes.
    """

    code: str
    label: Text
    factor: str = ""
    level: str = ""
    against: str = ""
    interaction: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The analysis that the design announces.

    `sample_size` counts eligible completes; `looks` are fractions of it, the last one 1.
    `smallest_effect` is in raw points of the outcome. `covariates` and `associations` name
    scales, subscales or items that are answered before the treatment.
    """

    outcome: str
    sample_size: int
    contrasts: tuple[Contrast, ...]
    looks: tuple[float, ...] = (1.0,)
    alpha: float = 0.05
    spending: Spending = Spending.OBRIEN_FLEMING
    smallest_effect: float | None = None
    covariates: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """The participants of each look: its fraction of the sample size, rounded up."""
        # The fraction as written: 0.7 of 10 is 7, though 0.7 * 10 > 7 in binary.
        return tuple(ceil(Fraction(str(look)) * self.sample_size) for look in self.looks)


@dataclass(frozen=True)
class Design:
    """One survey experiment, whole."""

    study: str
    title: Text
    languages: tuple[str, ...]
    factors: tuple[Factor, ...]
    randomisations: tuple[Randomisation, ...]
    scales: tuple[Scale, ...]
    pages: tuple[Page, ...]
    plan: Plan
    question: Text = field(default_factory=dict)
    format: int = FORMAT

    def items(self) -> Iterator[Item]:
        """All items in the order in which they are asked."""
        for page in self.pages:
            yield from page.items

    def item(self, code: str) -> Item:
        """The item of that code; KeyError if there is none."""
        return _by_code(self.items(), code)

    def page(self, code: str) -> Page:
        """The page of that code; KeyError if there is none."""
        return _by_code(self.pages, code)

    def scale(self, code: str) -> Scale:
        """The scale of that code; KeyError if there is none."""
        return _by_code(self.scales, code)

    def factor(self, code: str) -> Factor:
        """The factor of that code; KeyError if there is none."""
        return _by_code(self.factors, code)

    def options(self, item: Item) -> tuple[Option, ...]:
        """The options that an item offers: its scale's for a Likert item, else its own."""
        return self.scale(item.scale).options if item.kind is ItemKind.LIKERT else item.options

    def scale_items(self, code: str) -> tuple[Item, ...]:
        """The items of a scale or of a subscale, by its code, in the order asked."""
        return tuple(item for item in self.items() if code and code in (item.scale, item.subscale))


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


def _by_code(things: Iterable[_C], code: str) -> _C:
    for thing in things:
        if thing.code == code:
            return thing
    raise KeyError(code)


def canonical_json(design: Design) -> bytes:
    """The one JSON text of a design: sorted keys, UTF-8, no white space."""
    return msgspec.json.encode(design, order="sorted")


def from_json(text: bytes | str) -> Design:
    """The design that a canonical JSON text holds; msgspec.ValidationError if it holds none."""
    return msgspec.json.decode(text, type=Design)


def digest(design: Design) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(design)).hexdigest()
