"""What a database holds, in numbers and digests: noted at a backup, and held against a restore."""

import hashlib
import hmac
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from django.conf import settings
from psycopg.sql import SQL, Identifier

# Those that hold rows: a table that was cut into parts holds none itself.
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
ORDER BY relname
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"
STUDIES = """
SELECT slug, status, seed_sha256 FROM experiments_study ORDER BY slug
"""
DESIGNS = """
SELECT s.slug || ' ' || v.number, v.digest FROM experiments_designversion v
JOIN experiments_study s ON s.id = v.study_id ORDER BY s.slug, v.number
"""
LEDGERS = """
SELECT s.slug || ' ' || v.number || ' ' || h.randomisation || ' ' || h.mode || ' ' || h.stratum,
    h.next_position || ' ' || encode(h.digest, 'hex')
FROM responses_allocationhead h JOIN experiments_designversion v ON v.id = h.version_id
JOIN experiments_study s ON s.id = v.study_id ORDER BY 1
"""
LOOK_LOGS = """
SELECT DISTINCT ON (s.slug, e.mode) s.slug || ' ' || e.mode, e.position || ' ' || e.digest
FROM analysis_lookevent e JOIN experiments_study s ON s.id = e.study_id
ORDER BY s.slug, e.mode, e.position DESC
"""


@dataclass(frozen=True)
class Facts:
    """Rows by table, migrations, and by name the digests that later ones hang on."""

    tables: dict[str, int]
    migrations: list[str]
    studies: dict[str, str]
    designs: dict[str, str]
    ledgers: dict[str, str]
    look_logs: dict[str, str]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def differences(self, other: "Facts") -> list[str]:
        """What the other has otherwise, a line each."""
        found = []
        mine, theirs = self.plain(), other.plain()
        mine["migrations"], theirs["migrations"] = (
            dict.fromkeys(each["migrations"], "made") for each in (mine, theirs)
        )
        for kind, told in mine.items():
            for name in sorted({*told, *theirs[kind]}):
                before, now = told.get(name, "none"), theirs[kind].get(name, "none")
                if before != now:
                    found.append(f"{kind} {name}: {before} in the backup, {now} here")
        return found


def facts_of(own: psycopg.Connection) -> Facts:
    """The facts of the database, as the connection's transaction sees it; counts every row."""
    tables = [name for (name,) in own.execute(TABLES).fetchall()]
    return Facts(
        tables={name: _count(own, name) for name in tables},
        migrations=[name for (name,) in own.execute(MIGRATIONS).fetchall()],
        studies={slug: f"{at} {seed}" for slug, at, seed in own.execute(STUDIES).fetchall()},
        designs=dict(own.execute(DESIGNS).fetchall()),
        ledgers=dict(own.execute(LEDGERS).fetchall()),
        look_logs=dict(own.execute(LOOK_LOGS).fetchall()),
    )


def _count(own: psycopg.Connection, table: str) -> int:
    ((count,),) = own.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchall()
    return int(count)


def key_marks() -> list[str]:
    """By which COPROD_DATA_KEY, then each of COPROD_ENCRYPTION_KEYS, is known again.

    No key can be found out from its mark.
    """
    keys = (settings.DATA_KEY, *settings.ENCRYPTION_KEYS)
    return [hmac.digest(key.encode(), b"coprod.backup", hashlib.sha256).hex()[:16] for key in keys]
