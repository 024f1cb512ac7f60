"""Every walk through a small study, by brute force: what it reaches is known without the checks.

Conditions are tuples, as in ``("and", ("is", "a", "x"), ("answered", "b"))``; `said` writes one as
a study file does, `holds` decides it by the rules of docs/study-file.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Rule = tuple[Any, ...]
# What was answered: a code, several, or none. "-9" is no answer that counts.
Known = Mapping[str, str | frozenset[str] | None]

ARMS = (("none", "low"), ("none", "high"), ("money", "low"), ("money", "high"))
SECRET = "-9"
_SIGNS = {"is": "==", "isnt": "!=", "less": "<", "more": ">"}


@dataclass(frozen=True)
class Question:
    """A choice of one code or of many (where "none" stands alone), or a number from 0 to 2."""

    code: str
    kind: str
    codes: tuple[str, ...]
    may_be_open: bool = False
    secret: bool = False

    def answers(self) -> Iterator[str | frozenset[str] | None]:
        """Everything that can be sent; None first, whether that is allowed or not."""
        yield None
        if self.kind == "one":
            yield from self.codes
        elif self.kind == "many":
            yield from (frozenset(["none"]), frozenset("x"), frozenset("y"), frozenset("xy"))
        else:
            yield from ("0", "0.5", "1", "1.5", "2")

    def needs_answer(self) -> bool:
        """Whether it must have a value when its page is sent."""
        unsaid = self.secret and self.kind != "one"
        return not self.may_be_open and not unsaid


@dataclass(frozen=True)
class Sheet:
    """A page: when it is shown, its questions with when they are, and who is screened out."""

    shown: Rule | None
    questions: tuple[tuple[Question, Rule | None], ...]
    out: Rule | None = None


@dataclass(frozen=True)
class Study:
    """Pages in order, None for the vignette, and the arms that are drawn."""

    sheets: tuple[Sheet | None, ...]
    arms: tuple[tuple[str, str], ...]

    def placed(self) -> Iterator[tuple[str, Sheet | None]]:
        """Each page with its path: two pages of the design stand before the first."""
        for place, sheet in enumerate(self.sheets, start=2):
            yield f"pages[{place}]", sheet

    def conditions(self) -> set[str]:
        """The paths of all conditions."""
        found = set()
        for at, sheet in self.placed():
            if sheet:
                found |= {f"{at}.shown_if"} if sheet.shown else set()
                found |= {f"{at}.screen_out_if"} if sheet.out else set()
                rules = (rule for _, rule in sheet.questions)
                found |= {f"{at}.items[{n}].shown_if" for n, rule in enumerate(rules) if rule}
        return found


def said(rule: Rule) -> str:
    """The condition as it is written."""
    match rule:
        case ("not", part):
            return f"not ({said(part)})"
        case ("and" | "or" as word, left, right):
            return f"({said(left)}) {word} ({said(right)})"
        case ("answered", name):
            return f"answered({name})"
        case ("has", name, code):
            return f'"{code}" in {name}'
        case ("in", name, codes):
            return f"{name} in [{', '.join(map(repr, codes))}]"
        case (sign, name, code):
            return f'{name} {_SIGNS[sign]} "{code}"'
    raise ValueError(rule)


def holds(rule: Rule, known: Known) -> bool:
    """Whether the condition is true for these answers."""
    word, *parts = rule
    if word == "not":
        return not holds(parts[0], known)
    if word in ("and", "or"):
        both = [holds(part, known) for part in parts]
        return all(both) if word == "and" else any(both)
    return known[parts[0]] is not None and _compares(word, known[parts[0]], *parts[1:])


def _compares(word: str, value: Any, against: Any = None) -> bool:
    """Whether an answer is as the word says."""
    if word == "answered":
        return bool(value != SECRET)
    if word == "has":
        return bool(against in value)
    if word == "in":
        return value in against
    if word in ("is", "isnt"):
        return bool(value == against) is (word == "is")
    number, bound = Fraction(value), Fraction(against)
    return value != SECRET and (number < bound if word == "less" else number > bound)


def reached(study: Study, *, strictly: bool) -> set[str]:
    """The paths of the conditions that are true on some walk.

    Strictly: as pages are sent. Else also while a page is being filled in, and as if pages that
    not everybody sees screened nobody out.
    """
    found: set[str] = set()
    walks: list[dict[str, Any]] = [{}]
    for at, sheet in study.placed():
        if sheet is None:
            levels = [dict(zip(("reward", "voice"), arm, strict=True)) for arm in study.arms]
            walks = [{**walk, **arm} for walk in walks for arm in levels]
            continue
        walks = list(_onward(at, sheet, walks, strictly, found))
        assert len(walks) < 50_000
    return found


def _onward(
    at: str, sheet: Sheet, walks: list[dict[str, Any]], strictly: bool, found: set[str]
) -> Iterator[dict[str, Any]]:
    """The walks that go on after the page; what they reach on it is added to `found`."""
    for walk in walks:
        if sheet.shown and not holds(sheet.shown, walk):
            yield walk | {question.code: None for question, _ in sheet.questions}
            continue
        found |= {f"{at}.shown_if"} if sheet.shown else set()
        for whole, filled in _filled(at, sheet, walk, strictly, found):
            out = bool(sheet.out) and holds(sheet.out or (), filled)
            found |= {f"{at}.screen_out_if"} if out else set()
            if whole and not (out and (strictly or not sheet.shown)):
                yield filled


def _filled(
    at: str, sheet: Sheet, walk: dict[str, Any], strictly: bool, found: set[str]
) -> list[tuple[bool, dict[str, Any]]]:
    """Every way to fill the page in, and whether it could be sent so."""
    ways = [(True, walk)]
    for place, (question, rule) in enumerate(sheet.questions):
        new = []
        for whole, known in ways:
            if rule and not holds(rule, known):
                new.append((whole, {**known, question.code: None}))
                continue
            found |= {f"{at}.items[{place}].shown_if"} if rule else set()
            for answer in question.answers():
                fits = answer is not None or not question.needs_answer()
                if fits or not strictly:
                    new.append((whole and fits, {**known, question.code: answer}))
        ways = new
    return ways
