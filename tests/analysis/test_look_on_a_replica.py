"""A look whose cut is read from a real replica: the same look, and it waits for what it needs."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from analysis.look_log import verify
from analysis.models import Look
from experiments.models import Study
from responses import cut
from responses import replica as reading
from responses.models import Participant
from tests.analysis.studies import complete, launched, spend
from tests.processes import ANSWER_SECONDS
from tests.replicated import Replica

pytestmark = pytest.mark.slow


def digest_on_the_primary(study: Study, number: int) -> str:
    """That of the cut as the primary has it, in the order of the looks."""
    people = Participant.objects.filter(study=study, first_look__lte=number)
    rows = people.order_by("first_look", *cut.ORDER).values_list(*cut.COPIED)
    found = cut.Cut()
    found.extend(cut.copied(rows))
    return found.digest


def test_look_waits_until_the_replica_has_its_cut(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "WAITS", ANSWER_SECONDS)
    monkeypatch.setattr(cut, "FETCHED", 7)
    study = launched()
    replica.pause()
    complete(study, 21, failed=[3])
    with caplog.at_level(logging.WARNING), ThreadPoolExecutor(1) as threads:
        running = threads.submit(spent_apart, study, 1)
        until_it_asks(replica)
        assert (replica.count("responses_participant"), running.done()) == (0, False)
        replica.resume()
        look = running.result()
    assert caplog.text == ""
    assert (look.n, look.cut_digest) == (20, digest_on_the_primary(study, 1))
    # The next one holds the first one's, and some who came later.
    complete(study, 22, start=21)
    second = spend(study, 2)
    assert (second.n, second.cut_digest) == (40, digest_on_the_primary(study, 2))
    assert caplog.text == ""
    assert verify(study.pk, "live").holds


def test_look_reads_the_primary_where_the_replica_lags(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "WAITS", 0.1)
    study = launched()
    replica.pause()
    complete(study, 20)
    with caplog.at_level(logging.WARNING):
        look = spend(study, 1)
    assert (look.n, look.cut_digest) == (20, digest_on_the_primary(study, 1))
    assert "coprod look's cut reads from the primary: the replica has not" in caplog.text


def spent_apart(study: Study, number: int) -> Look:
    """The look, run on a thread of its own."""
    try:
        return spend(study, number)
    finally:
        connection.close()


def until_it_asks(replica: Replica) -> None:
    """Until a look has come to the replica."""
    end = time.monotonic() + ANSWER_SECONDS
    asked = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'coprod look''s cut'"
    while not replica.ask(asked):
        assert time.monotonic() < end, "No look came to the replica."
        time.sleep(0.02)
