"""The Celery tasks of this room: beat asks for them."""

from celery import shared_task

from responses.export.kept import drop_old_exports


@shared_task
def drop_exports() -> None:
    """Deletes the files of exports that were kept for a day."""
    drop_old_exports()
