"""Empties the tables after a test that commits, in a tenth of the time that TRUNCATE takes.

TRUNCATE makes every table and index a new file. Few tests leave more than some pages of rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

# What Django makes of the models when it migrates, of which a test changes nothing.
OF_THE_MODELS = {"django_content_type", "auth_permission"}
# A table of so many bytes gets a new file: what is deleted stays in the way of those who read.
LARGE = 512 * 1024
# Nobody may be at any table, as with TRUNCATE: who left a transaction open is found. No trigger
# fires, neither those of foreign keys, since nothing is left, nor those of tables that only grow.
EMPTIED = """
DO $emptied$
BEGIN
    LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (
        SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
        AND pg_table_size(oid) > {large}
    ) THEN
        TRUNCATE {tables};
    ELSE
        SET LOCAL session_replication_role = replica;
        {each}
        SET LOCAL session_replication_role = origin;
    END IF;
END
$emptied$
"""


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly() -> Iterator[None]:
    """Has the emptying after a test delete; what migrating made stays: making it takes a second.

    A site that runs remembers the numbers of content types, which stay the same by this, too.
    """
    from django.core.management.commands import flush

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flush, "sql_flush", emptying)
        patched.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


def emptying(style: Any, connection: BaseDatabaseWrapper, **how: bool) -> Sequence[str]:
    """The statements that empty the tables of all models but `OF_THE_MODELS`."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = sorted(set(tables) - OF_THE_MODELS)
    if how["reset_sequences"] or not _may_switch_triggers_off(connection):
        return connection.ops.sql_flush(style, emptied, **how)
    names = [connection.ops.quote_name(table) for table in emptied]
    each = "\n        ".join(
        f"IF EXISTS (SELECT FROM {name}) THEN DELETE FROM {name}; END IF;" for name in names
    )
    return [EMPTIED.format(tables=", ".join(names), large=LARGE, each=each)]


def _may_switch_triggers_off(connection: BaseDatabaseWrapper) -> bool:
    """Whether it is a superuser's, as that of the tests' own server is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        ((superuser,),) = cursor.fetchall()
    return bool(superuser)
