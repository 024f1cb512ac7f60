"""How a benchmark ends: by its verdict, by a problem in words, or because it was stopped."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from coprod_site.problems import StartError


def run(bench: Callable[[], bool]) -> NoReturn:
    """Runs it and leaves: 0 if it returns true, 1 if not, a line on what kept it from starting.

    A signal to end stops it as Ctrl-C does, so that its servers are stopped too.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        sys.exit(0 if bench() else 1)
    except StartError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped before there was a result.")


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def positive(text: str) -> int:
    """A number above 0, as an argument."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number above 0")
    return number
