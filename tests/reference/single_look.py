"""Our numbers for one look beside those of single_look.json and of R (single_look_r.json)."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# What is compared: its name, ours, the reference, its program, and how far they may lie apart.
Row = tuple[str, float, float, str, float]


def single_look_r() -> dict[str, Any]:
    """What make_single_look_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "single_look_r.json").read_text())
    return numbers


def carried(entry: str) -> dict[str, Any]:
    """One entry of single_look.json, by its id."""
    entries = json.loads((HERE / "single_look.json").read_text())["entries"]
    found: dict[str, Any] = next(each for each in entries if each["id"] == entry)
    return found


def allowed(entry: dict[str, Any], reference: float) -> float:
    """The entry's tolerance in absolute terms."""
    tolerance = entry["tolerance"]
    absolute: float = tolerance.get("abs", tolerance.get("rel", 0.0) * abs(reference))
    return absolute
