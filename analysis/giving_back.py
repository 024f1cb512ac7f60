"""What a process has freed goes back to the system, or to whoever of it asks next."""

import ctypes

# What is larger is asked of the system by itself, and goes back as soon as it is freed; smaller
# pieces come so often that asking would take longer than using them. The number is glibc's name.
M_MMAP_THRESHOLD, LARGE = -3, 2**20
# The number is glibc's name.
M_ARENA_MAX = -8


def ask_for_large_pieces() -> None:
    """Has what is large go back when it is freed, for as long as the process lives.

    Otherwise glibc would keep pieces of up to 32 MB once one of that size was freed. Where the
    system has another C library nothing happens.
    """
    if tune := getattr(ctypes.CDLL(None), "mallopt", None):
        tune(M_MMAP_THRESHOLD, LARGE)


def keep_one_heap() -> None:
    """Has the threads of the process, and of those that it forks, take from one heap.

    Otherwise glibc has one for each, and each keeps what the largest page took that its thread
    ever answered. They don't wait for one another: Python lets one thread run at a time.
    """
    if tune := getattr(ctypes.CDLL(None), "mallopt", None):
        tune(M_ARENA_MAX, 1)


def give_back() -> None:
    """Gives back what is free already."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
