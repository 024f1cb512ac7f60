"""`python -m supply.audit LOCK…` asks pip-audit what is known against the packages of lock files.

Exit code 0 if they were all asked for and nothing is known, or if nobody could be asked; which of
the two it was is said. 1 if something is known; with AUDIT=required also if nobody could be asked.
"""

import datetime
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from supply.known import LetBe, Told, held, read
from supply.locks import Pin, pins, without_markers

ROOT = Path(__file__).resolve().parent.parent
# An old release that much is known against: a service that has nothing to say of it knows nothing.
TOUCHSTONE = Pin("jinja2", "2.10", "", ("0" * 64,))
SECONDS_AN_ANSWER = 10
SECONDS_IN_ALL = 150
CLEAR, FOUND = 0, 1
AFTER = {True: ", as it has to be.", False: "; a release needs it: make audit AUDIT=required."}


class NotAuditedError(Exception):
    """What is known could not be found out; the message is why."""


def main(locks: Sequence[str]) -> int:
    """Asks, says what came of it, and returns the exit code."""
    pinned = all_pins(Path(name).read_text() for name in locks)
    try:
        told = asked(pinned)
    except NotAuditedError as why:
        return _not_audited(str(why))
    counted, passed = held(told.findings, _let_be(), datetime.datetime.now(datetime.UTC).date())
    for finding, why_let_be in passed:
        print(f"let be until {why_let_be.until}: {finding} ({why_let_be.reason})")
    if counted:
        print(f"{len(counted)} known against packages of the lock files, says {_service()}:")
        print(*(f"  {finding}" for finding in counted), sep="\n")
        return FOUND
    if told.untold:
        some = f"{', '.join(told.untold[:3])}{' and others' if told.untold[3:] else ''}"
        unknown = f"{len(told.untold)} of {len(pinned)} packages: {some}"
        return _not_audited(f"{_service()} does not know {unknown}")
    print(f"Audited: {_service()} knows nothing against {len(pinned)} packages that counts.")
    return CLEAR


def all_pins(locks: Iterable[str]) -> list[Pin]:
    """Each package in each version that any of the lock files has on any machine."""
    found = {(pin.name, pin.version): pin for lock in locks for pin in pins(lock)}
    return [found[key] for key in sorted(found)]


def asked(pinned: Sequence[Pin]) -> Told:
    """What the service tells of them all, once it has shown that it tells anything."""
    if not _ask([TOUCHSTONE]).findings:
        raise NotAuditedError(f"{_service()} tells nothing of what is known against packages")
    told = Told()
    for some in _rounds(pinned):
        told += _ask(some)
    return told


def _rounds(pinned: Sequence[Pin]) -> Iterator[list[Pin]]:
    """pip-audit takes no package in two versions at once: those of other machines come after."""
    left = list(pinned)
    while left:
        some = {pin.name: pin for pin in left}
        yield list(some.values())
        left = [pin for pin in left if some[pin.name] != pin]


def _ask(pinned: Sequence[Pin]) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "audited.lock"
        lock.write_text(without_markers(list(pinned)))
        try:
            done = subprocess.run(  # noqa: S603 - pip-audit, told by us
                _command(lock), capture_output=True, text=True, timeout=SECONDS_IN_ALL, check=False
            )
        except subprocess.TimeoutExpired:
            raise NotAuditedError(f"{_service()} took over {SECONDS_IN_ALL} seconds") from None
    try:
        return read(done.stdout, pinned)
    except ValueError:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise NotAuditedError(f"could not reach {_service()} ({lines[-1][:300]})") from None


def _command(lock: Path) -> list[str]:
    """pip-audit for that file alone: it installs nothing and asks pip nothing."""
    url = os.environ.get("AUDIT_URL", "")
    service = ["osv", "--osv-url", url] if url else ["pypi"]
    return [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip"),
        *("--require-hashes", "--format", "json", "--progress-spinner", "off"),
        *("--timeout", str(SECONDS_AN_ANSWER), "--vulnerability-service", *service),
    ]


def _service() -> str:
    return os.environ.get("AUDIT_URL", "") or "the package index"


def _let_be() -> list[LetBe]:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coprod"]["audit"]
    return [LetBe(**each) for each in written["let-be"]]


def _not_audited(why: str) -> int:
    required = os.environ.get("AUDIT", "") == "required"
    print(f"NOT AUDITED: {why}.")
    print(f"Whether anything is known against the packages was not found out{AFTER[required]}")
    return FOUND if required else CLEAR


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
