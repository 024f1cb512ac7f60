"""What the flags of a study's mode rest on: who is there, and the median time of each page.

It is kept with them, so that the next time only those are looked at for whom something changed.
"""

import hashlib
import json
from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from django.db import connection

from experiments.models import Status
from responses.pacing import Pace, spans
from responses.quality.speed import LEAST_PEOPLE

# The highest number that a row can have.
_ALL = 2**63 - 1
# While a study collects, its medians hold until so large a share of its pages is new.
NEW_ENOUGH = 0.01

# All that rules read is written with a new revision, or by somebody's coming or withdrawing.
STANDING = """
SELECT count(*) FILTER (WHERE is_here), count(*) FILTER (WHERE NOT is_here),
    coalesce(sum(revision) FILTER (WHERE is_here), 0),
    count(*) FILTER (WHERE is_here AND flagged_revision IS DISTINCT FROM revision),
    (SELECT max(id) FROM responses_participant),
    (SELECT status FROM experiments_study WHERE id = %(study)s),
    (SELECT basis FROM responses_flagsbasis WHERE study_id = %(study)s AND mode = %(mode)s)
FROM (
    SELECT revision, flagged_revision, state <> 'withdrawn' AS is_here FROM responses_participant
    WHERE study_id = %(study)s AND mode = %(mode)s AND id > %(after)s AND id <= %(up_to)s
) AS each
"""
KEEP = """
INSERT INTO responses_flagsbasis (study_id, mode, basis)
VALUES (%(study)s, %(mode)s, %(basis)s)
ON CONFLICT (study_id, mode) DO UPDATE SET basis = excluded.basis, computed_at = now()
"""
# All that one person spent on a page counts, however often they sent it, or left it by going back;
# who never sent it does not count.
TIMES = """
SELECT p.version_id, d.page, least(1000 * sum(d.seconds), 4294967295)::bigint
FROM responses_paradata d JOIN responses_participant p ON p.id = d.participant_id
WHERE p.study_id = %(study)s AND p.mode = %(mode)s AND p.id > %(after)s AND p.id <= %(up_to)s
GROUP BY p.version_id, d.page, p.id HAVING bool_or(d.facts <> '{}')
"""
MEDIANS = f"""
SELECT version_id, page, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float
FROM ({TIMES}) AS each (version_id, page, ms)
GROUP BY version_id, page HAVING count(*) >= %(least)s
"""  # noqa: S608 - our own constant

# In seconds, by version, then by page.
Medians: TypeAlias = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True)
class Standing:
    """Who is in a mode of a study: people, those who withdrew, and all that they sent."""

    people: int
    withdrew: int
    revisions: int


@dataclass(frozen=True)
class Basis:
    """What flags rest on: who was there, and the medians with who was there when they were taken.

    `rules` is the digest of the rules' own sources: a release with other rules computes anew.
    """

    rules: str
    standing: Standing
    medians: Medians
    taken: Standing

    def as_text(self) -> str:
        """As JSON, which `read_basis` reads."""
        medians = {str(version): dict(pages) for version, pages in self.medians.items()}
        plain = {
            "rules": self.rules,
            "standing": vars(self.standing),
            "medians": medians,
            "taken": vars(self.taken),
        }
        return json.dumps(plain, sort_keys=True)


@dataclass(frozen=True)
class Known:
    """The basis that was kept, if it is of these rules, and how things stand now.

    `changed` are those who sent something since they were looked at, `last` the highest number of
    any participant.
    """

    kept: Basis | None
    collects: bool
    last: int
    standing: Standing
    changed: int

    @property
    def has_medians(self) -> bool:
        """Whether the medians that were kept are still those to go by."""
        if self.kept is None or self.standing == self.kept.taken:
            return self.kept is not None
        new = abs(self.standing.revisions - self.kept.taken.revisions)
        return self.collects and new <= NEW_ENOUGH * self.kept.taken.revisions

    @property
    def is_current(self) -> bool:
        """Whether flags computed now would be those that are there."""
        is_same = self.kept is not None and self.standing == self.kept.standing
        return is_same and self.has_medians and not self.changed


def known(*, study_id: int, mode: str, pace: Pace | None) -> Known:
    """What was kept and how things stand; one SQL statement, more with a pace."""
    asked: dict[str, Any] = {"study": study_id, "mode": mode}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {**asked, "after": 0, "up_to": 0 if pace else _ALL})
        ((*counts, last, status, kept),) = cursor.fetchall()
        for after, up_to in spans(pace, last or 0) if pace else ():
            cursor.execute(STANDING, {**asked, "after": after, "up_to": up_to})
            ((*found, _, _, _),) = cursor.fetchall()
            counts = [sum(pair) for pair in zip(counts, found, strict=True)]
    people, withdrew, revisions, changed = map(int, counts)
    collects = status in (Status.LIVE, Status.PILOT)
    basis = read_basis(kept) if kept else None
    return Known(basis, collects, last or 0, Standing(people, withdrew, revisions), changed)


def read_basis(text: str) -> Basis | None:
    """The basis that was kept; None if it is not of the rules that there are now."""
    try:
        plain = json.loads(text)
    except ValueError:
        return None
    if plain["rules"] != rules():
        return None
    medians = {int(version): pages for version, pages in plain["medians"].items()}
    standing, taken = Standing(**plain["standing"]), Standing(**plain["taken"])
    return Basis(plain["rules"], standing, medians, taken)


def keep(*, study_id: int, mode: str, basis: Basis) -> None:
    """Keeps what the flags rest on."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"study": study_id, "mode": mode, "basis": basis.as_text()})


@cache
def rules() -> str:
    """The digest of the rules' own sources."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()


def medians_of(*, study_id: int, mode: str, last: int, pace: Pace | None) -> Medians:
    """The medians as they are now, of pages that enough people sent.

    Without a pace one SQL statement; else times are added up piece by piece: 4 bytes for each.
    """
    asked: dict[str, Any] = {"study": study_id, "mode": mode, "least": LEAST_PEOPLE}
    medians: dict[int, dict[str, float]] = {}
    with connection.cursor() as cursor:
        if pace is None:
            cursor.execute(MEDIANS, {**asked, "after": 0, "up_to": last})
            found = cursor.fetchall()
        else:
            times: defaultdict[tuple[int, str], array[int]] = defaultdict(lambda: array("I"))
            for after, up_to in spans(pace, last):
                cursor.execute(TIMES, {**asked, "after": after, "up_to": up_to})
                for version, page, ms in cursor.fetchall():
                    times[version, page].append(ms)
            found = [(*key, median(of)) for key, of in times.items() if len(of) >= LEAST_PEOPLE]
        for version, page, ms in found:
            medians.setdefault(version, {})[page] = round(float(ms) / 1000, 6)
    return medians
