"""Counting in Valkey by tests, on a machine that may have much else to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from responses import rates

# A site gives up after a quarter of one, and counts nothing for a while.
SECONDS = 30.0


@contextmanager
def valkey_is_waited_for() -> Iterator[None]:
    """Has this process wait for Valkey's answers, however late they come."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rates, "SECONDS", SECONDS)
        rates._valkey.cache_clear()
        yield
    rates._valkey.cache_clear()
