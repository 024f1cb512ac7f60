"""The Celery tasks of this room: beat asks for them."""

import logging

from celery import shared_task

from responses.desk_logins import forget_old_logins
from responses.export.kept import drop_old_exports
from responses.partitions import LARGE, large_and_whole, make_ahead
from responses.retention import erase_due_identities
from responses.tallies import fold_tallies

logger = logging.getLogger(__name__)


@shared_task
def drop_exports() -> None:
    """Deletes the files of exports that were kept for a day."""
    drop_old_exports()


@shared_task
def fold() -> None:
    """Folds what was noted for the tallies; that it runs is the workers' heartbeat."""
    fold_tallies()


@shared_task
def partition() -> None:
    """Makes the parts of large tables for who comes next; says which table should have some."""
    make_ahead()
    for table in large_and_whole():
        logger.warning("%s has over %s rows: run manage.py partition_submissions", table, LARGE)


@shared_task
def erase_identities() -> None:
    """Erases who people are where a study's time for it has come."""
    erase_due_identities()


@shared_task
def forget_logins() -> None:
    """Deletes sessions of the desk that are over, and what is old of who logged in or failed to."""
    forget_old_logins()
