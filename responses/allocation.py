"""The allocation ledger: claims the next position of a list under its lock.

One statement takes the position, chains the digest, writes the ledger row and links it to the
participant, so that a position is neither lost nor given twice whatever is aborted. The arms of
the next positions are computed before and sent along; the statement picks the one of the position
that it got under the lock.
"""

import json
import uuid
from itertools import islice
from typing import Any, cast

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from experiments.design import Method, Randomisation
from experiments.randomisation import Draw
from responses.ledger.head import read_head
from responses.ledger.holder import Basis, Holder
from responses.ledger.lists import LOOKING_BACK, ListName, code_of, draws, seed_in_use, share
from responses.ledger.locked import claim_locked
from responses.tokens import holder_hash

__all__ = ["Basis", "Holder", "ListName", "allocate"]

# How many positions are sent along. More than the requests that can be in flight on one list
# between reading its head and locking it; if it is overrun all the same, the head is read again.
WINDOW = 64

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

READ_ASSIGNMENTS = """
SELECT assignments::text, revision = %(revision)s AND state = 'answering'
FROM responses_participant WHERE id = %(participant)s
"""

_Links = dict[str, Any]
NOTHING = Basis()


class _BeatenError(Exception):
    """Another request moved the participant on, or gave them their links, meanwhile."""


def allocate(*, holder: Holder, name: ListName, basis: Basis = NOTHING) -> _Links | None:
    """Gives the participant their rows of the list: the links by code, one but for decks.

    One who has an assignment of this randomisation keeps it, whoever asks and however often. None
    if another request moved the participant on meanwhile: then no position was taken.
    """
    claim = _claim_locked if _looks_under_the_lock(name.randomisation) else _claim_next
    while True:
        if links := claim(holder, name, basis):
            return links
        held, unmoved = _held(holder, name.randomisation)
        if held or not unmoved:
            return held or None


def _looks_under_the_lock(step: Randomisation) -> bool:
    """Whether the next row depends on more than its position in a list."""
    past = step.method in (*LOOKING_BACK, Method.DECK)
    return past or bool(step.cluster or step.reuse_after_minutes)


def _claim_locked(holder: Holder, name: ListName, basis: Basis) -> _Links | None:
    try:
        with transaction.atomic():
            if links := claim_locked(holder=holder, name=name, basis=basis):
                return links
            raise _BeatenError
    except _BeatenError:
        return None


def _claim_next(holder: Holder, name: ListName, basis: Basis) -> _Links | None:
    """One statement for a list that nobody needs to look at: None also if it was overrun."""
    key = str(uuid.uuid4())
    claim = _window(name) | {
        "participant": holder.participant_id,
        "revision": holder.revision,
        "randomisation": name.randomisation.code,
        "key": key,
        "holder": holder_hash(holder.reference, key),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, claim)
        row = cursor.fetchone()
    return {name.randomisation.code: json.loads(row[0])} if row else None


def _held(holder: Holder, step: Randomisation) -> tuple[_Links, bool]:
    """The links that they have by now, and whether they are still where they were."""
    who = {"participant": holder.participant_id, "revision": holder.revision}
    with connection.cursor() as cursor:
        cursor.execute(READ_ASSIGNMENTS, who)
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"There is no participant {holder.participant_id} to allocate.")
    codes = {code_of(step, draw) for draw in range(1, step.draws + 1)}
    held = {code: each for code, each in json.loads(row[0]).items() if code in codes}
    return held, cast(bool, row[1])


def _window(name: ListName) -> dict[str, Any]:
    """What a claim of the next positions sends along; the head is read without a lock."""
    step, head = name.randomisation, read_head(name, lock=False)
    ahead: list[Draw] = list(
        islice(draws(name, seed_in_use(name.version.study_id), head.place), WINDOW)
    )
    levels = {arm.code: dict(zip(step.factors, arm.levels, strict=True)) for arm in step.arms}
    return {
        "head": head.id,
        "first": head.next_position,
        "blocks": [draw.block for draw in ahead],
        "starts": [draw.block_start for draw in ahead],
        "arms": [step.arms[draw.arm].code for draw in ahead],
        "probabilities": [share(name, draw.arm) for draw in ahead],
        "levels": Jsonb(levels),
    }
