"""The faults by name, and in which order a seed has them come."""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from tests.chaos import clocks, deployments, disk, kills, lines
from tests.chaos.stage import Stage

Fault = Callable[[Stage], str]

FAULTS: Mapping[str, Fault] = {
    "postgres": kills.postgres,
    "valkey": kills.valkey,
    "web": kills.web_worker,
    "beat": kills.beat,
    "look": kills.look,
    "bundle": kills.bundle,
    "export": kills.export,
    "postgres-disk": disk.postgres,
    "exports-disk": disk.exports,
    "lines": lines.cut,
    "slow-headers": lines.slow_headers,
    "slow-bodies": lines.slow_bodies,
    "clock": clocks.jump,
    "deployments": deployments.two,
}
# Those of the short form: the others need another program, or take long.
SHORT = [name for name in FAULTS if name not in ("slow-bodies", "bundle")]


def in_turn(random: Random, names: list[str]) -> Iterator[str]:
    """Each of them once in a random order, and so on for ever."""
    while True:
        yield from random.sample(names, len(names))
