"""How many completed, and how many of them are eligible: as the tallies have it, or counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db.models import Count, Q

from analysis.eligibility import eligible
from analysis.exclusions import counted_checks
from experiments.design import Design
from responses.models import Participant, State
from responses.tallies import Checked, read_checked

# Completes and eligible completes, by study and mode.
Counts: TypeAlias = Mapping[tuple[int, str], tuple[int, int]]


@dataclass(frozen=True)
class People:
    """The participants of one study and mode, and the design whose plan says who is eligible."""

    study_id: int
    mode: str
    design: Design

    @property
    def key(self) -> tuple[int, str]:
        """By what they are counted."""
        return self.study_id, self.mode


def read_counts(people: Sequence[People]) -> Counts:
    """From the tallies, in one statement that reads as much however many participants there are.

    Exact. Who began on a version that expects another answer to a check than the design does, or
    has not that check, was tallied by that version's checks: such are counted, in one statement.
    """
    tallied: dict[tuple[int, str], list[Checked]] = {}
    for found in read_checked([each.study_id for each in people]):
        tallied.setdefault((found.study_id, found.mode), []).append(found)
    counts: dict[tuple[int, str], tuple[int, int]] = {}
    others = []
    for each in people:
        rule, groups = counted_checks(each.design), tallied.get(each.key, [])
        if all(rule.items() <= group.checks.items() for group in groups):
            passed = [group.people for group in groups if not rule.keys() & group.failed]
            counts[each.key] = sum(group.people for group in groups), sum(passed)
        else:
            others.append(each)
    return {**counts, **(count_people(others) if others else {})}


def count_people(people: Sequence[People]) -> Counts:
    """By counting them all, in one statement; some there have to be."""
    places = [Q(study=each.study_id, mode=each.mode) for each in people]
    rules = [place & eligible(each.design) for place, each in zip(places, people, strict=True)]
    rows = (
        Participant.objects.filter(reduce(or_, places), state=State.COMPLETED)
        .order_by()
        .values_list("study_id", "mode")
        .annotate(completes=Count("id"), eligible=Count("id", filter=reduce(or_, rules)))
    )
    return {(study_id, mode): (completes, n) for study_id, mode, completes, n in rows}
