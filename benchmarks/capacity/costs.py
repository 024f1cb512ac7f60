"""What one participant costs: the figures that `benchmarks.capacity.measure` took, in a file.

PURE but for reading the file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("costs.json")


@dataclass(frozen=True)
class Costs:
    """Costs of one participant who walks through the study that ships, and of what is kept.

    `machine` says where and when they were taken. Times are CPU in ms, by tier, beyond what the
    site takes when nobody comes: `rest_ms` in each second, all tiers together. `worker_ms` is that
    of worker, beat and Valkey. `drafts` is how many drafts a participant sends, `pages_*` what one
    costs who sends none. `tables` has bytes of rows and of indexes by table. WAL is in bytes: as it
    flows, and what the first change of each page after a checkpoint adds. `look_*_ms` are of one
    look. `lists` has the allocations per second that one list was seen to give, by ms that a flush
    of the disk took.
    """

    machine: str
    submissions: int
    drafts: float
    web_ms: float
    postgres_ms: float
    worker_ms: float
    rest_ms: float
    clients_ms: float
    tables: Mapping[str, tuple[int, int]]
    pages_web_ms: float
    pages_postgres_ms: float
    pages_wal: int
    wal: int
    wal_after_checkpoint: int
    export: int
    dump: int
    look_worker_ms: float
    look_postgres_ms: float
    web_worker: int
    connection: int
    lists: Mapping[str, float]

    @property
    def servers_ms(self) -> float:
        """CPU of all that one machine has to run for a participant."""
        return self.web_ms + self.postgres_ms + self.worker_ms

    @property
    def disk(self) -> int:
        """Bytes that the database keeps of one participant."""
        return sum(rows + indexes for rows, indexes in self.tables.values())


def costs(file: Path = FILE) -> Costs:
    """The costs that are committed."""
    found = json.loads(file.read_text())
    tables = {name: tuple(sizes) for name, sizes in found.pop("tables").items()}
    return Costs(tables=tables, **found)
