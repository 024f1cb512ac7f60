"""Reads many rows a few at a time."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar, cast

from django.db.models import Model, QuerySet

FETCHED = 2000
M = TypeVar("M", bound=Model)


@contextmanager
def few_at_a_time(rows: QuerySet[M]) -> Iterator[Iterator[M]]:
    """The rows; a mismatch among them must not leave their cursor to a later transaction."""
    with closing(cast(Generator[M], rows.iterator(FETCHED))) as read:
        yield read
