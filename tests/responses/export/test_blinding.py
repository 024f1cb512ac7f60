"""Who sees arms of a study that collects: nobody before the look is spent, or with a reason."""

import pytest

from experiments.models import Status, Study
from responses.export.record import ExportRefusedError, record_export
from responses.models import ExportRecord, Mode
from tests.responses.export.reading import HEADER, export, rows, written
from tests.responses.export.rows import completed, launched

pytestmark = pytest.mark.django_db(transaction=True)


def collecting() -> Study:
    study = launched()
    completed(study, 1, "money.high", first_look=1)
    completed(study, 2, "none.low")
    return study


BLINDED = HEADER + (
    "00000000-0000-0000-0000-000000000001,live,1,en,completed,thanks,"
    "2026-03-01T09:31:00.000000Z,2026-03-01T09:31:00.000000Z,2026-03-01T09:32:30.000000Z,"
    "2026-03-01T09:39:00.000005Z,2026-03-01T09:39:00.000005Z,2026-03-01T09:31:00.000000Z,1,"
    ",,comment,,0,,,,,,,,,,,,,,,,"
    "money,high,money.high,0.25,gender=woman,0,woman,-9,4,2,2,6,7,money,,4,4,6.5\r\n"
    "00000000-0000-0000-0000-000000000002,live,1,en,completed,thanks,"
    "2026-03-01T09:32:00.000000Z,2026-03-01T09:32:00.000000Z,2026-03-01T09:33:30.000000Z,"
    "2026-03-01T09:40:00.000005Z,2026-03-01T09:40:00.000005Z,2026-03-01T09:32:00.000000Z,,"
    ",,comment,,0,,,,,,,,,,,,,,,,"
    ",,,,gender=woman,,woman,-9,4,2,2,6,7,,,4,4,6.5\r\n"
)
COMPLETE = BLINDED.replace(
    ",,,,gender=woman,,woman,-9,4,2,2,6,7,,,",
    "none,low,none.low,0.25,gender=woman,1,woman,-9,4,2,2,6,7,money,,",
)


@pytest.mark.parametrize("status", [Status.LIVE, Status.PAUSED])
def test_blinding_of_a_collecting_study_shows_only_arms_of_spent_looks(status: Status) -> None:
    study = collecting()
    Study.objects.update(status=status)
    study.refresh_from_db()
    assert export(study) == BLINDED
    assert list(ExportRecord.objects.values_list("mode", "unblinded", "reason", "actor")) == [
        ("live", False, "", "tests")
    ]


def test_blinding_lifted_with_a_reason_is_recorded() -> None:
    study = collecting()
    assert export(study, reason="  The safety board asked. ") == COMPLETE
    assert list(ExportRecord.objects.values_list("mode", "unblinded", "reason", "actor")) == [
        ("live", True, "The safety board asked.", "tests")
    ]


def test_blinding_holds_if_the_study_opens_after_the_export_was_recorded() -> None:
    study = collecting()
    Study.objects.update(status=Status.CLOSED)
    study.refresh_from_db()
    record = record_export(
        study=study, mode=Mode.LIVE, actor="tests", unblind=True, reason="Nothing to unblind."
    )
    Study.objects.update(status=Status.LIVE)
    assert record.unblinded is False
    assert written(record) == BLINDED


@pytest.mark.parametrize("mode", [Mode.PILOT, Mode.REHEARSAL])
def test_blinding_leaves_test_runs_alone(mode: Mode) -> None:
    study = collecting()
    completed(study, 3, "none.high", mode=mode)
    assert [
        (row["participant"], row["mode"], row["arm"], row["noticed"])
        for row in rows(export(study, mode))
    ] == [("00000000-0000-0000-0000-000000000003", mode.value, "none.high", "money")]


@pytest.mark.parametrize(
    ("unblind", "reason", "message"),
    [
        (True, " ", "Unblinding needs a reason: say why the arms must be seen now."),
        (False, "Why not?", "A reason is given, but nothing is to be unblinded."),
    ],
)
def test_blinding_is_lifted_only_with_a_reason(unblind: bool, reason: str, message: str) -> None:
    study = launched()
    with pytest.raises(ExportRefusedError) as refused:
        record_export(study=study, mode=Mode.LIVE, actor="tests", unblind=unblind, reason=reason)
    assert (str(refused.value), ExportRecord.objects.count()) == (message, 0)


def test_export_of_a_study_that_was_never_launched_is_refused() -> None:
    study = Study.objects.create(slug="draft", languages=["en"])
    with pytest.raises(ExportRefusedError, match="The study draft was never launched"):
        record_export(study=study, mode=Mode.LIVE, actor="tests")
