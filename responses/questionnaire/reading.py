"""PURE: what the fields of one item say: its answer, or why they say none; and the way back."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from re import compile as pattern

from experiments.answers import UNTOUCHED, Answer, as_missing, chosen_code, missing_kind
from experiments.design import Design, Item, ItemKind, Missing, Option
from responses.questionnaire.facts import Sent
from responses.questionnaire.fields import MISSING_FIELD, part
from responses.questionnaire.numbers import as_stored, as_typed, off_step, read_number, sentinel


class Fault(StrEnum):
    """Why an answer can't be taken."""

    REQUIRED = "required"
    ASKED_ONCE = "asked_once"
    NOT_AN_OPTION = "not_an_option"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    BOTH = "both"
    EXCLUSIVE = "exclusive"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    OFF_STEP = "off_step"
    NOT_A_DATE = "not_a_date"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    RANK_MISSING = "rank_missing"
    RANK_TWICE = "rank_twice"
    WRONG_TOTAL = "wrong_total"
    NOT_WHOLE = "not_whole"
    TOO_SOON = "too_soon"
    WRONG = "wrong"


# Their options that count as no answer are a box beside the field, not among what is chosen.
OPEN = frozenset(
    {
        *(ItemKind.NUMBER, ItemKind.SLIDER, ItemKind.SHORT_TEXT, ItemKind.TEXT),
        *(ItemKind.RANKING, ItemKind.DATE, ItemKind.ALLOCATION),
    }
)
_DAYS = (
    pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    pattern(r"(\d{4})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{1,2})\.?"),
    pattern(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일"),
)

_Read = Answer | Fault
_Reader = Callable[[Design, Item, Sent, str], _Read]


def read(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    """The answer that the fields give, None if they were left empty, or what is wrong with it."""
    if item.kind not in OPEN:
        return _READERS[item.kind](design, item, sent, language)
    answer = _READERS[item.kind](design, item, sent, language)
    boxes = sent.get(part(item.code, MISSING_FIELD), ())
    if not boxes:
        return answer
    kinds = {option.code: option.missing for option in item.options if option.missing}
    if boxes[0] not in kinds:
        return Fault.NOT_AN_OPTION
    empty = answer is None or missing_kind(answer) == UNTOUCHED or answer is Fault.RANK_MISSING
    return as_missing(kinds[boxes[0]]) if empty and len(set(boxes)) == 1 else Fault.BOTH


def as_fields(design: Design, item: Item, answer: Answer, language: str) -> Sent:
    """The fields that give the answer back, as a browser would send them."""
    if missing_kind(answer):
        code = chosen_code(design, item, answer)
        field = part(item.code, MISSING_FIELD) if item.kind in OPEN else item.code
        return {field: (code,)} if code else {}
    if isinstance(answer, Mapping):
        return {part(item.code, code): (str(points),) for code, points in answer.items()}
    if isinstance(answer, str) or answer is None:
        return {item.code: (_typed(item, answer, language),)} if answer else {}
    if item.kind is ItemKind.RANKING:
        return {part(item.code, code): (str(at),) for at, code in enumerate(answer, start=1)}
    return {item.code: tuple(answer)}


def values(item: Item) -> tuple[Option, ...]:
    """The item's own options that are values."""
    return tuple(option for option in item.options if option.missing is Missing.NONE)


def _typed(item: Item, answer: str, language: str) -> str:
    return as_typed(answer, language) if item.kind is ItemKind.NUMBER else answer


def _one(sent: Sent, field: str) -> str:
    given = sent.get(field, ())
    return given[-1] if given else ""


def _choice(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    code = _one(sent, item.code)
    if not code.strip():
        return None
    option = next((o for o in design.options(item) if o.code == code), None)
    if option is None:
        return Fault.NOT_AN_OPTION
    return as_missing(option.missing) if option.missing else code


def _multiple(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    given = {code for code in sent.get(item.code, ()) if code}
    chosen = [option for option in item.options if option.code in given]
    if len(chosen) < len(given):
        return Fault.NOT_AN_OPTION
    if len(chosen) > 1 and any(option.exclusive or option.missing for option in chosen):
        return Fault.EXCLUSIVE
    if chosen and chosen[0].missing:
        return as_missing(chosen[0].missing)
    return [option.code for option in chosen] or None


def _text(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    text = _one(sent, item.code).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return None
    # Postgres stores no NUL, and no browser sends one.
    if "\0" in text or (item.kind is ItemKind.SHORT_TEXT and "\n" in text):
        return Fault.UNREADABLE
    return Fault.TOO_LONG if len(text) > item.max_length else text


def _number(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    text = unicodedata.normalize("NFKC", _one(sent, item.code)).strip()
    if not text:
        return None
    found = read_number(text, language)
    if found is None:
        return Fault.NOT_A_NUMBER
    if item.minimum is not None and found < as_stored(item.minimum):
        return Fault.TOO_SMALL
    if item.maximum is not None and found > as_stored(item.maximum):
        return Fault.TOO_LARGE
    plain = f"{found.normalize():f}"
    if len(plain.partition(".")[2]) > item.decimals:
        return Fault.TOO_MANY_DECIMALS if item.decimals else Fault.NOT_WHOLE
    return plain


def _slider(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    text = _one(sent, item.code).strip()
    if not text:
        return as_missing(UNTOUCHED)
    found = read_number(text, "en")
    if found is None:
        return Fault.NOT_A_NUMBER
    if found == sentinel(item):
        return as_missing(UNTOUCHED)
    if found < as_stored(item.minimum or 0):
        return Fault.TOO_SMALL
    if found > as_stored(item.maximum or 0):
        return Fault.TOO_LARGE
    return Fault.OFF_STEP if off_step(item, found) else f"{found.normalize():f}"


def _date(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    text = unicodedata.normalize("NFKC", _one(sent, item.code)).strip()
    if not text:
        return None
    parts = next((found.groups() for each in _DAYS if (found := each.fullmatch(text))), None)
    if parts is None:
        return Fault.NOT_A_DATE
    try:
        day = date(*map(int, parts)).isoformat()
    except ValueError:
        return Fault.NOT_A_DATE
    if item.earliest and day < item.earliest:
        return Fault.TOO_EARLY
    return Fault.TOO_LATE if item.latest and day > item.latest else day


def _ranking(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    codes = [option.code for option in values(item)]
    given = {code: _one(sent, part(item.code, code)).strip() for code in codes}
    ranks = {code: rank for code, rank in given.items() if rank}
    if not ranks:
        return None
    if not set(ranks.values()) <= {str(rank) for rank in range(1, len(codes) + 1)}:
        return Fault.NOT_AN_OPTION
    if len(set(ranks.values())) < len(ranks):
        return Fault.RANK_TWICE
    if len(ranks) < len(codes):
        return Fault.RANK_MISSING
    return sorted(codes, key=lambda code: int(ranks[code]))


def _allocation(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    points: dict[str, int] = {}
    given = {o.code: _one(sent, part(item.code, o.code)).strip() for o in values(item)}
    if not any(given.values()):
        return None
    for code, text in given.items():
        plain = unicodedata.normalize("NFKC", text) or "0"
        if not plain.isascii() or not plain.isdecimal() or len(plain) > 9:
            return Fault.NOT_WHOLE
        points[code] = int(plain)
    return points if sum(points.values()) == item.total else Fault.WRONG_TOTAL


def _nothing(design: Design, item: Item, sent: Sent, language: str) -> _Read:
    return None


_READERS: Mapping[ItemKind, _Reader] = {
    ItemKind.LIKERT: _choice,
    ItemKind.SEMANTIC_DIFFERENTIAL: _choice,
    ItemKind.SINGLE: _choice,
    ItemKind.DROPDOWN: _choice,
    ItemKind.MULTIPLE: _multiple,
    ItemKind.SHORT_TEXT: _text,
    ItemKind.TEXT: _text,
    ItemKind.NUMBER: _number,
    ItemKind.SLIDER: _slider,
    ItemKind.DATE: _date,
    ItemKind.RANKING: _ranking,
    ItemKind.ALLOCATION: _allocation,
    ItemKind.STATEMENT: _nothing,
}
