"""Claims rows while the list's head stays locked, for what must know all rows before its own.

That are minimisation, the coin towards completes, decks, clusters, and lists whose positions are
given again. One statement then writes the rows, moves the head and gives the participant their
links, so all stand or fall together.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from django.db import connection
from psycopg.types.json import Jsonb

from experiments.design import Method
from experiments.randomisation import Draw, Tally
from responses.ledger import drawing, reuse
from responses.ledger.drawing import Expected, code_of
from responses.ledger.head import Head, read_head
from responses.ledger.holder import Basis, Holder
from responses.ledger.lists import CLUSTER, ListName, draws, seed_in_use, share
from responses.ledger.row import link, row_digest
from responses.models import Allocation
from responses.tokens import holder_hash

LEDGER = """
INSERT INTO responses_allocation (key, version_id, randomisation, mode, stratum, position, draw,
    block, arm, probability, holder, allocated_at, digest, covariates, releases)
SELECT key, %(version_id)s, %(randomisation)s, %(mode)s, %(stratum)s, position, draw,
    block, arm, probability, holder, %(now)s, digest, covariates, releases
FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[], %(draws)s::int[], %(blocks)s::bigint[],
    %(arms)s::text[], %(probabilities)s::text[], %(holders)s::bytea[], %(digests)s::bytea[],
    %(told)s::text[], %(releases)s::bigint[])
    AS given(key, position, draw, block, arm, probability, holder, digest, covariates, releases)
"""

HEAD = """
UPDATE responses_allocationhead SET next_position = %(next)s, block = %(block)s,
    block_start = %(block_start)s, reused = %(reused)s, tally = %(tally)s, digest = %(digest)s
WHERE id = %(head)s
"""

LINK = """
UPDATE responses_participant SET assignments = assignments || %(links)s,
    may_be_released = exposed_at IS NULL AND (may_be_released OR %(reused)s)
WHERE id = %(participant)s AND revision = %(revision)s AND state = 'answering'
    AND NOT jsonb_exists(assignments, %(code)s)
"""

COMPLETES = """
SELECT assignments -> %(randomisation)s ->> 'arm', count(*) FROM responses_participant
WHERE version_id = %(version_id)s AND mode = %(mode)s AND state = 'completed'
    AND assignments -> %(randomisation)s ->> 'stratum' = %(stratum)s
GROUP BY 1
"""

CLUSTER_ROW = """
SELECT arm, probability FROM responses_allocation
WHERE version_id = %(version_id)s AND randomisation = %(randomisation)s AND mode = %(mode)s
    AND stratum = '' AND covariates = %(told)s
"""


@dataclass(frozen=True)
class _Claimed:
    """The next rows of a list, what they tell of how they were drawn, and its head after them."""

    rows: Sequence[Expected]
    block_start: int
    tally: dict[str, Any]
    told: str = ""
    releases: int | None = None


def claim_locked(*, holder: Holder, name: ListName, basis: Basis) -> dict[str, Any] | None:
    """Gives the participant the next rows of the list: their links, by code.

    To be called in a transaction, which the caller rolls back if it returns None: then somebody
    else moved the participant on, or gave them these links.
    """
    if name.randomisation.cluster:
        return _member(holder, name, basis)
    head = read_head(name, lock=True)
    return _written(holder, name, head, _claimed(holder, name, head, basis))


def _claimed(holder: Holder, name: ListName, head: Head, basis: Basis) -> _Claimed:
    step, position = name.randomisation, head.next_position
    seed = name.seed(seed_in_use(name.version.study_id))
    if step.method is Method.MINIMISATION:
        before = Tally.from_json(len(step.arms), head.tally)
        row, after = drawing.minimised(step, seed, position, basis.covariates, before)
        return _Claimed([row], 0, after.as_json(), told=basis.covariates)
    if step.method is Method.TOWARD_COMPLETES:
        told = drawing.completes_told(step, _completes(name))
        row = drawing.short_of_completes(step, seed, position, told)
        return _Claimed([row], 0, {}, told=told)
    if step.method is Method.DECK:
        return _Claimed(drawing.dealt_rows(step, seed, position // step.draws), 0, {})
    if step.reuse_after_minutes and (old := reuse.release(holder=holder, name=name)):
        row = Expected(position, old.block, old.arm, old.probability)
        return _Claimed([row], head.block_start, {}, releases=old.position)
    return _next_of_list(name, head)


def _next_of_list(name: ListName, head: Head) -> _Claimed:
    draw: Draw = next(islice(draws(name, seed_in_use(name.version.study_id), head.place), 1))
    arm = name.randomisation.arms[draw.arm].code
    row = Expected(head.next_position, draw.block, arm, share(name, draw.arm))
    return _Claimed([row], draw.block_start, {})


def _member(holder: Holder, name: ListName, basis: Basis) -> dict[str, Any] | None:
    """A row of the cluster's own list, with the arm that the cluster has or now gets."""
    told = CLUSTER + basis.cluster
    arm, probability = _cluster(name, told) or _new_cluster(holder, name, told)
    members = ListName(name.version, name.randomisation, name.mode, told)
    head = read_head(members, lock=True)
    row = Expected(head.next_position, 0, arm, probability)
    return _written(holder, members, head, _Claimed([row], 0, {}))


def _new_cluster(holder: Holder, name: ListName, told: str) -> tuple[str, str]:
    """The arm of a cluster of which nobody came before, or came just now; its head stays locked."""
    head = read_head(name, lock=True)
    if known := _cluster(name, told):
        return known
    claimed = _next_of_list(name, head)
    row = claimed.rows[0]
    _write(holder, name, head, _Claimed([row], claimed.block_start, {}, told=told))
    return row.arm, row.probability


def _cluster(name: ListName, told: str) -> tuple[str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(CLUSTER_ROW, name.columns | {"told": told})
        return cast(tuple[str, str] | None, cursor.fetchone())


def _completes(name: ListName) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COMPLETES, name.columns)
        return dict(cursor.fetchall())


def _written(
    holder: Holder, name: ListName, head: Head, claimed: _Claimed
) -> dict[str, Any] | None:
    """Writes the rows and links them to the participant: their links; None if they moved on."""
    rows = _write(holder, name, head, claimed)
    links = {code_of(name.randomisation, row.draw): link(name, row) for row in rows}
    parameters: dict[str, Any] = {
        "participant": holder.participant_id,
        "revision": holder.revision,
        "links": Jsonb(links),
        "code": next(iter(links)),
        "reused": name.randomisation.reuse_after_minutes > 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINK, parameters)
        return links if cursor.rowcount else None


def _write(holder: Holder, name: ListName, head: Head, claimed: _Claimed) -> list[Allocation]:
    """Writes the rows, and moves the head behind them."""
    rows = [_row(holder, name, head, each, claimed) for each in claimed.rows]
    digest = head.digest
    for row in rows:
        row.digest = digest = row_digest(digest, row)
    parameters: dict[str, Any] = {
        **name.columns,
        "now": head.now,
        "keys": [row.key for row in rows],
        "positions": [row.position for row in rows],
        "draws": [row.draw for row in rows],
        "blocks": [row.block for row in rows],
        "arms": [row.arm for row in rows],
        "probabilities": [row.probability for row in rows],
        "holders": [row.holder for row in rows],
        "digests": [row.digest for row in rows],
        "told": [row.covariates for row in rows],
        "releases": [row.releases for row in rows],
    }
    # A position that was given again leaves the list's own draws where they were.
    again = claimed.releases is not None
    moved: dict[str, Any] = {
        "head": head.id,
        "next": head.next_position + len(rows),
        "block": head.block if again else rows[-1].block,
        "block_start": claimed.block_start,
        "reused": head.reused + again,
        "tally": Jsonb(claimed.tally),
        "digest": digest,
    }
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, parameters)
        cursor.execute(HEAD, moved)
    return rows


def _row(
    holder: Holder, name: ListName, head: Head, expected: Expected, claimed: _Claimed
) -> Allocation:
    key = uuid.uuid4()
    return Allocation(
        **name.columns,
        key=key,
        position=expected.position,
        draw=expected.draw,
        block=expected.block,
        arm=expected.arm,
        probability=expected.probability,
        holder=holder_hash(holder.reference, str(key)),
        allocated_at=head.now,
        covariates=claimed.told,
        releases=claimed.releases,
    )
