"""A parser that does everything wrong, so that what looks for it can be tested."""

import os
from time import process_time

from tests.fuzz.mutation import noise
from tests.fuzz.targets import Target


def _run(data: bytes) -> None:
    text = data.decode()
    if "!" in text:
        raise ZeroDivisionError
    if "?" in text:
        raise KeyError(text)
    if "$" in text:
        bytearray(300 * 1024**2)
    began = process_time()
    while "~" in text and process_time() < began + 60:
        pass
    if "^" in text:
        os._exit(3)
    if "`" in text:
        # One call into C, in which no alarm is heard.
        sum(range(10**11))


FAULTY = {"faulty": Target(_run, lambda: (b"a",), noise, 100, (KeyError, UnicodeDecodeError))}
