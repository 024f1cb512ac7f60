"""Lets the contenders take turns at every number of connections, and counts what it left.

Imported once Django is set up.
"""

import gc

import psutil

from benchmarks.allocation.contenders import Contender, contenders
from benchmarks.allocation.crowd import Crowd, Run, crowd
from benchmarks.allocation.report import Kept, Runs

CONNECTIONS = (1, 8, 32)
# Transactions by which every process gets its connection and meets every statement and list.
WARM_UP = 640


def take_turns(postgres: psutil.Process, repeats: int, number: int) -> tuple[Runs, list[Kept]]:
    """So many turns of so many transactions each; every turn begins with another contender."""
    every = contenders(WARM_UP + repeats * len(CONNECTIONS) * number)
    done = [0] * len(every)
    runs: Runs = {each.name: {size: [] for size in CONNECTIONS} for each in every}
    # What was set up stays; the collector need not look at it again in every process.
    gc.collect()
    gc.freeze()
    with crowd(max(CONNECTIONS), [each.act for each in every], postgres) as many:
        for which in range(len(every)):
            _turn(many, which, done, WARM_UP, max(CONNECTIONS))
        for turn in range(repeats):
            for size in CONNECTIONS:
                for place in range(len(every)):
                    which = (place + turn) % len(every)
                    run = _turn(many, which, done, number, size)
                    runs[every[which].name][size].append(run)
    return runs, [_kept(each, told) for each, told in zip(every, done, strict=True)]


def _turn(many: Crowd, which: int, done: list[int], number: int, size: int) -> Run:
    run = many.run(which, first=done[which], number=number, size=size)
    done[which] += run.done
    return run


def _kept(contender: Contender, told: int) -> Kept:
    holds, line = contender.verdict()
    return Kept(contender.name, told, contender.count(), holds, line)
