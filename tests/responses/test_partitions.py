"""Tables that are cut into parts: nothing is lost, and everything holds as it did."""

import logging
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from responses import partitions
from responses.models import Erasure, Paradata, Participant, Submission
from responses.partitions import TABLES, Part, cut, make_ahead, parts
from responses.partitions.cutting import BOUND
from responses.partitions.reading import newest_participant
from responses.tasks import partition
from responses.withdrawal import withdraw
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

SUBMISSION = "responses_submission"
# What holds of a table, whatever it is made of.
HOLDS = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %(table)s::regclass AND contype IN ('u', 'f', 'c')
UNION ALL SELECT replace(pg_get_indexdef(indexrelid), ' ONLY', '') FROM pg_index
WHERE indrelid = %(table)s::regclass AND NOT indisprimary
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger
WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal
UNION ALL SELECT format('%%s %%s %%s %%s', column_name, data_type, is_nullable, identity_generation)
FROM information_schema.columns WHERE table_name = %(table)s
UNION ALL SELECT privilege_type FROM pg_class, aclexplode(relacl)
WHERE oid = %(table)s::regclass AND grantee = 0 ORDER BY 1
"""


def asked(statement: str, parameters: Any = None) -> list[Any]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def came(many: int) -> list[Participant]:
    """So many who walk through the whole study; no check of a foreign key is left for later."""
    known = set(Participant.objects.values_list("pk", flat=True))
    for _ in range(many):
        walked(Client())
    asked("SET CONSTRAINTS ALL IMMEDIATE")
    asked("SET CONSTRAINTS ALL DEFERRED")
    return list(Participant.objects.exclude(pk__in=known))


def cut_both(width: int) -> int:
    """Cuts both tables: where their first parts end."""
    (end,) = {done.end for table in TABLES if (done := cut(table=table, width=width))}
    return end


def held() -> list[Any]:
    """Every row of both tables, as it is."""
    return [list(model.objects.order_by("id").values()) for model in (Submission, Paradata)]


def where(table: str = SUBMISSION) -> dict[str, int]:
    """How many rows stand in each part."""
    return dict(asked(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"))


def test_cut_table_holds_what_it_held() -> None:
    launched()
    came(2)
    asked(f"GRANT SELECT ON {SUBMISSION} TO PUBLIC")
    rows = held()
    shapes = [asked(HOLDS, {"table": table}) for table in TABLES]
    end = cut_both(width=100)
    assert end == newest_participant() + 100
    assert held() == rows
    assert [asked(HOLDS, {"table": table}) for table in TABLES] == shapes
    for table in TABLES:
        assert parts(table) == [
            Part(end, None, f"{table}_p0"),
            Part(end + 100, end, f"{table}_p1"),
            Part(end + 200, end + 100, f"{table}_p2"),
        ]
        # The first part is the table that was.
        assert where(table).keys() == {f"{table}_p0"}


def test_cut_table_is_not_cut_again() -> None:
    launched()
    came(1)
    cut_both(width=100)
    before = [parts(table) for table in TABLES]
    assert [cut(table=table, width=100) for table in TABLES] == [None, None]
    assert make_ahead() == []
    assert [parts(table) for table in TABLES] == before


def test_participants_go_on_in_further_parts() -> None:
    launched()
    came(1)
    numbers = set(Submission.objects.values_list("id", flat=True))
    end = cut_both(width=1)
    people = came(4)
    assert [person.pk - end for person in people] == [0, 1, 2, 3]
    pages = Submission.objects.filter(participant=end).count()
    found = {"p0": pages, "p1": pages, "p2": pages, "rest": 2 * pages}
    assert where() == {f"{SUBMISSION}_{name}": rows for name, rows in found.items()}
    further = set(Submission.objects.values_list("id", flat=True)) - numbers
    assert min(further) > max(numbers)


def test_rows_that_met_no_part_become_one() -> None:
    launched()
    came(1)
    cut_both(width=1)
    people, rows = came(4), held()
    # Two ahead of whoever came last, and what stood in the rest.
    made = [f"{table}_p{number}" for table in TABLES for number in (3, 4, 5)]
    assert make_ahead() == made
    assert make_ahead() == []
    assert held() == rows
    pages = Submission.objects.filter(participant=people[0]).count()
    assert where()[f"{SUBMISSION}_p3"] == 2 * pages
    assert f"{SUBMISSION}_rest" not in where()


def test_parts_grow_with_the_number_of_participants() -> None:
    launched()
    (last,) = came(1)
    cut_both(width=1)
    last.pk, last.reference, last.token_hash, last.completion_code = 800_000, uuid4(), b"", ""
    last.save(force_insert=True)
    assert make_ahead() == [f"{table}_p{number}" for table in TABLES for number in (3, 4, 5)]
    widths = [part.end - (part.first or 0) for part in parts(SUBMISSION)[3:]]
    assert widths[1:] == [100_000, 100_000]


@pytest.mark.parametrize("table", TABLES)
def test_parts_are_append_only_and_unique(table: str) -> None:
    launched()
    came(1)
    cut_both(width=1)
    came(4)
    for part in where(table):
        for change in (f"UPDATE {part} SET page = ''", f"DELETE FROM {part}"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                asked(change)
        columns = [name for (name,) in asked(COLUMNS, [table])]
        again = ", ".join(columns)
        copy = f"INSERT INTO {table} ({again}) SELECT {again} FROM {part} LIMIT 1"
        with pytest.raises(IntegrityError, match="duplicate"), transaction.atomic():
            asked(copy)
    stranger = ", ".join("2000000000" if name == "participant_id" else name for name in columns)
    copy = f"INSERT INTO {table} ({again}) SELECT {stranger} FROM {table} LIMIT 1"
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        asked(f"{copy}; SET CONSTRAINTS ALL IMMEDIATE")


COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'
"""


def test_withdrawal_erases_in_parts() -> None:
    launched()
    came(1)
    cut_both(width=1)
    people = came(4)
    leaver = people[-1].pk
    count = Submission.objects.filter(participant=leaver).count()
    withdraw(participant_id=leaver)
    kept = Erasure.objects.get().rows
    assert (kept["submissions"], kept["paradata"]) == (count, count)
    assert not Submission.objects.filter(participant=leaver).exists()
    assert Submission.objects.count() == count * 4


def test_broken_off_cut_goes_on_where_it_was() -> None:
    launched()
    came(1)
    bound = newest_participant() + 77
    bind = f"ALTER TABLE {SUBMISSION} ADD CONSTRAINT {BOUND} CHECK (participant_id < {bound})"
    asked(f"{bind} NOT VALID")
    done = cut(table=SUBMISSION, width=100)
    assert done is not None
    assert done.end == bound
    assert BOUND not in str(asked(HOLDS, {"table": SUBMISSION}))


def test_bound_of_a_cut_that_never_ended_refuses_nobody() -> None:
    launched()
    came(1)
    bind = (
        f"ALTER TABLE {SUBMISSION} ADD CONSTRAINT {BOUND} CHECK (participant_id < {{}}) NOT VALID"
    )
    asked(bind.format(newest_participant() + 60_000))
    assert make_ahead() == []
    assert BOUND in str(asked(CHECKS))
    asked(f"ALTER TABLE {SUBMISSION} DROP CONSTRAINT {BOUND}")
    asked(bind.format(newest_participant() + 40_000))
    assert make_ahead() == []
    assert BOUND not in str(asked(CHECKS))


CHECKS = f"SELECT conname FROM pg_constraint WHERE conrelid = '{SUBMISSION}'::regclass"


def test_cut_gives_way_to_who_reads_the_table() -> None:
    launched()
    came(1)
    shape = asked(HOLDS, {"table": SUBMISSION})
    with psycopg.connect(**connection.get_connection_params()) as reader:
        reader.execute(f"LOCK TABLE {SUBMISSION} IN ACCESS SHARE MODE")
        with pytest.raises(partitions.NotWhileBusyError):
            cut(table=SUBMISSION, width=100, tries=2, pause=0)
    assert asked(HOLDS, {"table": SUBMISSION}) == shape
    assert cut(table=SUBMISSION, width=100, tries=1) is not None


def test_migrations_reach_every_part() -> None:
    launched()
    came(1)
    cut_both(width=100)
    index = models.Index(fields=["page"], name="submissions_by_page")
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(Submission, index)
    indexed = "SELECT tablename::text FROM pg_indexes WHERE indexdef LIKE '%(page)%' ORDER BY 1"
    names = ("", "_p0", "_p1", "_p2", "_rest")
    assert asked(indexed) == [(f"{SUBMISSION}{name}",) for name in names]


def test_command_cuts_what_is_large(capsys: pytest.CaptureFixture[str]) -> None:
    launched()
    came(1)
    rows = {table: asked(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}
    assert all(rows.values())
    # What Postgres knew before may be of another test, whose sessions told it late.
    for table in TABLES:
        asked(f"ANALYZE {table}")
    call_command("partition_submissions")
    whole = [f"{t} has about {rows[t]} rows: it stays whole below 10000000." for t in TABLES]
    assert capsys.readouterr().out.splitlines() == whole
    call_command("partition_submissions", now=True)
    end = newest_participant() + 1_000_000
    upto = f"rows are the part up to participant {end}."
    done = [f"{table} was cut: its {rows[table]} {upto}" for table in TABLES]
    assert capsys.readouterr().out.splitlines() == done
    call_command("partition_submissions", now=True)
    again = [line.partition(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert again == [f"{table} has 3 parts" for table in TABLES]
    with pytest.raises(CommandError, match="--width must be at least 100000"):
        call_command("partition_submissions", width=1)


def test_task_says_what_should_be_cut(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions.reading, "LARGE", 0)
    with caplog.at_level(logging.WARNING):
        partition()
    assert [record.getMessage().partition(" ")[0] for record in caplog.records] == list(TABLES)
    cut_both(width=100)
    caplog.clear()
    partition()
    assert caplog.records == []
