"""What stands beside a dump: what it is, its SHA-256, the key that it needs, and its facts."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.backup.facts import Facts
from experiments.refusals import Refused

KIND = "coprod backup 1"
CHUNK = 1 << 20
NEEDS = (
    "COPROD_DATA_KEY, whose mark is the first of key_marks, and COPROD_ENCRYPTION_KEYS, whose "
    "marks are the others: without them seeds of running studies, panels' ids and every resume "
    "code are lost. COPROD_SECRET_KEY may be another one. None of them is in the dump."
)


@dataclass(frozen=True)
class Manifest:
    """`made_at` in UTC; `server` is Postgres's version, `site` the program's."""

    made_at: str
    server: str
    site: str
    bytes: int
    sha256: str
    key_marks: list[str]
    facts: Facts

    def text(self) -> str:
        """The file's content."""
        told: dict[str, Any] = {"kind": KIND, "needs": NEEDS, **asdict(self)}
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def beside(dump: Path) -> Path:
    """Where the manifest of a dump is."""
    return dump.with_name(dump.name + ".json")


def read_manifest(dump: Path) -> Manifest:
    """The manifest of a dump; Refused if it is not there or none."""
    path = beside(dump)
    try:
        told = json.loads(path.read_bytes())
        if told.pop("kind") != KIND:
            raise ValueError("it is of another kind")
        told.pop("needs")
        return Manifest(**{**told, "facts": Facts(**told["facts"])})
    except FileNotFoundError:
        raise Refused(
            f"{path} is missing: a backup is two files, and this one says what the other has to "
            "hold. A dump without it is restored by pg_restore, and checked by verify_site."
        ) from None
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path} is not what `backup` wrote: {error}.") from None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
