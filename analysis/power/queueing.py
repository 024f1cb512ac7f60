"""Simulations that were ordered at the desk: a sweep finds them, a worker goes on with them.

A worker takes a turn of some seconds and comes back with the next sweep, so that no look waits long
behind a simulation. Each batch is committed by itself: a worker that is killed loses one batch, and
whoever goes on finds the same numbers.
"""

import logging
import time

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Max, QuerySet

from analysis.code_version import code_version
from analysis.locks import simulation_lock
from analysis.models import Simulation, SimulationBatch, SimulationEnd
from analysis.power.assumptions import Assumptions
from experiments.design import from_json

logger = logging.getLogger(__name__)

Kind = SimulationEnd.Kind
# How long a worker goes on at a time.
TURN = 10.0


def unfinished_simulations() -> QuerySet[Simulation]:
    """The simulations that have not ended, the oldest first."""
    return Simulation.objects.filter(end=None).order_by("pk")


def next_simulation() -> int | None:
    """The unfinished simulation that was gone on with the longest ago; None if there is none."""
    waiting = unfinished_simulations().annotate(last=Max("done__done_at"))
    return (
        waiting.order_by(F("last").asc(nulls_first=True), "pk").values_list("pk", flat=True).first()
    )


def go_on(*, number: int, seconds: float = TURN) -> None:
    """Goes on with the simulation of that number for a turn, unless another does or it has ended.

    At least one batch is done. What stops it is raised, and recorded as its end; if only the
    database was away, the next sweep goes on.
    """
    with simulation_lock(number) as held:
        simulation = unfinished_simulations().filter(pk=number).first()
        if simulation is None or held is None:
            return
        try:
            _turn(simulation, time.monotonic() + seconds)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            end(simulation=simulation, kind=Kind.FAILED, problem=f"{type(error).__name__}: {error}")
            raise


@transaction.atomic
def end(
    *, simulation: Simulation, kind: SimulationEnd.Kind, actor: str = "", problem: str = ""
) -> SimulationEnd:
    """Ends a simulation, or gives the end that it has already."""
    found, _new = SimulationEnd.objects.get_or_create(
        simulation=simulation, defaults={"kind": kind, "actor": actor, "problem": problem}
    )
    return found


def _turn(simulation: Simulation, until: float) -> None:
    done = set(simulation.done.values_list("number", flat=True))
    for number in range(simulation.batches):
        if number in done:
            continue
        if SimulationEnd.objects.filter(simulation=simulation).exists():
            return
        _do(simulation, number)
        done.add(number)
        if time.monotonic() > until:
            break
    if len(done) == simulation.batches:
        end(simulation=simulation, kind=Kind.DONE)


def _do(simulation: Simulation, number: int) -> SimulationBatch:
    # Scipy takes more than a second to import: a worker that simulates nothing does not wait.
    from analysis.power.simulating import counts_to_builtins, simulated  # noqa: PLC0415

    first = number * simulation.together
    counts = simulated(
        from_json(simulation.canonical_json),
        msgspec.convert(simulation.assumed, Assumptions),
        simulation.seed,
        range(first, min(first + simulation.together, simulation.repeats)),
    )
    return SimulationBatch.objects.create(
        simulation=simulation,
        number=number,
        counts=counts_to_builtins(counts),
        code_version=code_version(),
    )
