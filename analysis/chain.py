"""PURE: the digests that tie each event of a study's looks to the one before.

A digest that was written down somewhere has to mean the same for ever: nothing here may change.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What stands before the first event of a chain.
START = "0" * 64


@dataclass(frozen=True)
class Link:
    """Everything that an event says; `position` counts from 1 in the chain of a study and mode."""

    study: int
    mode: str
    position: int
    kind: str
    number: int | None
    actor: str
    at: datetime
    detail: Mapping[str, Any]
    previous: str

    def digest(self) -> str:
        """SHA-256 of the canonical JSON of all of it, the digest before included, in hex."""
        at = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json_digest(facts | {"at": at})


def json_digest(plain: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits.

    Keys sorted, no spaces, UTF-8, numbers as Python's own `json` writes them, so that anybody can
    do it again with the standard library.
    """
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
