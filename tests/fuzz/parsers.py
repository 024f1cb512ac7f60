"""Gives each parser its share of the time, and tells what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from tests.fuzz.bounded import Child, child, minimal
from tests.fuzz.targets import TARGETS, Target, case_of

# So long one parser has its turn, in CPU time of the child.
TURN = 0.5
# Of one parser; more are mostly the same again.
MOST_FINDINGS = 12


@dataclass(frozen=True)
class Finding:
    """What one case did: an error that is not allowed, too long, too much memory, a dead process.

    `case` is its number under the seed, `data` the smallest input with which it happens.
    """

    target: str
    kind: str
    where: str
    case: int
    data: bytes

    def __str__(self) -> str:
        shown = repr(self.data[:300]) + (f" … {len(self.data)} bytes" * (len(self.data) > 300))
        return f"{self.target}, case {self.case}: {self.kind} {self.where}\n    {shown}"


@dataclass
class Tally:
    """What came of one parser: cases, seconds of CPU, the slowest case, the most memory."""

    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    memory: int = 0
    findings: list[Finding] = field(default_factory=list)


def fuzz(
    *,
    seed: str,
    seconds: float = float("inf"),
    cases: int = 10**9,
    targets: Sequence[str] = (),
    known: Mapping[str, Target] = TARGETS,
) -> dict[str, Tally]:
    """Gives each parser cases in turns, until the time is up by the clock or each had so many."""
    tallies = {name: Tally() for name in targets or known}
    until = monotonic() + seconds
    with child() as runner:
        while open_ := [n for n, t in tallies.items() if _goes_on(t, cases)]:
            for name in open_:
                left = until - monotonic()
                if left <= 0:
                    return tallies
                _turn(runner, tallies[name], name, seed, min(TURN * known[name].share, left), cases)
    return tallies


def _goes_on(tally: Tally, cases: int) -> bool:
    return tally.cases < cases and len(tally.findings) < MOST_FINDINGS


def _turn(runner: Child, tally: Tally, name: str, seed: str, cpu: float, cases: int) -> None:
    told = runner.asked(
        target=name, seed=seed, first=tally.cases, last=cases, cpu=cpu, findings=MOST_FINDINGS
    )
    if "died" in told:
        told = {
            "next": told["died"] + 1,
            "findings": [{"number": told["died"], "kind": told["kind"], "where": ""}],
            **{"slowest": 0.0, "memory": 0, "spent": 0.0},
        }
    tally.cases = told["next"]
    tally.seconds += told["spent"]
    tally.slowest = max(tally.slowest, told["slowest"])
    tally.memory = max(tally.memory, told["memory"])
    for found in told["findings"]:
        _note(runner, tally, name, seed, found)


def _note(runner: Child, tally: Tally, name: str, seed: str, found: dict[str, Any]) -> None:
    """Makes a finding small and keeps it, unless the same was found before."""
    same = (found["kind"], found["where"].rpartition(" at ")[2])
    if same in [(each.kind, each.where.rpartition(" at ")[2]) for each in tally.findings]:
        return
    data = case_of(TARGETS[name], Random(f"{seed}|{name}|{found['number']}"))
    data = minimal(runner, name, data, found)
    tally.findings.append(Finding(name, found["kind"], found["where"], found["number"], data))


def table(tallies: Mapping[str, Tally]) -> str:
    """A line for each parser, and one for all."""
    lines = [
        "| parser | cases | CPU time of all, s | of the slowest, s | most memory, MB | findings |",
        "|---|---|---|---|---|---|",
    ]
    for name, each in tallies.items():
        memory = each.memory / 1024**2
        lines.append(
            f"| {name} | {each.cases:,} | {each.seconds:.0f} | {each.slowest:.2f} | {memory:.0f} "
            f"| {len(each.findings)} |"
        )
    cases = sum(each.cases for each in tallies.values())
    found = sum(len(each.findings) for each in tallies.values())
    seconds = sum(each.seconds for each in tallies.values())
    return "\n".join([*lines, f"| all | {cases:,} | {seconds:.0f} | | | {found} |"])
