"""What a site takes while nobody comes: beat asks, and the worker looks for what is due."""

import time

from benchmarks.measuring import Cost, Drive, System


def at_rest(system: System, seconds: float) -> Cost:
    """CPU seconds that each process takes in a second in which nobody comes."""
    system.beside.settle()
    before, began = system.cost(), time.monotonic()
    time.sleep(seconds)
    return (system.cost() - before).times(1 / (time.monotonic() - began))


def beyond_rest(system: System, name: str, drive: Drive, rest: Cost) -> Cost:
    """CPU seconds of one run for each participant who completed, without what rest would take."""
    began = time.monotonic()
    system.repeat(name, drive)
    load, cost = system.runs[name][-1]
    took = cost - rest.times(time.monotonic() - began)
    return took.times(1 / (load.completed or 1))
