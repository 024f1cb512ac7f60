"""PURE: what a variable of a data set is."""

from dataclasses import dataclass
from enum import StrEnum

from experiments.design import Option, Text


class Type(StrEnum):
    """How a variable's values are written."""

    INTEGER = "integer"  # whole numbers, the codes of options included when all are whole numbers
    NUMBER = "number"  # decimal numbers
    TEXT = "text"  # what somebody wrote
    CODE = "code"  # a code of `values`, or of the system
    TIME = "time"  # UTC, ISO 8601
    DATE = "date"  # ISO 8601
    LIST = "list"  # codes with a space between
    JSON = "json"


class Role(StrEnum):
    """What a variable is for."""

    IDENTIFIER = "identifier"
    DESIGN = "design"
    TIME = "time"
    TREATMENT = "treatment"
    PRE_TREATMENT = "pre_treatment"
    POST_TREATMENT = "post_treatment"
    OUTCOME = "outcome"
    ATTENTION_CHECK = "attention_check"
    MOCK_VIGNETTE_CHECK = "mock_vignette_check"
    COMPREHENSION_CHECK = "comprehension_check"
    MANIPULATION_CHECK = "manipulation_check"
    QUALITY = "quality"
    ANSWER = "answer"  # of a table that has a row for each
    PARADATA = "paradata"


@dataclass(frozen=True)
class Scored:
    """An item of a score: the number that each of its options counts as, reverse items turned.

    Options that stand for no answer have none.
    """

    item: str
    numbers: tuple[tuple[str, int], ...]

    @property
    def is_reversed(self) -> bool:
        """Whether its options count the other way round: the lowest for the highest."""
        return any(int(code) != number for code, number in self.numbers)


@dataclass(frozen=True)
class Variable:
    """One column of the data set.

    `source` is a column of the participant, then the path inside it when it holds JSON:
    ``("answers", "age")``; of an answer with parts follow what is asked of it and the option:
    ``("answers", "uses", "chosen", "park")``, or ``"rank"``, or ``"points"``; after ``"orders"``
    come codes of which the first that was shown counts, after ``"not_reached"``, ``"skipped"`` and
    ``"untouched"`` those of all items that it can tell of. ``"mark"`` is the newest mark for
    exclusion, whose ``"excludes"`` is 1 or 0; ``"corrections"`` are the items whose answer was
    corrected later. `values` are the codes with their labels; those with a `missing` kind count as
    no answer. `shown_by_arm` marks what is there, or not, by a condition on a factor. A score is
    the mean of the items in `scored`, and empty unless all of them have a number.
    """

    name: str
    label: Text
    type: Type
    role: Role
    source: tuple[str, ...]
    values: tuple[Option, ...] = ()
    shown_by_arm: bool = False
    scored: tuple[Scored, ...] = ()

    def label_in(self, language: str) -> str:
        """The label in a language, or in another if there is none; the name if there is none."""
        return self.label.get(language) or next(filter(None, self.label.values()), self.name)

    @property
    def reveals_arm(self) -> bool:
        """Whether it is, or nearly gives away, the participant's arm: blinded while collecting."""
        return self.shown_by_arm or self.role in (Role.TREATMENT, Role.MANIPULATION_CHECK)
