"""The Celery tasks of rehearsals: beat asks which were ordered, a worker starts their processes."""

from celery import shared_task

from rehearsal.ordering import unfinished_runs

# The next sweep asks again.
EXPIRES = 5


@shared_task
def sweep_rehearsals() -> None:
    """Queues every rehearsal that has not ended; who runs it holds its lock."""
    for number in unfinished_runs().values_list("pk", flat=True):
        start_rehearsal.apply_async((number,), expires=EXPIRES)


@shared_task
def start_rehearsal(number: int) -> None:
    """Starts the process of the rehearsal if this worker has started none that goes on."""
    # What a rehearsal needs takes seconds to import: no other task waits for it.
    from rehearsal.running import start  # noqa: PLC0415

    start(number)
