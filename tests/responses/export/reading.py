"""Exports as text and as rows."""

from io import BytesIO

import polars

from experiments.models import Study
from responses.export.making import write_export
from responses.export.options import Options
from responses.export.record import record_export
from responses.models import Allocation, ExportRecord, Mode, Participant
from tests.responses.export.rows import into_ledger

HEADER = (
    "participant,mode,design_version,language,state,last_page,entered_at,consented_at,exposed_at,"
    "completed_at,ended_at,last_seen_at,first_look,not_shown,not_reached,skipped,untouched,"
    "excluded_by_hand,excluded_reason,corrections_asked,"
    "flag_fast_pages,flag_fast_reading,flag_long_string,flag_no_variance,flag_reverse_conflict,"
    "flag_failed_attention,flag_failed_mock,flag_failed_comprehension,flag_duplicate,"
    "flag_honeypot,flag_impossible_time,flag_pasted,flag_tab_hidden,"
    "reward,voice,arm,probability,stratum,position,"
    "gender,education,motive1,motive2,attention,will1,will2,noticed,comment,motive,care,will\r\n"
)


def export(
    study: Study, mode: Mode = Mode.LIVE, reason: str = "", table: str = "participants"
) -> str:
    """A table's whole file; people who were put straight into theirs get rows of the ledger."""
    if not Allocation.objects.filter(version__study=study).exists():
        into_ledger(*Participant.objects.filter(study=study))
    record = record_export(
        study=study,
        mode=mode,
        actor="tests",
        unblind=bool(reason),
        reason=reason,
        table_names=[table],
    )
    return written(record)


def written(record: ExportRecord) -> str:
    """The file of a record."""
    file = BytesIO()
    write_export(export=record, file=file, options=Options())
    return file.getvalue().decode()


def rows(text: str) -> list[dict[str, str | None]]:
    """The file as polars reads it, every column as text, empty as None."""
    return polars.read_csv(BytesIO(text.encode()), infer_schema=False).to_dicts()
