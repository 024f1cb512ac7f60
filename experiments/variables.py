"""PURE: the variables of a design's data set: the one place that says what an export holds.

Exports, codebook and scripts take names, labels, order and values from here and nowhere else, so
that they agree. docs/data-dictionary.md explains each variable that every study has.

Fixed variables, factors and items share one list of names. Their codes are lower-case ASCII of at
most 32 characters by the codes' own rule; `COLUMNS` holds the names that no factor and no item
may take, and `checks` refuses such a design.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from experiments.design import Design, Item, ItemKind, Option, PageKind, Randomisation, Text
from experiments.design import Role as ItemRole


class Type(StrEnum):
    """How a variable's values are written."""

    INTEGER = "integer"  # whole numbers, the codes of options included when all are whole numbers
    NUMBER = "number"  # decimal numbers
    TEXT = "text"  # what somebody wrote
    CODE = "code"  # a code of `values`, or of the system
    TIME = "time"  # UTC, ISO 8601


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
    MANIPULATION_CHECK = "manipulation_check"


@dataclass(frozen=True)
class Variable:
    """One column of the data set.

    `source` is a column of the participant, then the path inside it when it holds JSON:
    ``("answers", "age")``. `values` are the codes with their labels; those with a `missing` kind
    count as no answer.
    """

    name: str
    label: Text
    type: Type
    role: Role
    source: tuple[str, ...]
    values: tuple[Option, ...] = ()

    @property
    def reveals_arm(self) -> bool:
        """Whether it is, or nearly gives away, the participant's arm: blinded while collecting."""
        return self.role in (Role.TREATMENT, Role.MANIPULATION_CHECK)


def _fixed(
    name: str,
    english: str,
    korean: str,
    type_: Type,
    role: Role,
    *source: str,
    values: tuple[Option, ...] = (),
) -> Variable:
    label = {"en": english, "ko": korean}
    return Variable(name, label, type_, role, source or (name,), values)


def _values(*values: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(code, {"en": english, "ko": korean}) for code, english, korean in values)


def _numbered(name: str, place: int) -> str:
    """A randomisation's name for its part: the first one's is bare, the second's ends in _2."""
    return name if place == 1 else f"{name}_{place}"


_MODES = _values(
    ("live", "live", "본조사"),
    ("pilot", "pilot", "예비조사"),
    ("rehearsal", "rehearsal", "모의조사"),
)
_STATES = _values(
    ("answering", "answering", "응답 중"),
    ("refused", "refused", "참여 거부"),
    ("completed", "completed", "응답 완료"),
)

_VERSION = ("version", "number")

# What every study's data set begins with. `language` and `last_page` get their values from the
# design.
FIXED: tuple[Variable, ...] = (
    _fixed("participant", "Participant", "참여자", Type.CODE, Role.IDENTIFIER, "reference"),
    _fixed("mode", "Mode", "조사 유형", Type.CODE, Role.DESIGN, values=_MODES),
    _fixed("design_version", "Design version", "설계 버전", Type.INTEGER, Role.DESIGN, *_VERSION),
    _fixed("language", "Language", "언어", Type.CODE, Role.DESIGN),
    _fixed("state", "State", "상태", Type.CODE, Role.DESIGN, values=_STATES),
    _fixed("last_page", "Page they are on", "현재 페이지", Type.CODE, Role.DESIGN, "page"),
    _fixed("entered_at", "Entered at", "참여 시작 시각", Type.TIME, Role.TIME),
    _fixed("consented_at", "Consented at", "동의 시각", Type.TIME, Role.TIME),
    _fixed("exposed_at", "First saw the vignette at", "시나리오 노출 시각", Type.TIME, Role.TIME),
    _fixed("completed_at", "Completed at", "응답 완료 시각", Type.TIME, Role.TIME),
    _fixed("last_seen_at", "Last seen at", "마지막 활동 시각", Type.TIME, Role.TIME),
    _fixed("first_look", "First look", "최초 포함 분석", Type.INTEGER, Role.DESIGN),
)

# What each randomisation adds after its factors: name, labels, type, role, key of the assignment.
ASSIGNED: tuple[tuple[str, Text, Type, Role], ...] = (
    ("arm", {"en": "Arm", "ko": "실험 집단"}, Type.CODE, Role.TREATMENT),
    (
        "probability",
        {"en": "Probability of the arm", "ko": "실험 집단 배정 확률"},
        Type.NUMBER,
        Role.TREATMENT,
    ),
    ("stratum", {"en": "Stratum", "ko": "층"}, Type.TEXT, Role.DESIGN),
    (
        "position",
        {"en": "Position in the list", "ko": "배정 목록 내 순번"},
        Type.INTEGER,
        Role.TREATMENT,
    ),
)

# Randomisations beyond the first number their names; a hundred of them is more than any study has.
COLUMNS: frozenset[str] = frozenset(variable.name for variable in FIXED) | frozenset(
    _numbered(name, place) for name, *_ in ASSIGNED for place in range(1, 100)
)


def variables(design: Design) -> tuple[Variable, ...]:
    """The variables of a design's data set, in the order of its columns.

    Fixed ones first, then each randomisation's factors, arm, probability, stratum and position,
    then the items in the order asked.
    """
    return (*_fixed_of(design), *_assigned(design), *_items(design))


def count_variables(design: Design) -> int:
    """How many `variables` a design has, also one that is too broken to list them."""
    assigned = sum(len(step.factors) + len(ASSIGNED) for step in design.randomisations)
    return len(FIXED) + assigned + sum(len(page.items) for page in design.pages)


def _fixed_of(design: Design) -> Iterator[Variable]:
    values = {
        "language": tuple(Option(language, {}) for language in design.languages),
        "last_page": tuple(Option(page.code, page.title) for page in design.pages),
    }
    for variable in FIXED:
        yield replace(variable, values=values.get(variable.name, variable.values))


def _assigned(design: Design) -> Iterator[Variable]:
    for place, randomisation in enumerate(design.randomisations, start=1):
        path = ("assignments", randomisation.code)
        for code in randomisation.factors:
            factor = design.factor(code)
            levels = tuple(Option(level.code, level.label) for level in factor.levels)
            source = (*path, "levels", code)
            yield Variable(code, factor.label, Type.CODE, Role.TREATMENT, source, levels)
        for name, label, type_, role in ASSIGNED:
            values = _arms(design, randomisation) if name == "arm" else ()
            yield Variable(_numbered(name, place), label, type_, role, (*path, name), values)


def _arms(design: Design, randomisation: Randomisation) -> tuple[Option, ...]:
    labels = {
        (code, level.code): level.label
        for code in randomisation.factors
        for level in design.factor(code).levels
    }
    return tuple(
        Option(
            arm.code,
            {
                language: " × ".join(
                    labels[cell].get(language, cell[1])
                    for cell in zip(randomisation.factors, arm.levels, strict=True)
                )
                for language in design.languages
            },
        )
        for arm in randomisation.arms
    )


def _items(design: Design) -> Iterator[Variable]:
    treated = False
    for page in design.pages:
        # The vignette's own items are answered with its text in sight.
        treated = treated or page.kind is PageKind.VIGNETTE
        for item in page.items:
            options = design.options(item)
            yield Variable(
                item.code,
                item.text,
                _type(item, options),
                _role(design, item, treated=treated),
                ("answers", item.code),
                options,
            )


def _type(item: Item, options: tuple[Option, ...]) -> Type:
    if item.kind is ItemKind.TEXT:
        return Type.TEXT
    whole = all(option.code.lstrip("-").isdecimal() for option in options)
    return Type.INTEGER if whole else Type.CODE


def _role(design: Design, item: Item, *, treated: bool) -> Role:
    if item.role is ItemRole.ATTENTION_CHECK:
        return Role.ATTENTION_CHECK
    if item.role is ItemRole.MANIPULATION_CHECK:
        return Role.MANIPULATION_CHECK
    if design.plan.outcome in (item.code, item.scale, item.subscale):
        return Role.OUTCOME
    return Role.POST_TREATMENT if treated else Role.PRE_TREATMENT
