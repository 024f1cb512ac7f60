"""The ledger read again: what the seed says of each row, its digest, and the link to its holder."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from experiments.design import Method
from experiments.randomisation import Tally, next_draw, profile_of
from responses.allocation import ListName, draws, share
from responses.models import Allocation


@dataclass(frozen=True)
class Expected:
    """What the seed, and the rows before, say of a row."""

    position: int
    block: int
    arm: str
    probability: str


def replayed(
    name: ListName, study_seed: bytes, rows: Iterable[Allocation]
) -> Iterator[tuple[Allocation, Expected]]:
    """Each row of a list with what it should say; KeyError or ValueError at broken covariates."""
    step, seed = name.randomisation, name.seed(study_seed)
    if step.method is not Method.MINIMISATION:
        for row, draw in zip(rows, draws(name, study_seed), strict=False):
            arm = step.arms[draw.arm].code
            yield row, Expected(draw.position, draw.block, arm, share(name, draw.arm))
        return
    tally = Tally(len(step.arms))
    for position, row in enumerate(rows):
        profile = profile_of(row.covariates)
        at, chance = next_draw(step, seed, position, tally, profile)
        yield row, Expected(position, 0, step.arms[at].code, str(chance))
        tally = tally.with_(profile, at)


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
    told = (row.covariates,) if row.covariates else ()
    fields = "|".join((*numbers, row.arm, row.probability, str(row.key), holder, time, *told))
    return hashlib.sha256(before + fields.encode()).digest()
