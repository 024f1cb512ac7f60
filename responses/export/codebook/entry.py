"""PURE: what a codebook says of a study, and of one of its variables."""

from dataclasses import dataclass, field
from enum import StrEnum

from experiments.design import Text
from experiments.variables import Variable
from experiments.variables.tables import DataTable


class When(StrEnum):
    """Whether a question stands before the first vignette, or from it on."""

    BEFORE = "pre-treatment"
    AFTER = "post-treatment"
    NEITHER = ""


@dataclass(frozen=True)
class Part:
    """A scale or a subscale: its code and what it is called."""

    code: str
    label: Text


@dataclass(frozen=True)
class Universe:
    """Of whom a variable can have a value: in English, and the condition as the design has it."""

    words: str = ""
    expression: str = ""


@dataclass(frozen=True)
class Asked:
    """The question that a variable holds the answer of.

    `answered` is the kind of item. `unit` and the ends are those of numbers, sliders and dates;
    `left` and `right` the poles of what lies between two.
    """

    item: str
    page: str
    wording: Text
    answered: str
    measure: str
    required: bool
    reverse: bool
    source: str
    lowest: str = ""
    highest: str = ""
    unit: Text = field(default_factory=dict)
    left: Text = field(default_factory=dict)
    right: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Bin:
    """How many values lie from `low` on, below `high`."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Numbers:
    """What numbers come to; no `sd` of fewer than two."""

    low: float
    mean: float
    sd: float | None
    high: float
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Rows by what they hold, all arms together.

    `n` have a value that counts; `values` tells how many have each code, one that the codebook does
    not list being "". `missing` tells why the others have none. `first` and `last` are the ends of
    times and days, ISO 8601.
    """

    n: int
    missing: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    numbers: Numbers | None = None
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Entry:
    """One variable: `variable` with the values of all versions, and where it comes from.

    `versions` have it, newest first. `reworded` are older wordings of its question, by version.
    `secret` if it is, or tells, the arm while that is secret: then it has no counts. `left_out` if
    the data that the codebook comes with have no such column.
    """

    variable: Variable
    versions: tuple[str, ...]
    secret: bool = False
    left_out: bool = False
    asked: Asked | None = None
    scale: Part | None = None
    subscale: Part | None = None
    universe: Universe = Universe()
    when: When = When.NEITHER
    reworded: tuple[tuple[str, Text], ...] = ()
    counts: Counts | None = None

    @property
    def name(self) -> str:
        """The variable's name."""
        return self.variable.name


@dataclass(frozen=True)
class Version:
    """A design version: its number, and the digest of its design."""

    number: str
    digest: str


@dataclass(frozen=True)
class BookTable:
    """A table beside that of participants, with an entry for each column; none is counted."""

    about: DataTable
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Codebook:
    """All entries in the order of the columns of the wide table, then the other tables'.

    `mode` is whose rows were counted, and `people` how many; None without counts, as of a draft.
    `kinds` are the codes of the kinds of missing in formats that have such codes. `blind` while
    arms are secret.
    """

    study: str
    title: Text
    question: Text
    languages: tuple[str, ...]
    versions: tuple[Version, ...]
    entries: tuple[Entry, ...]
    kinds: dict[str, int]
    mode: str = ""
    people: int | None = None
    blind: bool = False
    others: tuple[BookTable, ...] = ()
