"""Places by answers: claimed under a lock, held by a lease, kept for good by who completes.

A claim of a place is two statements in one transaction: the first locks the row of the cell, the
second counts and writes. One statement would not do, since it counts as of before it had the lock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.db import connection, transaction

from experiments.answers import Answers, chosen_code
from experiments.design import Design, Quota

LOCK = """
INSERT INTO responses_quotacell (study_id, mode, quota, cell) VALUES (%s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT one_row_per_quota_cell DO UPDATE SET cell = excluded.cell
RETURNING id
"""

# A live place of one's own is renewed; else a new one is taken if there is room.
TAKE = """
WITH moved AS (
    DELETE FROM responses_quotaplace p USING responses_quotacell c
    WHERE p.participant_id = %(participant)s AND c.id = p.cell_id AND c.quota = %(quota)s
        AND p.cell_id <> %(cell)s
)
INSERT INTO responses_quotaplace (cell_id, participant_id, leased_until)
SELECT %(cell)s, %(participant)s, clock_timestamp() + make_interval(mins => %(minutes)s)
WHERE (
    SELECT count(*) FROM responses_quotaplace WHERE cell_id = %(cell)s
        AND participant_id <> %(participant)s
        AND (leased_until IS NULL OR leased_until > clock_timestamp())
) < %(places)s OR %(exceed)s
ON CONFLICT ON CONSTRAINT one_place_per_cell
DO UPDATE SET leased_until = excluded.leased_until
"""

LEAVE = """
DELETE FROM responses_quotaplace p USING responses_quotacell c
WHERE p.participant_id = %s AND c.id = p.cell_id AND c.quota = %s
"""

KEEP = "UPDATE responses_quotaplace SET leased_until = NULL WHERE participant_id = %s"
GIVE_BACK = "DELETE FROM responses_quotaplace WHERE participant_id = %s"

TAKEN = """
SELECT c.quota, c.cell, count(p.id) FILTER (WHERE p.leased_until IS NULL),
    count(p.id) FILTER (WHERE p.leased_until > statement_timestamp())
FROM responses_quotacell c LEFT JOIN responses_quotaplace p ON p.cell_id = c.id
WHERE c.study_id = %s AND c.mode = %s GROUP BY c.quota, c.cell
"""

# Kept places are many and are tallied; those held now are few and have an index.
HELD = """
SELECT c.id, c.quota, c.cell, (
    SELECT count(*) FROM responses_quotaplace p
    WHERE p.cell_id = c.id AND p.leased_until > statement_timestamp()
)
FROM responses_quotacell c WHERE c.study_id = %s AND c.mode = %s
"""


@dataclass(frozen=True)
class Count:
    """The places of one cell: how many there are, are kept for good, and are held for now."""

    quota: str
    cell: tuple[str, ...]
    places: int
    kept: int
    held: int

    @property
    def left(self) -> int:
        """How many may still be taken; a new version may allow fewer than are taken."""
        return max(0, self.places - self.kept - self.held)


def claim(
    *,
    participant_id: int,
    study_id: int,
    mode: str,
    design: Design,
    answers: Answers,
    exceed: bool = False,
) -> bool:
    """Takes or renews a place in every quota whose items are all answered; False if one is full.

    With `exceed` a place is taken also where none is left. `answers` are those that count.
    Exact under any concurrency: a cell's places are counted while its row is locked, and cells are
    locked in one order, whatever the version. Two statements for each quota that has a limit for
    the answers, one for each that has none. A caller that then stores nothing rolls back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for quota in sorted(design.quotas, key=attrgetter("code")):
            cell = _cell(design, quota, answers)
            places = _places(quota).get(cell) if cell is not None else None
            if places is None:
                # Somebody who answered otherwise before may hold a place that they don't need now.
                cursor.execute(LEAVE, [participant_id, quota.code])
                continue
            cursor.execute(LOCK, [study_id, mode, quota.code, cell_name(cell or ())])
            parameters = {
                "cell": cursor.fetchone()[0],
                "participant": participant_id,
                "quota": quota.code,
                "places": places,
                "exceed": exceed,
                "minutes": quota.lease_minutes,
            }
            cursor.execute(TAKE, parameters)
            if not cursor.rowcount:
                return False
    return True


def settle(*, participant_id: int, completed: bool) -> None:
    """Keeps a participant's places for good, or gives them back; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP if completed else GIVE_BACK, [participant_id])


def study_is_full(*, study_id: int, mode: str, design: Design) -> bool:
    """Whether a quota over the whole study has no place left now; one statement if there is one."""
    if not any(not quota.items for quota in design.quotas):
        return False
    return any(
        not count.cell and count.kept + count.held >= count.places
        for count in counts(study_id=study_id, mode=mode, design=design)
    )


def counts(*, study_id: int, mode: str, design: Design) -> list[Count]:
    """How each cell with a limit stands, in the design's order; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [study_id, mode])
        taken = {(quota, cell): (kept, held) for quota, cell, kept, held in cursor.fetchall()}
    return _counts(design, taken)


def standing(*, study_id: int, mode: str, design: Design, kept: Mapping[int, int]) -> list[Count]:
    """The same for the desk, given how many are kept by cell; one statement, also of a million."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [study_id, mode])
        rows = cursor.fetchall()
    taken = {(quota, cell): (kept.get(row, 0), held) for row, quota, cell, held in rows}
    return _counts(design, taken)


def _counts(design: Design, taken: Mapping[tuple[str, str], tuple[int, int]]) -> list[Count]:
    return [
        Count(quota.code, cell, places, *taken.get((quota.code, cell_name(cell)), (0, 0)))
        for quota in design.quotas
        for cell, places in _places(quota).items()
    ]


def cell_name(cell: tuple[str, ...]) -> str:
    """A cell as the database keeps it: its option codes joined by a dot."""
    return ".".join(cell)


def _places(quota: Quota) -> Mapping[tuple[str, ...], int]:
    return {limit.cell: limit.places for limit in quota.limits}


def _cell(design: Design, quota: Quota, answers: Answers) -> tuple[str, ...] | None:
    """The cell that the answers fall in, None while one of them is missing."""
    codes = tuple(_codes(design, quota, answers))
    return codes if len(codes) == len(quota.items) else None


def _codes(design: Design, quota: Quota, answers: Answers) -> Iterator[str]:
    for item in quota.items:
        if code := chosen_code(design, design.item(item), answers.get(item)):
            yield code
