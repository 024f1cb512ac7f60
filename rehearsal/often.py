"""Rehearses a study many times over processes, batch by batch, so that it can be gone on with.

Of a batch that was broken off nothing is kept; whoever goes on in the same folder finds the others
there, and comes to the same counts.
"""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import reduce
from math import ceil
from pathlib import Path
from typing import Any

import msgspec

from experiments.design import digest
from experiments.refusals import Refused
from rehearsal.replicate_counts import (
    Replicated,
    replicated_from_builtins,
    replicated_to_builtins,
)
from rehearsal.replicates import Rehearsed, replicated

# What a process does at a time, and what is lost of it if it is killed.
TOGETHER = 10
IDENTITY, BATCHES = "rehearsal.json", "batches"


@dataclass(frozen=True)
class Often:
    """So many studies of a seed. `folder` keeps the batches, None keeps none."""

    what: Rehearsed
    seed: int
    studies: int
    folder: Path | None = None
    processes: int = 1

    @property
    def identity(self) -> dict[str, Any]:
        """What must be the same for batches to belong together."""
        truth = msgspec.json.encode(self.what.truth, order="sorted")
        return {
            "design_digest": digest(self.what.design),
            "truth_digest": hashlib.sha256(truth).hexdigest(),
            "seed": self.seed,
            "stops": self.what.stops,
            "together": TOGETHER,
        }

    @property
    def batches(self) -> list[range]:
        """The numbers of the studies of each batch."""
        starts = (batch * TOGETHER for batch in range(ceil(self.studies / TOGETHER)))
        return [range(start, min(start + TOGETHER, self.studies)) for start in starts]


def run(often: Often, told: Callable[[int], None] = lambda _studies: None) -> Replicated:
    """Rehearses the studies that the folder does not hold yet: the counts of all together.

    `told` hears how many are done whenever a batch is. Refused if the folder holds others.
    UnreachableError and TooFewError as from `replicated`.
    """
    found = _kept(often)
    left = [batch for batch in often.batches if batch not in found]
    told(sum(each.studies for each in found.values()))
    for batch, counts in _counted(often, left):
        found[batch] = counts
        _keep(often, batch, counts)
        told(sum(each.studies for each in found.values()))
    # Sums of fractions are the same only in the same order.
    return reduce(Replicated.__add__, (found[batch] for batch in often.batches))


def _counted(often: Often, left: list[range]) -> Iterator[tuple[range, Replicated]]:
    # Found once, here, rather than by every process.
    often.what.come  # noqa: B018
    if often.processes < 2 or len(left) < 2:
        for batch in left:
            yield batch, replicated(often.what, often.seed, batch)
        return
    # A process that was forked would hold this one's connections and locks.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(often.processes, mp_context=spawned) as pool:
        doing: dict[Future[Replicated], range] = {
            pool.submit(replicated, often.what, often.seed, batch): batch for batch in left
        }
        try:
            for done in as_completed(doing):
                yield doing[done], done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def processors() -> int:
    """How many processes can work at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _kept(often: Often) -> dict[range, Replicated]:
    """The batches that the folder holds; makes the folder."""
    if often.folder is None:
        return {}
    (often.folder / BATCHES).mkdir(parents=True, exist_ok=True)
    identity = often.folder / IDENTITY
    if identity.exists() and json.loads(identity.read_text()) != often.identity:
        raise Refused(
            f"{often.folder} holds a rehearsal of another design, truth or seed: "
            "name another folder."
        )
    _write(identity, json.dumps(often.identity, indent=2) + "\n")
    there = {batch: _path(often, batch) for batch in often.batches}
    return {
        batch: replicated_from_builtins(json.loads(path.read_text()))
        for batch, path in there.items()
        if path.exists()
    }


def _keep(often: Often, batch: range, counts: Replicated) -> None:
    if often.folder is not None:
        _write(_path(often, batch), json.dumps(replicated_to_builtins(counts)) + "\n")


def _path(often: Often, batch: range) -> Path:
    folder = often.folder or Path()
    return folder / BATCHES / f"{batch.start:06}-{batch.stop - 1:06}.json"


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)
