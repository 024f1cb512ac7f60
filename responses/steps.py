"""The steps of a participant as they were recorded: pages sent, and pages left by going back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

PER_PAGE = 50

# A submission without paradata is of a study that keeps none; paradata without one is a way back.
READ = """
SELECT coalesce(s.page, d.page), s.language, s.answers, coalesce(s.received_at, d.received_at),
    d.seconds::float, d.facts
FROM (SELECT * FROM responses_submission WHERE participant_id = %(id)s) s
FULL JOIN (SELECT * FROM responses_paradata WHERE participant_id = %(id)s) d
    ON d.revision = s.revision
WHERE NOT coalesce(s.page, d.page) = ANY(%(hidden)s)
ORDER BY coalesce(s.revision, d.revision) LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class Step:
    """One page that was sent, or left by going back: then there are no answers.

    `seconds` and `facts` are those of `responses.paradata`, none where the study keeps none.
    """

    page: str
    at: datetime
    language: str = ""
    answers: Mapping[str, Any] | None = None
    seconds: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Steps:
    """A page of steps in their order; `since` and `until` are the times that it covers.

    None for all before the first step, and for all after the last.
    """

    steps: tuple[Step, ...]
    since: datetime | None
    until: datetime | None


def read_steps(*, participant: int, hidden: Collection[str], number: int) -> Steps:
    """The page of that number, from 1, without steps of hidden pages; one SQL statement."""
    first = max(0, number - 1) * PER_PAGE
    # One before and one after it are read too.
    asked: dict[str, Any] = {"id": participant, "hidden": list(hidden)}
    asked |= {"offset": max(0, first - 1), "limit": PER_PAGE + 1 + bool(first)}
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        found = [_step(*row) for row in cursor.fetchall()]
    before = found.pop(0) if first and found else None
    more = len(found) > PER_PAGE
    steps = tuple(found[:PER_PAGE])
    return Steps(steps, before.at if before else None, steps[-1].at if more else None)


def _step(
    page: str,
    language: str | None,
    answers: str | None,
    at: datetime,
    seconds: float | None,
    facts: str | None,
) -> Step:
    given = json.loads(answers) if answers is not None else None
    return Step(page, at, language or "", given, seconds, json.loads(facts or "{}"))
