"""What reads everybody of a study reads each row a few times, whatever Postgres knows of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL

from analysis.eligibility import eligible
from analysis.ledger_rows import ledger_rows
from experiments.models import Study
from responses.cut import take_cut
from responses.models import Participant
from responses.quality.refreshing import refresh_flags
from tests.analysis.redoing import arriving
from tests.analysis.studies import launched

# In this transaction, in which the rows came, too: autovacuum can't have seen them.
READ = """
SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
WHERE relname IN ('responses_participant', 'responses_allocation')
"""
# As of a table that was never looked at; what tests before left would say otherwise.
FORGET = """
SELECT pg_clear_relation_stats('public', c.relname),
    pg_clear_attribute_stats('public', c.relname, a.attname, false)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE c.relname IN ('responses_participant', 'responses_allocation')
"""
# Without them a join by hashes and one by nested loops look much alike to Postgres, which takes the
# other one where the table has some more blocks.
LEAN = "SET LOCAL enable_hashjoin = off"
N = 120


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def reads_ledger(study: Study) -> None:
    ((_step, rows),) = ledger_rows(study, "live", told=None)
    assert len(rows.held) > N / 2


def takes_cut(study: Study) -> None:
    assert study.live_version
    chosen = eligible(study.live_version.design)
    cut = take_cut(study_id=study.pk, mode="live", number=1, eligible=chosen, size=N // 4)
    assert len(cut) == N // 4


def judges_all(study: Study) -> None:
    assert refresh_flags(study_id=study.pk, mode="live") > N / 2


@pytest.mark.django_db
@pytest.mark.parametrize("act", [reads_ledger, takes_cut, judges_all])
def test_everybody_is_read_a_few_times_without_statistics(act: Callable[[Study], None]) -> None:
    study = launched()
    arriving(study, N)
    Participant.objects.update(fingerprint=RawSQL("sha256(id::text::bytea)", []))
    asked(FORGET)
    asked(LEAN)
    before = asked(READ)
    act(study)
    assert asked(READ) - before < 8 * N
    # And for what comes after in the same transaction Postgres may choose again.
    assert asked("SHOW enable_nestloop") == "on"
