"""How much memory this process takes, in MB, as Linux tells it.

What getrusage tells begins with the parent's memory where a process was forked.
"""

from pathlib import Path


def forget_peak() -> float:
    """Lets the peak begin anew at what is in memory now, which it returns."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_megabytes()


def peak_megabytes() -> float:
    """The most that was in memory so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not say how much memory a process took.")
