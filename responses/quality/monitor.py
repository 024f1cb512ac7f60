"""What the quality rules found in a study, by rule and by participant; pooled, no arm anywhere."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Q

from experiments.flags import RULES, Rule
from responses.models import Participant
from responses.monitor.tallied import Kind, Tallied, read_tallied
from responses.paged import BoundedPaginator

PER_PAGE = 50


class FlaggedPaginator(BoundedPaginator):
    """No index finds who is flagged: their number is told as far as somebody turns pages."""

    counted = 1_000


@dataclass(frozen=True)
class Found:
    """One rule: how many participants it could judge, and how many of them it flags."""

    rule: Rule
    judged: int
    flagged: int

    @property
    def per_cent(self) -> float | None:
        """The share of those judged; None if nobody was."""
        return 100 * self.flagged / self.judged if self.judged else None


def found_by_rule(*, study_id: int, mode: str) -> tuple[Found, ...]:
    """What each rule found, in their order; one SQL statement."""
    return found_in(read_tallied(study_id, open_modes=()).get(mode, Tallied()))


def found_in(tallied: Tallied) -> tuple[Found, ...]:
    """What each rule found, in their order."""
    counts: dict[str, list[tuple[int, int]]] = {}
    for key, people in tallied.of(Kind.FLAG).items():
        name, _, number = key.partition("|")
        counts.setdefault(name, []).append((int(number), people))
    return tuple(_found(rule, counts.get(rule.name, [])) for rule in RULES)


def _found(rule: Rule, counts: list[tuple[int, int]]) -> Found:
    flagged = sum(people for number, people in counts if number >= rule.least)
    return Found(rule, sum(people for _, people in counts), flagged)


def not_looked_at(*, study_id: int, mode: str) -> int:
    """How many participants the rules have not looked at yet; one SQL statement."""
    found = read_tallied(study_id, open_modes=()).get(mode, Tallied())
    return found.of(Kind.UNSEEN).get("", 0)


def flagged_people(*, study_id: int, mode: str, page: str) -> Page[Participant]:
    """A page of those whom a rule flags, in the order of entry; three SQL statements."""
    flagged = Q()
    for rule in RULES:
        flagged |= Q(**{f"flags__{rule.name}__gte": rule.least})
    people = Participant.objects.filter(flagged, study_id=study_id, mode=mode).order_by("id")
    shown = people.only("id", "reference", "state", "flags")
    return FlaggedPaginator(shown, PER_PAGE).get_page(page)


def flags_said(participant: Participant) -> tuple[tuple[Rule, int], ...]:
    """The rules that flag a participant, with their numbers."""
    flags = participant.flags or {}
    return tuple(
        (rule, flags[rule.name])
        for rule in RULES
        if flags.get(rule.name) is not None and flags[rule.name] >= rule.least
    )
