"""PURE: what a launch commits to in public, and how anybody checks it with other programs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Commitment:
    """A launched version by its number, digest and time, and the SHA-256 of the study's seed."""

    version: int
    digest: str
    launched_at: datetime
    seed_sha256: str


def check_command(seed: str = "SEED") -> str:
    """The command that prints the SHA-256 of a seed, 64 hexadecimal digits; any Python 3 does it.

    The digest is that of the seed's 32 bytes, not of the digits in which they are written.
    """
    read = f"bytes.fromhex('{seed}')"
    return f'python3 -c "import hashlib; print(hashlib.sha256({read}).hexdigest())"'
