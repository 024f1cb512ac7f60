"""The Celery tasks of looks, bundles and simulations: beat asks what is due, a worker runs it.

What they call draws on scipy; imported in the tasks, neither beat nor a worker's first process,
which run none, hold it in their memory.
"""

from functools import partial

from celery import shared_task
from django.db import transaction

from analysis.bundle.queueing import make_queued_bundle, unfinished

# The sweeps queue a look until it is spent, a bundle or a simulation until it has ended: a message
# that waited longer than this has been overtaken by others.
EXPIRES = 60
TURN_EXPIRES = 5


@shared_task
def sweep_looks() -> None:
    """Queues every look that is due. Nothing else starts one, so a lost message loses nothing."""
    from analysis.schedule import waiting_standings  # noqa: PLC0415

    for standing in waiting_standings():
        study_id, mode, due = standing.study.pk, standing.mode, standing.due
        if standing.replans_now:
            queue = partial(replan_study.apply_async, (study_id, mode))
        elif due:
            queue = partial(spend_look.apply_async, (study_id, mode, due.number))
        else:
            continue
        transaction.on_commit(partial(queue, expires=EXPIRES))


@shared_task
def spend_look(study_id: int, mode: str, number: int) -> None:
    """Runs the look if it is due and was not run."""
    from analysis.look import run_look  # noqa: PLC0415

    run_look(study_id=study_id, mode=mode, number=number)


@shared_task
def replan_study(study_id: int, mode: str) -> None:
    """Fixes the sample size anew if that is due and was not done."""
    from analysis.replanning import replan  # noqa: PLC0415

    replan(study_id=study_id, mode=mode)


@shared_task
def sweep_bundles() -> None:
    """Queues every bundle that was asked for and is not made yet; who makes it holds its lock."""
    for number in unfinished().values_list("pk", flat=True):
        make_asked_bundle.apply_async((number,), expires=EXPIRES)


@shared_task
def make_asked_bundle(number: int) -> None:
    """Makes the bundle if nobody does."""
    make_queued_bundle(number=number)


@shared_task
def sweep_simulations() -> None:
    """Queues the simulation whose turn it is, if one has not ended; who runs it holds its lock.

    One alone, and for as long as a sweep takes to come: no look waits behind a queue of turns.
    """
    from analysis.power.queueing import next_simulation  # noqa: PLC0415

    if (number := next_simulation()) is not None:
        simulate_on.apply_async((number,), expires=TURN_EXPIRES)


@shared_task
def simulate_on(number: int) -> None:
    """Goes on with the simulation for a while if nobody does."""
    from analysis.power.queueing import go_on  # noqa: PLC0415

    go_on(number=number)
