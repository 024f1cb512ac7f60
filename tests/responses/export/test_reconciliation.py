"""An export says who entered and who was assigned, and is none if anybody is missing."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from experiments.launch import close
from experiments.models import Study
from responses.allocation import ListName, allocate
from responses.export import making
from responses.export.csv import snapshot
from responses.export.dataset import read_dataset
from responses.export.formats import FORMATS
from responses.export.making import make_file, write_export
from responses.export.options import Options
from responses.export.reconciliation import (
    Assigned,
    Flow,
    NotReconciledError,
    Reconciliation,
    check_rows,
    reconcile,
)
from responses.export.record import record_export
from responses.models import ExportStatement, Mode, Participant, State
from responses.withdrawal import withdraw
from tests.decks import deck_design
from tests.responses.ledger import allocated, holder_of, people, tampered
from tests.responses.studies import launched

pytestmark = pytest.mark.django_db(transaction=True)


def counted(study: Study, mode: Mode = Mode.LIVE) -> Reconciliation:
    """The counts of a study as an export takes them."""
    with snapshot() as reading:
        return reconcile(
            reading, read_dataset(reading, study_id=study.pk, mode=mode, unblind=False)
        )


def ended(study: Study, state: State, **more: Any) -> None:
    """Somebody who came to that end."""
    version = study.live_version
    assert version
    Participant.objects.create(
        study=study,
        version=version,
        mode=Mode.LIVE,
        token_hash=Participant.objects.count().to_bytes(32, "little"),
        state=state,
        page="about",
        language="en",
        **({"ended_at": "2026-11-23T00:00:00Z"} if state != State.ANSWERING else {}),
        **more,
    )


def holding(study: Study) -> list[Participant]:
    """Everybody, holding what the ledger gave them."""
    return list(Participant.objects.filter(study=study).exclude(assignments={}).order_by("id"))


def test_everybody_is_accounted_for_by_how_they_went_on() -> None:
    study = allocated(5)
    consented = {"consented_at": "2026-11-22T00:00:00Z"}
    ended(study, State.REFUSED)
    for _ in range(2):
        ended(study, State.SCREENED_OUT)
    ended(study, State.QUOTA_FULL)
    # Consent came first: they consented, whatever came then.
    ended(study, State.QUOTA_FULL, **consented)
    for _ in range(3):
        ended(study, State.ANSWERING)
    gone, kept, *_ = holding(study)
    withdraw(participant_id=gone.pk)
    withdraw(participant_id=kept.pk, keep=True)
    found = counted(study)
    assert found == Reconciliation(
        "live", (Flow(1, 13, 6, 1, 2, 1, 3),), (Assigned(1, "main", 5, 4, 1, 0),)
    )
    assert list(found.lines()) == [
        "Version 1, live: 13 entered = 6 consented + 1 refused + 2 screened out + 1 quota full + "
        "3 left before consent.",
        "Version 1, live, main: 5 assigned = 4 exported + 1 withdrawn + 0 given again.",
    ]


def test_other_modes_are_counted_by_themselves() -> None:
    study = allocated(3)
    assert counted(study, Mode.PILOT) == Reconciliation("pilot", (), ())


def test_deck_is_counted_by_its_draws() -> None:
    study = launched(deck_design())
    (person,) = people(study, 1)
    version = study.live_version
    assert version
    name = ListName(version, version.written.randomisations[0], Mode.LIVE, "")
    given = allocate(holder=holder_of(person), name=name)
    assert given is not None
    assert [each.randomisation for each in counted(study).assigned] == ["deck_1", "deck_2"]
    assert {(each.assigned, each.exported) for each in counted(study).assigned} == {(1, 1)}


def test_row_of_the_ledger_without_holder_stops_the_export() -> None:
    study = allocated(3)
    lost = holding(study)[0]
    Participant.objects.filter(pk=lost.pk).update(assignments={})
    export = record_export(study=study, mode=Mode.LIVE, actor="tests")
    told = (
        "Version 1: the ledger has 3 rows of main, of which 0 were given again; 2 participants "
        "hold one, and 0 withdrew. 1 are unaccounted for."
    )
    with pytest.raises(NotReconciledError, match=re.escape(told)):
        write_export(export=export, file=BytesIO(), options=Options())
    assert not ExportStatement.objects.exists()


def test_arm_that_the_ledger_did_not_give_stops_the_export() -> None:
    study = allocated(3)
    tampered("DELETE FROM responses_allocation WHERE position = 0")
    with pytest.raises(NotReconciledError, match="3 participants hold one"):
        counted(study)


def test_arms_of_which_the_ledger_knows_nothing_stop_the_export() -> None:
    study = allocated(3)
    tampered("DELETE FROM responses_allocation")
    told = "Version 1: 3 participants hold an arm of main, and the ledger has no row of it."
    with pytest.raises(NotReconciledError, match=re.escape(told)):
        counted(study)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_how_many_rows_it_wrote(name: str, tmp_path: Any) -> None:
    study = allocated(3)
    close(study=study)
    export = record_export(study=study, mode=Mode.LIVE, actor="tests", format_name=name)
    make_file(export=export, path=tmp_path / "park", options=Options())
    stated = ExportStatement.objects.get()
    assert stated.rows["participants"] == 3
    assert stated.counts["flows"][0]["entered"] == 3
    assert set(stated.rows) == set(export.tables.split())


def test_file_that_lacks_a_row_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    study = allocated(3)
    counts = Reconciliation("live", (Flow(1, 4, 4, 0, 0, 0, 0),), ())
    with pytest.raises(NotReconciledError, match="The file has 3 participants, and 4 entered"):
        check_rows(counts, {"participants": 3}, "participants")
    # A join that loses somebody, as a version that is gone would.
    monkeypatch.setattr(making, "reconcile", lambda *_: counts)
    with pytest.raises(CommandError, match="The file has 3 participants, and 4 entered"):
        call_command("export", study.slug, output=tmp_path / "park.csv")
    assert list(tmp_path.iterdir()) == []


def test_command_states_the_counts(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    study = allocated(2)
    call_command("export", study.slug, output=tmp_path / "park.csv")
    assert capsys.readouterr().err.splitlines() == [
        "Rows: participants 2.",
        "Version 1, live: 2 entered = 2 consented + 0 refused + 0 screened out + 0 quota full + "
        "0 left before consent.",
        "Version 1, live, main: 2 assigned = 2 exported + 0 withdrawn + 0 given again.",
    ]


def test_statement_is_append_only() -> None:
    study = allocated(1)
    export = record_export(study=study, mode=Mode.LIVE, actor="tests")
    write_export(export=export, file=BytesIO(), options=Options())
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
        cursor.execute("UPDATE responses_exportstatement SET rows = '{}'")
