"""Chance, made the same in every run: the codes, seeds and tokens that a request draws."""

import os
import random
from collections.abc import Callable
from random import Random


def pin_chance(seed: str) -> None:
    """Has this process draw the same random bytes in each run; for processes that only count.

    Whatever is drawn from the system goes by these two: `secrets`, `uuid`, seeds of studies. What
    is drawn decides orders and arms, and with them how much there is to do.
    """
    drawn: Callable[[int], bytes] = Random(seed).randbytes  # noqa: S311 # nothing here is a secret
    os.urandom = drawn
    random._urandom = drawn  # type: ignore[attr-defined]
