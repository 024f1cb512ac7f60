"""PURE: the variables of the tables with a row for each answer, page that was sent, or timing."""

from experiments.design import Option
from experiments.variables.fixed import FIXED
from experiments.variables.variable import Role, Type, Variable


def _of(
    name: str, english: str, korean: str, type_: Type, role: Role, *values: tuple[str, str, str]
) -> Variable:
    options = tuple(Option(code, {"en": en, "ko": ko}) for code, en, ko in values)
    return Variable(name, {"en": english, "ko": korean}, type_, role, (name,), options)


_FIXED = {variable.name: variable for variable in FIXED}
_PARTICIPANT = _FIXED["participant"]
_VERSION = _FIXED["design_version"]
_PAGE = _of("page", "Page", "페이지", Type.CODE, Role.DESIGN)
_REVISION = _of("revision", "Step of the participant", "참여자의 단계", Type.INTEGER, Role.DESIGN)
_RECEIVED = _of("received_at", "Received at", "수신 시각", Type.TIME, Role.TIME)
_DEVICE = _of(
    "device",
    "Device",
    "기기",
    Type.CODE,
    Role.PARADATA,
    ("phone", "phone", "휴대전화"),
    ("tablet", "tablet", "태블릿"),
    ("desktop", "desktop", "데스크톱"),
    ("unknown", "unknown", "알 수 없음"),
)
_YES = (("0", "no", "아니요"), ("1", "yes", "예"))

# One row for each answer, and for each item that was left empty or was not to be shown.
ANSWERS: tuple[Variable, ...] = (
    _PARTICIPANT,
    _VERSION,
    _PAGE,
    _of("item", "Item", "문항", Type.CODE, Role.DESIGN),
    _of("value", "Answer", "응답", Type.TEXT, Role.ANSWER),
    _of("code", "Code of the option chosen", "선택한 보기의 코드", Type.CODE, Role.ANSWER),
    _of("number", "Answer as a number", "응답의 숫자 값", Type.NUMBER, Role.ANSWER),
    _of(
        "missing",
        "Why there is no value",
        "값이 없는 이유",
        Type.CODE,
        Role.ANSWER,
        ("not_shown", "not shown", "표시되지 않음"),
        ("skipped", "left empty", "비워 둠"),
        ("prefer_not_to_say", "prefers not to say", "답하지 않겠음"),
        ("dont_know", "doesn’t know", "모름"),
        ("untouched", "slider not touched", "슬라이더를 움직이지 않음"),
    ),
    _of("answered_at", "Last answered at", "마지막 응답 시각", Type.TIME, Role.TIME),
)

# One row for each page that was sent.
SUBMISSIONS: tuple[Variable, ...] = (
    _PARTICIPANT,
    _VERSION,
    _REVISION,
    _PAGE,
    _of("language", "Language", "언어", Type.CODE, Role.DESIGN),
    _RECEIVED,
    _of("answers", "Answers as JSON", "응답(JSON)", Type.JSON, Role.ANSWER),
)

# One row for each page that was sent, or left by going back.
PARADATA: tuple[Variable, ...] = (
    _PARTICIPANT,
    _VERSION,
    _REVISION,
    _PAGE,
    _RECEIVED,
    _of("seconds", "Seconds on the page", "페이지에 머문 시간(초)", Type.NUMBER, Role.PARADATA),
    _DEVICE,
    _of("width", "Width of the viewport", "화면 너비(px)", Type.INTEGER, Role.PARADATA),
    _of("height", "Height of the viewport", "화면 높이(px)", Type.INTEGER, Role.PARADATA),
    _of("touch", "Touch screen", "터치스크린", Type.INTEGER, Role.PARADATA, *_YES),
    _of("hidden_ms", "Milliseconds not seen", "숨겨진 시간(ms)", Type.INTEGER, Role.PARADATA),
    _of("hidden_count", "Times not seen", "숨겨진 횟수", Type.INTEGER, Role.PARADATA),
    _of("honeypot", "Hidden field filled", "숨은 칸 입력", Type.INTEGER, Role.PARADATA, *_YES),
    _of("items", "Timings of items as JSON", "문항별 기록(JSON)", Type.JSON, Role.PARADATA),
)

# The same by the names of the tables.
HISTORIES = {"answers": ANSWERS, "submissions": SUBMISSIONS, "paradata": PARADATA}
# What each kind of device is called.
DEVICES = {each.code: each.label for each in _DEVICE.values}
