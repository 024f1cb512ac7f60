"""Tells, as it is loaded, from how many heaps the threads of its process take: then it ends.

An application for `python -m coprod_site.web tests.coprod_site.heaps:application`.
"""

import ctypes
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread

THREADS = 8
# Python takes smaller pieces from heaps of its own.
SIZE, PIECES = 2_000, 100


def heaps() -> int:
    """How many glibc's allocator has, as it says itself."""
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    with TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        file = ctypes.c_void_p(libc.fopen(bytes(told), b"w"))
        libc.malloc_info(0, file)
        libc.fclose(file)
        return told.read_text().count("<heap ")


def _take(others: Barrier) -> None:
    others.wait()
    taken = [bytes(SIZE) for _ in range(PIECES)]
    others.wait()
    del taken


def main() -> None:
    """Lets all threads take at once, and prints."""
    others = Barrier(THREADS)
    threads = [Thread(target=_take, args=(others,)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(heaps())
    sys.exit()


main()
