"""What a process has freed goes back to the system: a worker is small again after a look."""

import ctypes

# What is larger is asked of the system by itself, and goes back as soon as it is freed; smaller
# pieces come so often that asking would take longer than using them. The number is glibc's name.
M_MMAP_THRESHOLD, LARGE = -3, 2**20


def ask_for_large_pieces() -> None:
    """Has what is large go back when it is freed, for as long as the process lives.

    Otherwise glibc would keep pieces of up to 32 MB once one of that size was freed. Where the
    system has another C library nothing happens.
    """
    if tune := getattr(ctypes.CDLL(None), "mallopt", None):
        tune(M_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Gives back what is free already."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
