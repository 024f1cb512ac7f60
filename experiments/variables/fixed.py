"""PURE: the variables that every study's data set has."""

from experiments.design import Option, Text
from experiments.flags import PREFIX, RULES
from experiments.variables.variable import Role, Type, Variable


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


def numbered(name: str, place: int) -> str:
    """A randomisation's name for its part: the first one's is bare, the second's ends in _2."""
    return name if place == 1 else f"{name}_{place}"


_MODES = _values(
    ("live", "live", "본 조사"),
    ("pilot", "pilot", "예비 조사"),
    ("rehearsal", "rehearsal", "예행"),
)
_STATES = _values(
    ("answering", "answering", "응답 중"),
    ("refused", "refused", "참여 거부"),
    ("screened_out", "screened out", "대상 아님"),
    ("quota_full", "quota full", "정원 초과"),
    ("withdrawn", "withdrawn", "참여 철회"),
    ("completed", "completed", "응답 완료"),
)
_REASONS = _values(
    ("test", "a test by the team", "연구진의 시험 응답"),
    ("duplicate", "took part before", "이전에 참여함"),
    ("ineligible", "not of the population", "모집단에 속하지 않음"),
    ("automated", "a program, or fraud", "자동 프로그램 또는 부정 참여"),
    ("careless", "answered without care", "불성실 응답"),
    ("fault", "a technical fault", "기술적 결함"),
    ("other", "another reason", "그 밖의 이유"),
)

_VERSION = ("version", "number")

# What every study's data set begins with. `language` and `last_page` get their values from the
# design, `not_reached`, `skipped` and `untouched` the items that they tell of.
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
    _fixed("ended_at", "Ended at", "종료 시각", Type.TIME, Role.TIME),
    _fixed("last_seen_at", "Last seen at", "마지막 활동 시각", Type.TIME, Role.TIME),
    _fixed("first_look", "First look", "최초 포함 분석", Type.INTEGER, Role.DESIGN),
    _fixed("not_shown", "Items not shown", "표시되지 않은 문항", Type.LIST, Role.DESIGN),
    _fixed("not_reached", "Items not reached", "도달하지 않은 문항", Type.LIST, Role.DESIGN),
    _fixed("skipped", "Items left empty", "비워 둔 문항", Type.LIST, Role.DESIGN),
    _fixed("untouched", "Sliders not touched", "움직이지 않은 슬라이더", Type.LIST, Role.DESIGN),
    _fixed(
        "excluded_by_hand",
        "Marked by hand",
        "제외 표시",
        Type.INTEGER,
        Role.QUALITY,
        "mark",
        "excludes",
    ),
    _fixed(
        "excluded_reason",
        "Why they are marked",
        "제외 표시 이유",
        Type.CODE,
        Role.QUALITY,
        "mark",
        "reason",
        values=_REASONS,
    ),
    _fixed(
        "corrections_asked",
        "Items of which they corrected the answer later",
        "나중에 응답을 정정한 문항",
        Type.LIST,
        Role.QUALITY,
        "corrections",
    ),
)

# They follow the fixed ones.
FLAGS: tuple[Variable, ...] = tuple(
    Variable(PREFIX + rule.name, rule.label, Type.INTEGER, Role.QUALITY, ("flags", rule.name))
    for rule in RULES
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
# `deck` and `draw` say of a vignette which it is; the last two are what JSON Lines nest.
COLUMNS: frozenset[str] = (
    frozenset(variable.name for variable in (*FIXED, *FLAGS))
    | frozenset(numbered(name, place) for name, *_ in ASSIGNED for place in range(1, 100))
    | frozenset({"deck", "draw", "submissions", "paradata"})
)
