"""The allocation ledger: claims the next position of a list under its lock.

One statement takes the position, chains the digest, writes the ledger row and links it to the
participant, so that a position is neither lost nor given twice whatever is aborted. The arms of
the next positions are known before (`ledger/ahead.py`) and sent along; the statement picks the one
of the position that it got under the lock.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.db import connection, transaction

from experiments.design import Method, Randomisation
from responses.ledger.ahead import ahead_of, forget, keep
from responses.ledger.drawing import code_of
from responses.ledger.holder import Basis, Holder
from responses.ledger.lists import LOOKING_BACK, ListName
from responses.ledger.locked import claim_locked
from responses.planned import row_of
from responses.tokens import holder_hash

__all__ = ["Basis", "Holder", "ListName", "allocate", "allocate_by", "takes_the_next"]

# Takes the position of whoever waits for one, where they are and as long as the study is open.
POSITION = """
WITH waiting AS (
    SELECT id FROM responses_participant
    WHERE id = %(participant)s::bigint
        AND NOT jsonb_exists(assignments, %(randomisation)s::text)
        AND revision = %(revision)s::int AND state = 'answering'
        AND study_id IN (SELECT id FROM experiments_study WHERE status <> 'closed')
    FOR UPDATE
), head AS (
    UPDATE responses_allocationhead h SET
        next_position = h.next_position + 1,
        block = (%(blocks)s::bigint[])[h.next_position - %(first)s::bigint + 1],
        block_start = (%(starts)s::bigint[])[h.next_position - %(first)s::bigint + 1],
        digest = sha256(h.digest || convert_to(concat_ws('|',
            h.next_position,
            (%(blocks)s::bigint[])[h.next_position - %(first)s::bigint + 1],
            (%(arms)s::text[])[(%(drawn)s::int[])[h.next_position - %(first)s::bigint + 1]],
            (%(probabilities)s::text[])[
                (%(drawn)s::int[])[h.next_position - %(first)s::bigint + 1]],
            %(key)s::text,
            encode(%(holder)s::bytea, 'hex'),
            to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ), 'UTF8'))
    FROM waiting
    WHERE h.id = %(head)s::bigint AND h.next_position >= %(first)s::bigint
        AND h.next_position < %(first)s::bigint + cardinality(%(drawn)s::int[])
    RETURNING h.*, (%(drawn)s::int[])[h.next_position - %(first)s::bigint] AS drawn
), ledger AS (
    INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum,
        position, block, arm, probability, holder, allocated_at, digest)
    SELECT %(key)s::text::uuid, version_id, randomisation, mode, stratum, next_position - 1,
        block, (%(arms)s::text[])[drawn], (%(probabilities)s::text[])[drawn],
        %(holder)s::bytea, statement_timestamp(), digest
    FROM head
    RETURNING stratum, position, arm, probability
)"""
# What the participant keeps of it.
LINKED = """assignments = p.assignments || jsonb_build_object(
        %(randomisation)s::text, jsonb_build_object(
            'key', %(key)s::text, 'stratum', stratum, 'position', position, 'arm', arm,
            'levels', %(levels)s::jsonb -> arm, 'probability', probability))"""
CLAIM = f"""{POSITION}
UPDATE responses_participant p SET {LINKED}
FROM ledger WHERE p.id = %(participant)s::bigint
RETURNING position, p.assignments -> %(randomisation)s::text
"""  # noqa: S608 # both parts are constants

READ_ASSIGNMENTS = """
SELECT assignments::text, revision = %(revision)s AND state = 'answering'
    AND study_id IN (SELECT id FROM experiments_study WHERE status <> 'closed')
FROM responses_participant WHERE id = %(participant)s
"""

_Links = dict[str, Any]
NOTHING = Basis()


class _BeatenError(Exception):
    """Another request moved the participant on, or gave them their links, meanwhile."""


def allocate(*, holder: Holder, name: ListName, basis: Basis = NOTHING) -> _Links | None:
    """Gives the participant their rows of the list: the links by code, one but for decks.

    One who has an assignment of this randomisation keeps it, whoever asks and however often. None
    if another request moved the participant on, or the study was closed, meanwhile: then no
    position was taken.
    """
    claim = _claim_next if takes_the_next(name.randomisation) else _claim_locked
    while True:
        if links := claim(holder, name, basis):
            return links
        held, unmoved = _held(holder, name.randomisation)
        if held or not unmoved:
            return held or None


def allocate_by(
    statement: str, parameters: Mapping[str, Any], *, holder: Holder, name: ListName
) -> bool:
    """Runs a statement of `POSITION` that gives the position, and does more with the row.

    For lists whose next row is taken as it comes. False if it did nothing: the participant has an
    assignment of this randomisation, was moved on, or the study was closed.
    """
    while _taken(statement, holder, name, parameters) is None:
        held, unmoved = _held(holder, name.randomisation)
        if held or not unmoved:
            return False
    return True


def takes_the_next(step: Randomisation) -> bool:
    """Whether the next row depends on its position in a list alone."""
    past = step.method in (*LOOKING_BACK, Method.DECK)
    return not (past or step.cluster or step.reuse_after_minutes)


def _claim_locked(holder: Holder, name: ListName, basis: Basis) -> _Links | None:
    try:
        with transaction.atomic():
            if links := claim_locked(holder=holder, name=name, basis=basis):
                return links
            raise _BeatenError
    except _BeatenError:
        return None


def _claim_next(holder: Holder, name: ListName, basis: Basis) -> _Links | None:
    if row := _taken(CLAIM, holder, name, {}):
        return {name.randomisation.code: json.loads(row[1])}
    return None


def _taken(
    statement: str, holder: Holder, name: ListName, parameters: Mapping[str, Any]
) -> tuple[Any, ...] | None:
    """One statement for a list that nobody needs to look at: None also if it was overrun."""
    key, ahead = str(uuid.uuid4()), ahead_of(name)
    claim = {
        "participant": holder.participant_id,
        "revision": holder.revision,
        "randomisation": name.randomisation.code,
        "key": key,
        "holder": holder_hash(holder.reference, key),
    }
    row = row_of(statement, {**parameters, **ahead.sent, **claim})
    if row is None:
        forget(name)
        return None
    keep(ahead.behind(row[0]))
    return row


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
