"""One row of the ledger: its digest, and what the participant who holds it has of it."""

import hashlib
from datetime import UTC
from typing import Any

from responses.ledger.drawing import levels_of
from responses.ledger.lists import CLUSTER, ListName
from responses.models import Allocation


def row_digest(before: bytes, row: Allocation) -> bytes:
    """The digest of a ledger row: SHA-256 of the digest before it and of its fields."""
    time = row.allocated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    numbers = (str(row.position), str(row.block))
    holder = bytes(row.holder).hex()
    told = [row.covariates] if row.covariates else []
    told += [f"@{row.releases}"] if row.releases is not None else []
    fields = "|".join((*numbers, row.arm, row.probability, str(row.key), holder, time, *told))
    return hashlib.sha256(before + fields.encode()).digest()


def link(name: ListName, row: Allocation) -> dict[str, Any]:
    """What the participant who holds a ledger row has of it."""
    held = {
        "key": str(row.key),
        "stratum": row.stratum,
        "position": row.position,
        "arm": row.arm,
        "levels": levels_of(name.randomisation, row.arm, row.draw),
        "probability": row.probability,
    }
    cluster = row.stratum.removeprefix(CLUSTER)
    return held | {"cluster": cluster} if name.randomisation.cluster else held
