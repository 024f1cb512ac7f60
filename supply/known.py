"""PURE: what pip-audit told of packages, and what of it has been looked at and let be."""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from supply.locks import Pin


@dataclass(frozen=True)
class Finding:
    """One thing that is known against one package; `names` are all that it is called by."""

    package: str
    names: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "not mended anywhere"
        return f"{self.package}: {', '.join(self.names)}, {mended}"


@dataclass(frozen=True)
class Told:
    """What is known against the packages, and those of which the service told nothing at all."""

    findings: tuple[Finding, ...] = ()
    untold: tuple[str, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told(self.findings + other.findings, self.untold + other.untold)


def read(report: str, asked: Sequence[Pin]) -> Told:
    """What pip-audit's JSON says of what it was asked; ValueError if it is no such report.

    A package that it passes over, or forgets, counts as one that nothing was told of: pip-audit
    itself says of such a run that no vulnerability was found.
    """
    try:
        told = [each for each in json.loads(report)["dependencies"] if "skip_reason" not in each]
        found = {(each["name"], each["version"]): each["vulns"] for each in told}
        return Told(
            tuple(
                _finding(f"{name} {version}", each)
                for (name, version), known in found.items()
                for each in known
            ),
            tuple(
                f"{pin.name} {pin.version}" for pin in asked if (pin.name, pin.version) not in found
            ),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no report of pip-audit: {error!r}") from error


def _finding(package: str, known: Mapping[str, Any]) -> Finding:
    names = dict.fromkeys([known["id"], *known["aliases"]])
    return Finding(package, tuple(names), tuple(known["fix_versions"]))


@dataclass(frozen=True)
class LetBe:
    """A finding that somebody has looked at: which, why it does no harm here, and until when."""

    id: str
    reason: str
    until: datetime.date


def held(
    findings: Iterable[Finding], let_be: Iterable[LetBe], today: datetime.date
) -> tuple[list[Finding], list[tuple[Finding, LetBe]]]:
    """The findings that count, and those that are let be on that day, each with why."""
    counted, passed = [], []
    by_id = {each.id: each for each in let_be if today <= each.until}
    for finding in findings:
        why = next((by_id[name] for name in finding.names if name in by_id), None)
        if why is None:
            counted.append(finding)
        else:
            passed.append((finding, why))
    return counted, passed
