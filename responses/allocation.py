"""The allocation ledger: claims the next position of a list under its lock.

One statement takes the position, chains the digest, writes the ledger row and links it to the
participant, so that a position is neither lost nor given twice whatever is aborted. The arms of
the next positions are computed before and sent along; the statement picks the one of the position
that it got under the lock.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from experiments import randomisation
from experiments.design import Method, Randomisation
from experiments.models import DesignVersion, Study
from experiments.randomisation import (
    Draw,
    Place,
    Tally,
    list_seed,
    next_draw,
    probability,
    profile_of,
)
from experiments.seed import seed_of
from responses.tokens import holder_hash

# How many positions are sent along. More than the requests that can be in flight on one list
# between reading its head and locking it; if it is overrun all the same, the head is read again.
WINDOW = 64
START = Place()

READ_HEAD = """
SELECT id, next_position, block, block_start, tally::text FROM responses_allocationhead
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
            to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            nullif(%(covariates)s, '')
        ), 'UTF8')),
        tally = coalesce(%(tally)s::jsonb, h.tally)
    FROM person
    WHERE h.id = %(head)s AND h.next_position >= %(first)s
        AND h.next_position < %(first)s + cardinality(%(arms)s::text[])
    RETURNING h.*, h.next_position - %(first)s AS at
), ledger AS (
    INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum,
        position, block, arm, probability, holder, allocated_at, digest, covariates)
    SELECT %(key)s::uuid, version_id, randomisation, mode, stratum, next_position - 1, block,
        (%(arms)s::text[])[at], (%(probabilities)s::text[])[at],
        %(holder)s::bytea, statement_timestamp(), digest, %(covariates)s
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


def allocate(*, holder: Holder, name: ListName, covariates: str = "") -> dict[str, Any] | None:
    """Gives the participant the next position of the list and returns their assignment.

    `covariates` are what minimisation balances, as `stratum_name` writes them.
    One who has an assignment of this randomisation keeps it, whoever asks and however often. None
    if another request moved the participant on meanwhile: then no position was taken.
    """
    who: dict[str, Any] = {
        "participant": holder.participant_id,
        "revision": holder.revision,
        "randomisation": name.randomisation.code,
    }
    looks_back = name.randomisation.method is Method.MINIMISATION
    while True:
        # What looks back must know all that came before: it reads the head under its lock.
        with transaction.atomic() if looks_back else nullcontext():
            claim = _newcomer(name, covariates) if looks_back else _window(name)
            key = str(uuid.uuid4())
            keyed = {"key": key, "holder": holder_hash(holder.reference, key)}
            with connection.cursor() as cursor:
                cursor.execute(CLAIM, claim | who | keyed)
                if row := cursor.fetchone():
                    return _assignment(row[0])
                cursor.execute(READ_ASSIGNMENT, who)
                row = cursor.fetchone()
        if row is None:
            raise LookupError(f"There is no participant {holder.participant_id} to allocate.")
        assigned, unmoved = row
        if assigned or not unmoved:
            return _assignment(assigned) if assigned else None


def share(name: ListName, arm: int) -> str:
    """The probability that the ledger states for the arm of that index of a list, as a fraction."""
    return str(probability([arm.weight for arm in name.randomisation.arms], arm))


def draws(name: ListName, study_seed: bytes, place: Place = START) -> Iterator[Draw]:
    """The list from a place in it, the first position if none is given, without end."""
    step = name.randomisation
    weights = [arm.weight for arm in step.arms]
    seed = name.seed(study_seed)
    return randomisation.list_draws(step.method, seed, weights, step.block_sizes, place)


def _window(name: ListName) -> dict[str, Any]:
    """What a claim of the next positions sends along; the head is read without a lock."""
    head, next_position, block, block_start, _ = _head(name, READ_HEAD)
    place = Place(next_position, block, block_start)
    ahead = list(islice(draws(name, _study_seed(name.version.study_id), place), WINDOW))
    shares = [share(name, draw.arm) for draw in ahead]
    return _claim(name, head, ahead, shares)


def _newcomer(name: ListName, covariates: str) -> dict[str, Any]:
    """What a claim by minimisation sends along; the head stays locked."""
    step, profile = name.randomisation, profile_of(covariates)
    head, position, _, _, counts = _head(name, READ_HEAD + "FOR UPDATE")
    tally = Tally.from_json(len(step.arms), json.loads(counts))
    seed = name.seed(_study_seed(name.version.study_id))
    arm, chance = next_draw(step, seed, position, tally, profile)
    after = Jsonb(tally.with_(profile, arm).as_json())
    claim = _claim(name, head, [Draw(position, 0, 0, arm)], [str(chance)])
    return claim | {"covariates": covariates, "tally": after}


def _head(name: ListName, statement: str) -> tuple[int, int, int, int, str]:
    """The head row, made if there was none yet."""
    with connection.cursor() as cursor:
        cursor.execute(statement, name.key)
        if (row := cursor.fetchone()) is None:
            cursor.execute(MAKE_HEAD, (*name.key, name.genesis))
            cursor.execute(statement, name.key)
            row = cursor.fetchone()
    return cast(tuple[int, int, int, int, str], row)


def _assignment(text: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(text))


def _claim(
    name: ListName, head: int, draws: list[Draw], probabilities: list[str]
) -> dict[str, Any]:
    step = name.randomisation
    levels = {arm.code: dict(zip(step.factors, arm.levels, strict=True)) for arm in step.arms}
    return {
        "head": head,
        "first": draws[0].position,
        "blocks": [draw.block for draw in draws],
        "starts": [draw.block_start for draw in draws],
        "arms": [step.arms[draw.arm].code for draw in draws],
        "probabilities": probabilities,
        "levels": Jsonb(levels),
        "covariates": "",
        "tally": None,
    }


@lru_cache(maxsize=1024)
def _study_seed(study_id: int) -> bytes:
    """The seed is drawn once and never changes, so a process decrypts it once."""
    return seed_of(Study.objects.get(pk=study_id))
