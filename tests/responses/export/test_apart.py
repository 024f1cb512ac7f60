"""Large exports are made by a process of their own: the same file, the same problems."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from experiments.models import Status, Study
from responses.export import apart
from responses.export.kept import keep_export
from responses.export.limits import TooLargeForFormatError
from responses.export.options import Options
from responses.export.reconciliation import NotReconciledError
from responses.export.record import record_export
from responses.models import ExportRecord, ExportStatement, Mode
from tests.analysis.test_look_under_failure import database_url
from tests.responses.export.rows import completed, launched
from tests.responses.ledger import tampered

pytestmark = pytest.mark.django_db(transaction=True)

OPTIONS = Options("ko", bom=True, guard=False)


@pytest.fixture
def study(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    settings.EXPORT_ROOT = tmp_path / "exports"
    # The database of this test is not the one of its environment.
    monkeypatch.setenv("DATABASE_URL", database_url())
    study = launched(status=Status.CLOSED)
    completed(study, 1, "money.high", answers={"comment": "공원 =)"})
    completed(study, 2, "none.low")
    return study


def asked(study: Study, **more: Any) -> ExportRecord:
    return record_export(study=study, mode=Mode.LIVE, actor="hana", **more)


def test_large_export_is_the_same_file_and_stated(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = keep_export(export=asked(study), options=OPTIONS)
    monkeypatch.setattr(apart, "MANY", 2)
    record = asked(study)
    assert apart.is_large(record)
    large = keep_export(export=record, options=OPTIONS)
    assert large != small
    assert large.read_bytes() == small.read_bytes()
    assert large.stat().st_mode & 0o777 == 0o600
    assert ExportStatement.objects.get(export=record).rows == {"participants": 2}


def test_export_that_loads_much_is_the_same_file_where_little_is_to_be_kept(study: Study) -> None:
    first, second = (asked(study, format_name="parquet") for _ in range(2))
    here = keep_export(export=first, options=OPTIONS)
    there = keep_export(export=second, options=OPTIONS, stay_small=True)
    assert there != here
    assert there.read_bytes() == here.read_bytes()


def test_export_is_large_from_so_many_participants_of_its_mode_on(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MANY", 3)
    assert not apart.is_large(asked(study))
    completed(study, 3, "none.high")
    assert apart.is_large(asked(study))
    study.participants.update(mode=Mode.PILOT)
    assert not apart.is_large(asked(study))


def test_what_does_not_fit_is_told_as_if_it_were_made_here(study: Study, tmp_path: Path) -> None:
    completed(study, 3, "none.low", answers={"comment": "말" * 11_000})
    export = asked(study, format_name="sav")
    with pytest.raises(TooLargeForFormatError, match="33000 bytes, and this format holds 32767"):
        apart.make_file_apart(export=export, path=tmp_path / "large.sav", options=OPTIONS)
    assert not list(tmp_path.glob("*large*"))


def test_who_is_missing_is_told_as_if_it_were_made_here(study: Study, tmp_path: Path) -> None:
    tampered("DELETE FROM responses_allocation WHERE stratum LIKE %s", ["made%"])
    with pytest.raises(NotReconciledError, match="the ledger has no row of it"):
        apart.make_file_apart(export=asked(study), path=tmp_path / "x.csv", options=OPTIONS)
    assert not list(tmp_path.glob("*x.csv*"))


@pytest.mark.slow
def test_process_that_breaks_off_leaves_no_file_and_says_why(study: Study, tmp_path: Path) -> None:
    export = asked(study)
    nowhere = tmp_path / "nowhere" / "x.csv"
    with pytest.raises(OSError, match=r"(?s)ended with 1: .*FileNotFoundError"):
        apart.make_file_apart(export=export, path=nowhere, options=OPTIONS)
