"""What the quality rules found in a study, by rule and by participant; pooled, no arm anywhere."""

import json
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Q

from experiments.flags import RULES, Rule
from responses.models import Participant, State

PER_PAGE = 50

COUNT = """
SELECT f.key, count(*), count(*) FILTER (WHERE f.value::int >= (%(least)s::jsonb ->> f.key)::int)
FROM responses_participant p, jsonb_each_text(p.flags) AS f
WHERE p.study_id = %(study)s AND p.mode = %(mode)s AND f.value IS NOT NULL
GROUP BY f.key
"""


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
    least = json.dumps({rule.name: rule.least for rule in RULES})
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"study": study_id, "mode": mode, "least": least})
        counts = {name: (judged, flagged) for name, judged, flagged in cursor.fetchall()}
    return tuple(Found(rule, *counts.get(rule.name, (0, 0))) for rule in RULES)


def not_looked_at(*, study_id: int, mode: str) -> int:
    """How many participants the rules have not looked at yet; one SQL statement."""
    people = Participant.objects.filter(study_id=study_id, mode=mode, flags__isnull=True)
    return people.exclude(state=State.WITHDRAWN).count()


def flagged_people(*, study_id: int, mode: str, page: str) -> Page[Participant]:
    """A page of those whom a rule flags, in the order of entry; two SQL statements."""
    flagged = Q()
    for rule in RULES:
        flagged |= Q(**{f"flags__{rule.name}__gte": rule.least})
    people = Participant.objects.filter(flagged, study_id=study_id, mode=mode).order_by("id")
    shown = people.only("id", "reference", "state", "flags")
    return Paginator(shown, PER_PAGE).get_page(page)


def flags_said(participant: Participant) -> tuple[tuple[Rule, int], ...]:
    """The rules that flag a participant, with their numbers."""
    flags = participant.flags or {}
    return tuple(
        (rule, flags[rule.name])
        for rule in RULES
        if flags.get(rule.name) is not None and flags[rule.name] >= rule.least
    )
