"""Rules by which a migration can run while people answer and the old release still serves them.

They read the SQL that Django makes of a migration. A table that the same migration made is nobody's
yet. Where a rule is broken for a reason, the migration's module says which and why:

    ONLINE = {"rewrite": "the table is small: one row for each study"}
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

# Before there were rules: everything up to this name, room by room.
BEFORE: Mapping[str, int] = {"experiments": 10, "responses": 21, "analysis": 12}
# Functions whose value is another one for each row, so that the table is written anew.
VOLATILE = r"gen_random_uuid|uuidv4|uuidv7|random|clock_timestamp|timeofday|nextval"
MADE = re.compile(r"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """What no migration does, by the SQL that does it; the first group is the table's name."""

    name: str
    pattern: re.Pattern[str]
    instead: str


def _rule(name: str, pattern: str, instead: str) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE | re.DOTALL), instead)


_ALTER = r"ALTER TABLE (?:ONLY )?(?:IF EXISTS )?\"?(\w+)\"? [^;]*?"
RULES = (
    _rule(
        "not null",
        _ALTER + r"ADD COLUMN (?![^;]*\bDEFAULT\b)[^;]*\bNOT NULL\b(?![^;]*\bGENERATED\b)",
        "give the column a db_default: rows are there, and the old release names it in no INSERT",
    ),
    _rule(
        "default dropped",
        _ALTER + r"ALTER COLUMN \"?\w+\"? DROP DEFAULT",
        "use db_default: what Django drops the old release needs for its INSERTs",
    ),
    _rule(
        "rewrite",
        _ALTER + rf"(?:ADD COLUMN [^;]*?(?:DEFAULT \(?(?:{VOLATILE})\s*\(|"
        r"GENERATED ALWAYS AS [^;]* STORED|\b(?:big|small)?serial\b|GENERATED [^;]* AS IDENTITY)|"
        r"ALTER COLUMN \"?\w+\"? (?:SET DATA )?TYPE|SET (?:UN)?LOGGED|SET TABLESPACE)",
        "add a column that may be null, fill it in pieces, and let a later release rely on it",
    ),
    _rule(
        "whole table read",
        _ALTER + r"ALTER COLUMN \"?\w+\"? SET NOT NULL",
        "add CHECK (… IS NOT NULL) NOT VALID, validate it in a migration of its own, then this",
    ),
    _rule(
        "constraint",
        _ALTER + r"ADD CONSTRAINT \"?\w+\"? (?:CHECK|FOREIGN KEY)\b(?![^;]*\bNOT VALID\b)",
        "add it NOT VALID (AddConstraintNotValid), and validate it in a migration of its own",
    ),
    _rule(
        "unique constraint",
        _ALTER + r"ADD CONSTRAINT \"?\w+\"? (?:UNIQUE|PRIMARY KEY|EXCLUDE)\b(?! USING INDEX)",
        "make a unique index CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
    ),
    _rule(
        "index",
        r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[^;]*? ON (?:ONLY )?\"?(\w+)",
        "AddIndexConcurrently, in a migration of its own with atomic = False",
    ),
    _rule(
        "rename",
        _ALTER + r"RENAME (?:COLUMN|TO)",
        "add the new one, write both, and drop the old one two releases later",
    ),
    _rule(
        "drop",
        r"(?:" + _ALTER + r"DROP COLUMN|DROP TABLE (?:IF EXISTS )?\"?(\w+))",
        "let a release go by that does not use it, then say so as the reason",
    ),
    _rule(
        "rows changed",
        r"(?:\A|;)\s*(?:UPDATE|DELETE FROM) \"?(\w+)",
        "change rows in pieces, outside of the migration that changes the table",
    ),
    _rule(
        "explicit lock",
        r"LOCK (?:TABLE )?\"?(\w+)",
        "leave locks to the statements",
    ),
)


def under_rules(migration: Migration) -> bool:
    """Whether it is of one of our rooms, and later than the rules."""
    number = migration.name.split("_")[0]
    return migration.app_label in BEFORE and int(number) > BEFORE[migration.app_label]


def sql_of(migration: Migration) -> str:
    """The SQL of a migration, as `sqlmigrate` prints it, without comments."""
    loader = MigrationExecutor(connection).loader
    lines = loader.collect_sql([(migration, False)])
    return "\n".join(line for line in lines if not line.startswith("--"))


def broken(sql: str, reasons: Mapping[str, str] | None = None) -> Iterator[str]:
    """Each rule that the SQL breaks without a reason, with the table and what to do instead."""
    new = {name.lower() for name in MADE.findall(sql)}
    for rule in RULES:
        if rule.name in (reasons or {}):
            continue
        for found in rule.pattern.finditer(sql):
            table = next(filter(None, found.groups()), "")
            if table.lower() not in new:
                yield f"{rule.name} ({table}): {rule.instead}"
