"""Rehearsals are deleted whole, nothing of anybody else is, and the logs say so."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analysis.look import run_look
from analysis.look_lines import event_lines
from analysis.look_log import opened, verify
from analysis.models import Look, LookEvent
from analysis.schedule import standing_of
from experiments.launch import launch
from experiments.models import Study
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from rehearsal.deletion import delete_rehearsal
from responses.arrival import entry_link
from responses.corrections import correct
from responses.models import Allocation, AllocationHead, Erasure, Mode, Participant
from responses.quality import refresh_flags
from responses.tallies import fold_tallies, wrong_tallies
from tests.analysis.studies import complete, launched
from tests.desk import member, text_of
from tests.responses.marking import marked
from tests.responses.studies import OPINION, walked
from tests.responses.ways import few
from tests.responses.withdrawing import identified, verdict

pytestmark = pytest.mark.django_db

# What may be there that was not there before: that somebody deleted, and who looked at what.
LOGS = ("responses_erasure", "analysis_lookevent", "responses_heartbeat")


def tables() -> dict[str, list[str]]:
    """Every row of every table of ours, byte for byte, but for the logs."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if re.match("experiments_|responses_|analysis_", table) and table not in LOGS:
                # The name is the database's own.
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
                found[table] = [row[0] for row in cursor.fetchall()]
    return found


def lived(study: Study, mode: Mode) -> None:
    """Everything that people of a mode can leave behind, in every table that knows a mode."""
    link = entry_link("park", mode)
    for number in range(2):
        mark = "&" if "?" in link else "?"
        walked(Client(), link=f"{link}{mark}PID=person-{number}")
    late = Client()
    walked(late, link=link, until="opinion")
    late.post("/s/park/opinion/draft/", OPINION)
    first = Participant.objects.filter(mode=mode).order_by("id")[0]
    marked(study, first, mode=mode)
    correct(participant=first, item="gender", stated="a man", reason="A slip.", actor="kim")
    refresh_flags(study_id=study.pk, mode=mode)


def test_deleting_leaves_the_database_as_it_was_before_the_rehearsal() -> None:
    study = write_rows(design=few(99, design=identified()))
    launch(study=study, pilot=True)
    lived(study, Mode.PILOT)
    study = launch(study=study).study
    lived(study, Mode.LIVE)
    fold_tallies()
    before = tables()
    lived(study, Mode.REHEARSAL)
    fold_tallies()
    rehearsed = {name for name, rows in tables().items() if rows != before[name]}
    record = delete_rehearsal(study=study, actor="kim")
    assert record is not None
    assert (record.mode, record.kind, record.actor) == ("rehearsal", "rehearsal", "kim")
    assert record.rows == {
        **{"submissions": 11, "paradata": 11, "drafts": 1, "marks": 1, "places": 3},
        "corrections": 1,
        **{"markings": 1, "panel_ids": 2, "quota_cells": 1, "flags_bases": 1},
        **{"participants": 3, "allocations": 3, "lists": 1},
    }
    assert wrong_tallies(study) == ()
    fold_tallies()
    assert tables() == before
    # A table that a rehearsal writes to and this test does not is not tested.
    assert rehearsed == {
        f"responses_{name}"
        for name in (
            *("allocation", "allocationhead", "correction", "draft", "exclusionmark"),
            *("flagsbasis", "marking"),
            *("panelidentity", "paradata", "participant", "quotacell"),
            *("quotaplace", "submission", "tally"),
        )
    }
    assert verdict().startswith("6 allocations in 2 lists")
    assert delete_rehearsal(study=study, actor="kim") is None
    assert Erasure.objects.count() == LookEvent.objects.count() == 1


def test_lists_and_looks_of_the_next_rehearsal_begin_anew_and_the_log_goes_on() -> None:
    study = launched()
    link = entry_link("park", Mode.REHEARSAL)
    walked(Client(), link=link)
    (first,) = Allocation.objects.values("stratum", "position", "arm", "block")
    complete(study, 20, mode=Mode.REHEARSAL)

    def spend() -> Look:
        look = run_look(study_id=study.pk, mode="rehearsal", number=1)
        assert look is not None
        opened(look=look, actor="kim")
        return look

    spend()
    before = verify(study.pk, "rehearsal")
    delete_rehearsal(study=study, actor="lee")
    assert not Look.objects.exists()
    assert not AllocationHead.objects.exists()
    chain = verify(study.pk, "rehearsal")
    assert (chain.holds, chain.events[:2]) == (True, before.events)
    said = chain.events[2]
    assert (said.kind, said.actor, said.number) == ("erased", "lee", None)
    assert said.detail == {
        **{"looks": 1, "ordered": 0, "replanned": 0},
        **{"participants": 21, "submissions": 4, "allocations": 1},
    }
    standing = standing_of(study_id=study.pk, mode="rehearsal")
    assert standing is not None
    assert (standing.spent, standing.eligible) == ((), 0)
    # In the same process, which knows the lists from before.
    walked(Client(), link=link)
    assert Allocation.objects.values("stratum", "position", "arm", "block").get() == first
    complete(study, 20, mode=Mode.REHEARSAL)
    look = spend()
    again = verify(study.pk, "rehearsal")
    assert again.holds
    assert [(event.kind, event.number) for event in again.events[3:]] == [
        ("spent", look.number),
        ("opened", look.number),
    ]
    # Both looks have the number 1, and only this one's report is there.
    lines = event_lines(again, reports={look.number: look.pk})
    assert [line.report for line in lines] == [None, None, None, look.pk, None]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        Look.objects.all().delete()
    assert "look 1 is not what was spent" in verify(study.pk, "rehearsal").line


def test_no_other_mode_can_be_deleted_nor_its_log_be_cut_short() -> None:
    study = launched()
    event: dict[str, Any] = {
        **{"study": study, "position": 1, "kind": "erased", "at": study.created_at},
        **{"previous_digest": "0" * 64, "digest": "0" * 64},
    }
    for mode in (Mode.LIVE, Mode.PILOT):
        with pytest.raises(IntegrityError, match="only_rehearsals"), transaction.atomic():
            Erasure.objects.create(study=study, mode=mode, kind="rehearsal", actor="kim")
        with pytest.raises(IntegrityError, match="only_looks_of"), transaction.atomic():
            LookEvent.objects.create(mode=mode, **event)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_deleted_while_somebody_answers_in_the_rehearsal() -> None:
    import psycopg

    study = launched()
    walked(Client(), link=entry_link("park", Mode.REHEARSAL), until="opinion")
    before = tables()
    parameters = connection.get_connection_params()
    for row in ("participant", "allocationhead"):
        with psycopg.connect(**parameters) as other:
            # The name is a constant.
            other.execute(f"SELECT id FROM responses_{row} FOR UPDATE")
            with pytest.raises(Refused, match="Somebody is answering"):
                delete_rehearsal(study=study, actor="kim")
    assert tables() == before
    assert delete_rehearsal(study=study, actor="kim") is not None


@pytest.mark.parametrize("people", [1, 3])
def test_page_says_what_would_go_and_deletes_only_once_it_is_confirmed(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    complete(study, people, mode=Mode.REHEARSAL)
    client, page = member(study, "editor"), "/admin/rehearsal/park/delete/"
    # Session, account, memberships, study, what the menu asks; what there is of four kinds.
    with django_assert_num_queries(9):
        told = text_of(client.get(page))
    assert f"Participants, with their drafts, flags and marks {people} Pages" in told
    assert "Nothing was deleted yet" in text_of(client.post(page))
    assert Participant.objects.count() == people
    assert "The rehearsal is deleted." in text_of(client.post(page, {"sure": "yes"}, follow=True))
    assert "There was no rehearsal" in text_of(client.post(page, {"sure": "yes"}, follow=True))
    assert Erasure.objects.get().actor == "editor"


def test_command_says_what_went(capsys: pytest.CaptureFixture[str]) -> None:
    study = launched()
    complete(study, 2, mode=Mode.REHEARSAL)
    call_command("delete_rehearsal", "park")
    assert capsys.readouterr().out == "The rehearsal of park is deleted: participants 2.\n"
    assert Erasure.objects.get().actor.endswith(" (shell)")
    with pytest.raises(CommandError, match="park has no rehearsal"):
        call_command("delete_rehearsal", "park")
