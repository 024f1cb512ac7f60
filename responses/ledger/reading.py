"""Reads many rows a few at a time."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar, cast

from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

FETCHED = 2000
M = TypeVar("M", bound=Model)


@contextmanager
def few_at_a_time(rows: QuerySet[M]) -> Iterator[Iterator[M]]:
    """The rows, by a cursor of the server, within the caller's transaction.

    A mismatch among them must not leave the cursor to what follows in it.
    """
    # `iterator()` asks for no such cursor, here or anywhere (coprod_site/databases.py).
    asked: Iterable[M] = ModelIterable(rows, chunked_fetch=True, chunk_size=FETCHED)
    with closing(cast(Generator[M], iter(asked))) as read:
        yield read
