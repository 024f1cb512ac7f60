"""The process in which cases are run: `python -m tests.fuzz.child NOTES`, orders on its input.

It holds itself to 200 MB beyond what it began with, and measures each case in CPU time of its own,
so that other processes of the machine count for nothing. In NOTES it writes which case runs and
when it began: whoever started it ends it if that takes too long, since a loop in C hears nothing.
"""

import base64
import gc
import json
import mmap
import resource
import signal
import struct
import sys
import traceback
from pathlib import Path
from random import Random
from time import process_time
from types import FrameType
from typing import Any

SECONDS = 1.0
MEMORY = 200 * 1024**2
NOTE = struct.Struct("qd")
ROOT = Path(__file__).parents[2]


class TooLongError(BaseException):
    """A case that has had its time; no parser catches it."""


class Notes:
    """Which case runs, and from when on, for another process to read."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), NOTE.size)

    def write(self, number: int, began: float) -> None:
        """Notes the case; number -1 is none."""
        self._map[:] = NOTE.pack(number, began)

    def read(self) -> tuple[int, float]:
        """The number of the case and the CPU time at which it began."""
        number, began = NOTE.unpack(self._map[:])
        return int(number), float(began)


def main() -> None:
    """Does what the orders say, a line of JSON each, and answers each by a line."""
    import django

    django.setup()
    from tests.fuzz.faulty import FAULTY
    from tests.fuzz.targets import TARGETS

    known = FAULTY if sys.argv[2:] else TARGETS
    notes = Notes(Path(sys.argv[1]))
    signal.signal(signal.SIGPROF, _too_long)
    # To look through all that was imported for what to free is no case's cost.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        target = known[order["target"]]
        sys.stdout.write(json.dumps(_obey(order, target, notes)) + "\n")
        sys.stdout.flush()


def _obey(order: dict[str, Any], target: Any, notes: Notes) -> dict[str, Any]:
    from tests.fuzz.targets import case_of

    # What is made once and kept is not the case's.
    target.seeds()
    if "data" in order:
        return run_case(target, base64.b64decode(order["data"]), 0, notes)
    began = process_time()
    number, until = order["first"], began + order["cpu"]
    found: list[dict[str, Any]] = []
    slowest, most = 0.0, 0
    while number < order["last"] and process_time() < until and len(found) < order["findings"]:
        data = case_of(target, Random(f"{order['seed']}|{order['target']}|{number}"))
        told = run_case(target, data, number, notes)
        slowest, most = max(slowest, told["cpu"]), max(most, told["memory"])
        if told["kind"]:
            found.append({**told, "number": number})
        number += 1
    costs = {"slowest": slowest, "memory": most, "spent": process_time() - began}
    return {"next": number, "findings": found, **costs}


def run_case(target: Any, data: bytes, number: int, notes: Notes) -> dict[str, Any]:
    """Runs one case within its bounds: what kind of finding it is, if any, where, and its costs."""
    told = _bounded(target, data, number, notes)
    if told["kind"] == "slow" and told["cpu"] < 2 * SECONDS:
        # A neighbour on the same core makes a second of CPU time do less: the faster one counts.
        told = min(told, _bounded(target, data, number, notes), key=lambda each: each["cpu"])
    return told


def _bounded(target: Any, data: bytes, number: int, notes: Notes) -> dict[str, Any]:
    Path("/proc/self/clear_refs").write_text("5")
    size, before = _memory("VmSize"), _memory("VmRSS")
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))
    kind, where = "", ""
    began = process_time()
    notes.write(number, began)
    # Well before whoever watches ends the process.
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        target.run(data)
    except target.refuses:
        pass
    except TooLongError as error:
        kind, where = "slow", _where(error)
    except MemoryError as error:
        kind, where = "memory", _where(error)
    except Exception as error:  # any error that is not allowed is what is sought
        kind, where = "error", _where(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        cpu = process_time() - began
        notes.write(-1, 0)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    memory = _memory("VmHWM") - before
    if not kind and cpu > SECONDS:
        kind = "slow"
    if not kind and memory > MEMORY:
        kind = "memory"
    return {"kind": kind, "where": where, "cpu": cpu, "memory": max(0, memory)}


def _where(error: BaseException) -> str:
    """The error, and the last line of ours that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if str(ROOT / ".venv") not in each.filename]
    ours = [each for each in ours if each.filename.startswith(str(ROOT))]
    last = ours[-1] if ours else frames[-1]
    name = Path(last.filename).name if not ours else Path(last.filename).relative_to(ROOT)
    said = f"{type(error).__name__}: {str(error)[:100]}" if str(error) else type(error).__name__
    return f"{said} at {name}:{last.lineno}"


def _memory(name: str) -> int:
    text = Path("/proc/self/status").read_text()
    return int(text.partition(f"{name}:")[2].split()[0]) * 1024


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TooLongError


if __name__ == "__main__":
    main()
