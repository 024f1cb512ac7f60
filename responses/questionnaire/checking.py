"""PURE: holds what was sent against the page that it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from experiments.answers import UNTOUCHED, Answer, Answers, missing_kind
from experiments.design import Design, Item, ItemKind, Page, Role
from responses.questionnaire.facts import Facts, Sent
from responses.questionnaire.flow import may_show, shown_items
from responses.questionnaire.reading import Fault, read


@dataclass(frozen=True)
class Checked:
    """The answers of a page by item code (None: left empty), and the faults by item code.

    `asked` are soft items that were left open: they are among the faults this once.
    """

    answers: Answers
    faults: Mapping[str, Fault]
    asked: frozenset[str] = field(default_factory=frozenset)


def check(
    design: Design,
    page: Page,
    sent: Sent,
    facts: Facts,
    *,
    language: str,
    asked: Iterable[str] = (),
) -> Checked:
    """Holds what was sent against the page; what is no item of the page is left alone.

    Items that the page's own answers hide are read too, so that nothing that was typed is lost,
    and are never at fault. Soft items in `asked` may stay open. Whether a comprehension check was
    understood is `wrong_comprehension`'s to say.
    """
    read_items = {
        item.code: read(design, item, sent, language)
        for item in may_show(design, page, facts)
        if item.kind is not ItemKind.STATEMENT
    }
    given: dict[str, Answer] = {
        code: answer for code, answer in read_items.items() if not isinstance(answer, Fault)
    }
    shown = shown_items(design, page, replace(facts, answers={**facts.answers, **given}))
    visible = {item.code for item in shown}
    faults: dict[str, Fault] = {}
    for item in shown:
        found = read_items.get(item.code)
        if fault := found if isinstance(found, Fault) else _open(item, found, set(asked)):
            faults[item.code] = fault
    kept = {
        code: answer
        for code, answer in given.items()
        if code not in faults and (code in visible or not _empty(answer))
    }
    soft = {code for code, fault in faults.items() if fault is Fault.ASKED_ONCE}
    return Checked(kept, faults, frozenset(soft))


def foreseen(design: Design, page: Page, sent: Sent, facts: Facts, *, language: str) -> Facts:
    """The facts as they would be if the fields were sent: what can be read of them counts."""
    read_items = {
        item.code: read(design, item, sent, language)
        for item in may_show(design, page, facts)
        if item.kind is not ItemKind.STATEMENT
    }
    given = {code: found for code, found in read_items.items() if not isinstance(found, Fault)}
    return replace(facts, answers={**facts.answers, **given})


def wrong_comprehension(design: Design, page: Page, answers: Answers) -> tuple[str, ...]:
    """The page's comprehension checks that were answered, and not as expected."""
    return tuple(
        item.code
        for item in page.items
        if item.role is Role.COMPREHENSION_CHECK
        and answers.get(item.code) not in (None, item.expected)
    )


def _open(item: Item, answer: Answer, asked: set[str]) -> Fault | None:
    """What to say of an item that was left open, None if that is all right."""
    if not item.required or item.kind is ItemKind.STATEMENT or not _empty(answer):
        return None
    if not item.soft:
        return Fault.REQUIRED
    return None if item.code in asked else Fault.ASKED_ONCE


def _empty(answer: Answer) -> bool:
    return answer is None or missing_kind(answer) == UNTOUCHED
