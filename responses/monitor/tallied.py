"""Reads the tallies of a study, with what is not folded yet: one statement, of one moment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from responses.models import Mode
from responses.tallies import NOTED

# How many hours are told one by one; every day is.
HOURS = 48

# Tallies by the hour are summed by day here, so that what is read does not grow with the hours.
READ = f"""
WITH each AS (
    SELECT mode, kind, key COLLATE "C" AS key, people AS n FROM responses_tally
    WHERE study_id = %(study)s
    UNION ALL SELECT mode, kind, key, n FROM ({NOTED.format(notes="responses_tallychange")}) AS n
    WHERE study_id = %(study)s
), told AS MATERIALIZED (
    SELECT mode, kind, key, n, CASE WHEN kind = ANY(%(stages)s) THEN key::int END AS hour
    FROM each WHERE kind <> ALL(%(by_arm)s) OR mode = ANY(%(open)s)
)
SELECT mode, kind, key, sum(n)::bigint FROM told WHERE hour IS NULL
GROUP BY mode, kind, key HAVING sum(n) <> 0
UNION ALL
SELECT mode, kind || '.hour', key, sum(n)::bigint FROM told WHERE hour >= %(first)s::int
GROUP BY mode, kind, key HAVING sum(n) <> 0
UNION ALL
SELECT mode, kind || '.day', day::text, n FROM (
    SELECT mode, kind, (to_timestamp(hour * 3600::float8) AT TIME ZONE %(zone)s)::date AS day,
        sum(n)::bigint AS n
    FROM told WHERE hour IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0
) AS days
"""  # noqa: S608 # all parts are constants

# All arms together, and all hours.
BY_STAGE = f"""
SELECT slug, mode, kind, sum(n)::bigint FROM (
    SELECT study_id, mode, kind, people AS n FROM responses_tally
    UNION ALL
    SELECT study_id, mode, kind, n FROM ({NOTED.format(notes="responses_tallychange")}) AS noted
) AS each JOIN experiments_study s ON s.id = study_id
WHERE kind = ANY(%s) GROUP BY slug, mode, kind ORDER BY slug, mode, kind
"""  # noqa: S608 # all parts are constants

# How many are in one of those modes and states, by where everybody stands; a part of a statement.
# Of the tallies only these are read, which an index finds.
PEOPLE_IN = f"""
SELECT coalesce(sum(n), 0)::bigint FROM (
    SELECT t.key, t.people AS n FROM responses_tally t
    WHERE t.study_id = ANY({{studies}}) AND t.mode = ANY(%(modes)s::text[]) AND t.kind = 'place'
    UNION ALL
    SELECT key, n FROM ({NOTED.format(notes="responses_tallychange")}) AS noted
    WHERE study_id = ANY({{studies}}) AND mode = ANY(%(modes)s::text[]) AND kind = 'place'
) AS each
WHERE split_part(key, '|', 1) = ANY(%(values)s::text[])
"""  # noqa: S608 # all parts are constants


class Kind(StrEnum):
    """What participants have in common; `coprod_place` and `coprod_facts` write the keys."""

    PLACE = "place"
    ENTERED = "entered"
    CONSENTED = "consented"
    EXPOSED = "exposed"
    COMPLETED = "completed"
    TOOK = "took"
    LANGUAGE = "language"
    DEVICE = "device"
    LISTED = "listed"
    FLAG = "flag"
    UNSEEN = "unseen"
    CHECKS = "checks"
    ARM = "arm"
    ALLOCATED = "allocated"
    KEPT = "kept"


STAGES = (Kind.ENTERED, Kind.CONSENTED, Kind.EXPOSED, Kind.COMPLETED)
BY_ARM = (Kind.ARM, Kind.ALLOCATED)
# How far people came, and how many places of the ledger they hold.
COUNTED = (*STAGES, Kind.ALLOCATED)


@dataclass(frozen=True)
class Tallied:
    """The tallies of one mode: how many people, by kind and key."""

    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, kind: Kind) -> Mapping[str, int]:
        """How many by key."""
        return self.kinds.get(kind, {})

    def by_hour(self, stage: Kind) -> dict[int, int]:
        """How many in each of the last hours, by the hour's number since 1970."""
        return {int(key): n for key, n in self.kinds.get(f"{stage}.hour", {}).items()}

    def by_day(self, stage: Kind) -> Mapping[str, int]:
        """How many on each day of the site's time zone, by its date."""
        return self.kinds.get(f"{stage}.day", {})


def this_hour() -> int:
    """The number of the hour that is on, since 1970."""
    return int(timezone.now().timestamp()) // 3600


def read_tallied(study_id: int, *, open_modes: Collection[Mode]) -> dict[str, Tallied]:
    """The tallies by mode, those by arm only of modes whose arms are no secret; one statement."""
    asked: dict[str, Any] = {
        "study": study_id,
        "stages": list(STAGES),
        "by_arm": list(BY_ARM),
        "open": list(open_modes),
        "first": this_hour() - HOURS + 1,
        "zone": settings.TIME_ZONE,
    }
    found: dict[str, dict[str, dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        for mode, kind, key, people in cursor.fetchall():
            found.setdefault(mode, {}).setdefault(kind, {})[key] = people
    return {mode: Tallied(kinds) for mode, kinds in found.items()}


def people_by_stage() -> tuple[tuple[str, str, str, int], ...]:
    """Study, mode, stage and how many of that mode came as far, of all studies; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(BY_STAGE, [list(COUNTED)])
        return tuple(cursor.fetchall())
