"""What the site should do with what somebody sends, by plain rules of its own."""

from dataclasses import dataclass, field
from typing import Any

from experiments.design import Design, Item, ItemKind, Page, Role
from experiments.logic import Value, holds, parse
from experiments.ordering import ordered_pages

UNTOUCHED = {"missing": "untouched"}
Answers = dict[str, Any]


@dataclass
class Outlook:
    """What is known of one participant, and what follows from it."""

    design: Design
    seed: bytes = b""
    answers: Answers = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)

    def values(self, answers: Answers) -> dict[str, Value]:
        """What conditions compare: what was not shown was not answered."""
        found: dict[str, Value] = {**self.levels}
        for page in self.design.pages:
            here = holds_for(page.shown_if, found)
            for item in page.items:
                shown = here and holds_for(item.shown_if, found)
                found[item.code] = _value(answers.get(item.code)) if shown else None
        return found

    def shown(self, page: Page, answers: Answers) -> list[Item]:
        """The items that the page asks if these are the answers so far."""
        values = self.values(answers)
        return [item for item in page.items if holds_for(item.shown_if, values)]

    def hidden(self, until: str) -> set[str]:
        """The items that conditions hide, of the pages up to that one."""
        values = self.values(self.answers)
        found: set[str] = set()
        for page in ordered_pages(self.design, self.seed):
            here = holds_for(page.shown_if, values)
            found |= {i.code for i in page.items if not (here and holds_for(i.shown_if, values))}
            if page.code == until:
                return found
        raise KeyError(until)

    def after(self, page: Page) -> Page:
        """The page that comes next."""
        pages = ordered_pages(self.design, self.seed)
        values = self.values(self.answers)
        return next(p for p in _from(pages, page) if holds_for(p.shown_if, values))

    def before(self, page: Page) -> Page:
        """The page that one goes back to."""
        pages = ordered_pages(self.design, self.seed)[::-1]
        values = self.values(self.answers)
        return next(p for p in _from(pages, page) if holds_for(p.shown_if, values))


def holds_for(condition: str, values: dict[str, Value]) -> bool:
    """Whether something with that condition is shown; without one it always is."""
    return not condition or holds(parse(condition), values)


def left_open(item: Item, answer: Any) -> bool:
    """Whether the item asks for more than this answer."""
    return item.kind is not ItemKind.STATEMENT and is_empty(answer) and item.required


def is_empty(answer: Any) -> bool:
    """Whether nothing was answered; “don't know” is something."""
    return answer is None or answer == UNTOUCHED


def misunderstood(items: list[Item], answers: Answers) -> list[Item]:
    """The comprehension checks that were answered wrong."""
    checks = [item for item in items if item.role is Role.COMPREHENSION_CHECK]
    return [item for item in checks if answers.get(item.code) != item.expected]


@dataclass
class Places:
    """Who holds which place of which quota."""

    design: Design
    held: dict[tuple[str, tuple[str, ...]], set[int]] = field(default_factory=dict)

    def take(self, holder: int, answers: Answers) -> bool:
        """Gives the holder the places that the answers ask for; False if one is full."""
        wanted = {}
        for quota in self.design.quotas:
            cell = tuple(_code(answers.get(item)) for item in quota.items)
            limits = {each.cell: each.places for each in quota.limits}
            if cell in limits:
                wanted[quota.code, cell] = limits[cell]
        if any(len(self.held.get(key, set()) - {holder}) >= most for key, most in wanted.items()):
            return False
        self.give_back(holder)
        for key in wanted:
            self.held.setdefault(key, set()).add(holder)
        return True

    def give_back(self, holder: int) -> None:
        """Takes every place from the holder."""
        for holders in self.held.values():
            holders.discard(holder)

    @property
    def full(self) -> bool:
        """Whether the study as a whole has no place left."""
        places = {q.code: q.limits[0].places for q in self.design.quotas if not q.items}
        return any(len(self.held.get((code, ()), ())) >= most for code, most in places.items())


def _value(answer: Any) -> Value:
    if isinstance(answer, list):
        return tuple(answer)
    return answer if isinstance(answer, str) else None


def _code(answer: Any) -> str:
    return answer if isinstance(answer, str) else ""


def _from(pages: tuple[Page, ...], page: Page) -> tuple[Page, ...]:
    codes = [each.code for each in pages]
    return pages[codes.index(page.code) + 1 :]
