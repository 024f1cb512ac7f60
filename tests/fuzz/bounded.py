"""Runs cases in a child process, ends it where it hangs, and makes what was found small."""

import base64
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from tests.fuzz.child import NOTE, ROOT, SECONDS, Notes
from tests.session_servers import ENVIRONMENT

# A child that does not even hear its own alarm is ended.
HANGS = 4 * SECONDS
# Nothing answers there: no parser has to do with a database.
NOWHERE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
# How long a finding is made smaller, in seconds of a clock.
MINIMISED = 20.0


@dataclass
class Child:
    """A process that runs cases; another one follows it when it had to be ended."""

    folder: Path
    faulty: bool = False
    process: "subprocess.Popen[str] | None" = None
    notes: Notes = field(init=False)

    def __post_init__(self) -> None:
        path = self.folder / "notes"
        path.write_bytes(NOTE.pack(-1, 0))
        self.notes = Notes(path)

    def asked(self, **order: Any) -> dict[str, Any]:
        """What the child answers; if it ended, or had to be ended, which case it was at."""
        process = self._running()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        while not select.select([process.stdout], [], [], 0.1)[0]:
            if (number := self._hanging(process)) is not None:
                self.end()
                return {"died": number, "kind": "hang"}
        if answer := process.stdout.readline():
            told: dict[str, Any] = json.loads(answer)
            return told
        number, _ = self.notes.read()
        self.end()
        return {"died": number, "kind": "crash"}

    def outcome(self, target: str, data: bytes) -> dict[str, Any]:
        """What comes of one input."""
        text = base64.b64encode(data).decode()
        return {"where": "", **self.asked(target=target, data=text)}

    def end(self) -> None:
        """Ends the process."""
        if self.process:
            self.process.kill()
            self.process.wait()
            assert self.process.stdin
            assert self.process.stdout
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None
            self.notes.write(-1, 0)

    def _running(self) -> "subprocess.Popen[str]":
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.child", str(self.folder / "notes")]
                + ["faulty"] * self.faulty,
                env={**os.environ, **ENVIRONMENT, **NOWHERE, "PYTHONHASHSEED": "0"},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self.process

    def _hanging(self, process: "subprocess.Popen[str]") -> int | None:
        number, began = self.notes.read()
        if number < 0:
            return None
        spent = psutil.Process(process.pid).cpu_times()
        return number if spent.user + spent.system - began > HANGS else None


@contextmanager
def child(*, faulty: bool = False) -> Iterator[Child]:
    """A child with a folder of its own, which goes with it; `faulty` runs a parser that is."""
    with tempfile.TemporaryDirectory(prefix="coprod-fuzz-") as folder:
        found = Child(Path(folder), faulty)
        try:
            yield found
        finally:
            found.end()


def minimal(runner: Child, target: str, data: bytes, told: dict[str, Any]) -> bytes:
    """The smallest input that was found in time with which the same comes out (ddmin, Zeller)."""
    until, size = monotonic() + MINIMISED, max(1, len(data) // 2)
    while size and monotonic() < until:
        at, smaller = 0, False
        while at < len(data) and monotonic() < until:
            tried = data[:at] + data[at + size :]
            if _same(runner.outcome(target, tried), told):
                data, smaller = tried, True
            else:
                at += size
        if not smaller:
            size //= 2
    return data


def _same(found: dict[str, Any], told: dict[str, Any]) -> bool:
    slow = {"slow", "hang"}
    if found["kind"] in slow and told["kind"] in slow:
        return True
    return bool(found["kind"] == told["kind"] and _place(found) == _place(told))


def _place(told: dict[str, Any]) -> tuple[str, str]:
    """The type of the error and where it was: what it says differs by input."""
    return told["where"].partition(":")[0], told["where"].rpartition(" at ")[2]
