"""What other programs say of attrition, sample ratios and balance; each file names its program."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def integrity_r() -> dict[str, Any]:
    """What make_integrity_r.R wrote."""
    numbers: dict[str, Any] = json.loads((HERE / "integrity_r.json").read_text())
    return numbers


def carried(entry: str) -> dict[str, Any]:
    """One entry of sample_ratio.json, by its id."""
    entries = json.loads((HERE / "sample_ratio.json").read_text())["entries"]
    found: dict[str, Any] = next(e for e in entries if e["id"] == entry)
    return found
