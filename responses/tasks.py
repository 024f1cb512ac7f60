"""The Celery tasks of this room: beat asks for them."""

from celery import shared_task

from responses.export.kept import drop_old_exports
from responses.tallies import fold_tallies


@shared_task
def drop_exports() -> None:
    """Deletes the files of exports that were kept for a day."""
    drop_old_exports()


@shared_task
def fold() -> None:
    """Folds what was noted for the tallies; that it runs is the workers' heartbeat."""
    fold_tallies()
