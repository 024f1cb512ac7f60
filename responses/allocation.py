"""The allocation ledger: claims the next position of a list under its lock, and replays lists.

One statement takes the position, chains the digest, writes the ledger row and links it to the
participant, so that a position is neither lost nor given twice whatever is aborted. The arms of
the next positions are computed before and sent along; the statement picks the one of the position
that it got under the lock.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from experiments import randomisation
from experiments.design import Randomisation
from experiments.models import DesignVersion, Study
from experiments.randomisation import Draw, Place, list_seed, probability
from experiments.seed import seed_of
from responses.models import Allocation
from responses.tokens import holder_hash

# How many positions are sent along. More than the requests that can be in flight on one list
# between reading its head and locking it; if it is overrun all the same, the head is read again.
WINDOW = 64

READ_HEAD = """
SELECT id, next_position, block, block_start FROM responses_allocationhead
WHERE version_id = %s AND randomisation = %s AND mode = %s AND stratum = %s
"""

MAKE_HEAD = """
INSERT INTO responses_allocationhead
    (version_id, randomisation, mode, stratum, next_position, block, block_start, digest)
VALUES (%s, %s, %s, %s, 0, 0, 0, %s)
ON CONFLICT ON CONSTRAINT one_head_per_list DO NOTHING
"""

CLAIM = """
WITH person AS (
    SELECT id FROM responses_participant
    WHERE id = %(participant)s AND NOT jsonb_exists(assignments, %(randomisation)s)
        AND revision = %(revision)s AND state = 'answering'
    FOR UPDATE
), head AS (
    UPDATE responses_allocationhead h SET
        next_position = h.next_position + 1,
        block = (%(blocks)s::bigint[])[h.next_position - %(first)s + 1],
        block_start = (%(starts)s::bigint[])[h.next_position - %(first)s + 1],
        digest = sha256(h.digest || convert_to(concat_ws('|',
            h.next_position,
            (%(blocks)s::bigint[])[h.next_position - %(first)s + 1],
            (%(arms)s::text[])[h.next_position - %(first)s + 1],
            (%(probabilities)s::text[])[h.next_position - %(first)s + 1],
            %(key)s,
            encode(%(holder)s::bytea, 'hex'),
            to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ), 'UTF8'))
    FROM person
    WHERE h.id = %(head)s AND h.next_position >= %(first)s
        AND h.next_position < %(first)s + cardinality(%(arms)s::text[])
    RETURNING h.*, h.next_position - %(first)s AS at
), ledger AS (
    INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum,
        position, block, arm, probability, holder, allocated_at, digest)
    SELECT %(key)s::uuid, version_id, randomisation, mode, stratum, next_position - 1, block,
        (%(arms)s::text[])[at], (%(probabilities)s::text[])[at],
        %(holder)s::bytea, statement_timestamp(), digest
    FROM head
    RETURNING stratum, position, arm, probability
)
UPDATE responses_participant p SET assignments = p.assignments || jsonb_build_object(
    %(randomisation)s::text, jsonb_build_object(
        'key', %(key)s::text, 'stratum', stratum, 'position', position, 'arm', arm,
        'levels', %(levels)s::jsonb -> arm, 'probability', probability))
FROM ledger WHERE p.id = %(participant)s
RETURNING p.assignments -> %(randomisation)s::text
"""

READ_ASSIGNMENT = """
SELECT assignments -> %(randomisation)s::text, revision = %(revision)s AND state = 'answering'
FROM responses_participant WHERE id = %(participant)s
"""


@dataclass(frozen=True)
class ListName:
    """Which list: the design version, the randomisation, the mode and the stratum."""

    version: DesignVersion
    randomisation: Randomisation
    mode: str
    stratum: str

    @property
    def key(self) -> tuple[int, str, str, str]:
        """The columns that name the list in the head row and in the ledger."""
        return (self.version.pk, self.randomisation.code, self.mode, self.stratum)

    @property
    def genesis(self) -> bytes:
        """The digest that the chain starts from: SHA-256 of the design's digest and the name."""
        name = "|".join((self.version.digest, *map(str, self.key[1:])))
        return hashlib.sha256(name.encode()).digest()

    def seed(self, study_seed: bytes) -> bytes:
        """The seed of this list."""
        return list_seed(
            study_seed,
            version=self.version.number,
            randomisation=self.randomisation.code,
            mode=self.mode,
            stratum=self.stratum,
        )


@dataclass(frozen=True)
class Holder:
    """Who is to be allocated: the participant as they were when their answers were checked."""

    participant_id: int
    reference: UUID
    revision: int


def allocate(*, holder: Holder, name: ListName) -> dict[str, Any] | None:
    """Gives the participant the next position of the list and returns their assignment.

    One who has an assignment of this randomisation keeps it, whoever asks and however often. None
    if another request moved the participant on meanwhile: then no position was taken.
    """
    who: dict[str, Any] = {
        "participant": holder.participant_id,
        "revision": holder.revision,
        "randomisation": name.randomisation.code,
    }
    while True:
        head, window = _window(name)
        key = str(uuid.uuid4())
        keyed = {"key": key, "holder": holder_hash(holder.reference, key), "head": head}
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, _parameters(name, window) | who | keyed)
            if row := cursor.fetchone():
                return _assignment(row[0])
            cursor.execute(READ_ASSIGNMENT, who)
            row = cursor.fetchone()
        if row is None:
            raise LookupError(f"There is no participant {holder.participant_id} to allocate.")
        assigned, unmoved = row
        if assigned or not unmoved:
            return _assignment(assigned) if assigned else None


def link(name: ListName, row: Allocation) -> dict[str, Any]:
    """What the participant who holds a ledger row has of it."""
    arm = next(arm for arm in name.randomisation.arms if arm.code == row.arm)
    return {
        "key": str(row.key),
        "stratum": row.stratum,
        "position": row.position,
        "arm": row.arm,
        "levels": dict(zip(name.randomisation.factors, arm.levels, strict=True)),
        "probability": row.probability,
    }


def row_digest(before: bytes, row: Allocation) -> bytes:
    """The digest of a ledger row: SHA-256 of the digest before it and of its fields."""
    time = row.allocated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    numbers = (str(row.position), str(row.block))
    holder = bytes(row.holder).hex()
    fields = "|".join((*numbers, row.arm, row.probability, str(row.key), holder, time))
    return hashlib.sha256(before + fields.encode()).digest()


def list_draws(name: ListName, study_seed: bytes) -> Iterator[Draw]:
    """The list from its first position, without end."""
    return _draws(name, study_seed, Place())


def share(name: ListName, arm: int) -> str:
    """The probability that the ledger states for the arm of that index, as a fraction."""
    return str(probability([arm.weight for arm in name.randomisation.arms], arm))


def _draws(name: ListName, study_seed: bytes, place: Place) -> Iterator[Draw]:
    step = name.randomisation
    weights = [arm.weight for arm in step.arms]
    seed = name.seed(study_seed)
    return randomisation.list_draws(step.method, seed, weights, step.block_sizes, place)


def _window(name: ListName) -> tuple[int, list[Draw]]:
    """The head's id and the draws of the next positions, read without a lock."""
    with connection.cursor() as cursor:
        cursor.execute(READ_HEAD, name.key)
        if (row := cursor.fetchone()) is None:
            cursor.execute(MAKE_HEAD, (*name.key, name.genesis))
            cursor.execute(READ_HEAD, name.key)
            row = cast(tuple[int, int, int, int], cursor.fetchone())
    head, next_position, block, block_start = row
    place = Place(next_position, block, block_start)
    return head, list(islice(_draws(name, _study_seed(name.version.study_id), place), WINDOW))


def _assignment(text: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(text))


def _parameters(name: ListName, window: list[Draw]) -> dict[str, Any]:
    arms = name.randomisation.arms
    factors = name.randomisation.factors
    return {
        "first": window[0].position,
        "blocks": [draw.block for draw in window],
        "starts": [draw.block_start for draw in window],
        "arms": [arms[draw.arm].code for draw in window],
        "probabilities": [share(name, draw.arm) for draw in window],
        "levels": Jsonb({arm.code: dict(zip(factors, arm.levels, strict=True)) for arm in arms}),
    }


@lru_cache(maxsize=1024)
def _study_seed(study_id: int) -> bytes:
    """The seed is drawn once and never changes, so a process decrypts it once."""
    return seed_of(Study.objects.get(pk=study_id))
