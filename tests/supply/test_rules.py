"""ruff has bandit's rules for the whole tree, and whatever is let off them says why."""

import re
import subprocess
import tomllib
from typing import Any

from coprod_site.embedded import ROOT

# The rules, then the reason behind a hyphen or a second #.
LET_OFF = re.compile(r"#\s*(?:ruff: *)?noqa(?P<rules>:[ A-Z0-9,]*)?(?P<reason> ?[-#] \S.*)?")
SECURITY = re.compile(r"\bS\d{3}\b")


def ruff() -> dict[str, Any]:
    """Its settings as they are written."""
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"])


def test_bandits_rules_hold_everywhere_but_for_what_tests_need() -> None:
    settings = ruff()
    assert "S" in settings["select"]
    assert not [rule for rule in settings["ignore"] if rule.startswith("S")]
    let_off = {
        place: {rule for rule in rules if re.fullmatch(r"S\d*", rule)}
        for place, rules in settings["per-file-ignores"].items()
    }
    assert {place: rules for place, rules in let_off.items() if rules} == {
        "tests/**": {"S101", "S105", "S106", "S311", "S603", "S607", "S608"}
    }


def test_each_line_that_is_let_off_says_why() -> None:
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    lines = [
        (f"{name}:{number}", match)
        for name in known
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1)
        if (match := LET_OFF.search(line)) and name != "tests/supply/test_rules.py"
    ]
    assert [place for place, match in lines if match["rules"] is None] == [], "names no rule"
    security = [(place, match) for place, match in lines if SECURITY.search(match["rules"] or "")]
    assert [place for place, match in security if match["reason"] is None] == []
    assert len(security) > 40, "they are found at all"
