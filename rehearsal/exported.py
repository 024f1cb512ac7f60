"""The export of a rehearsal, as its file says it, held against the rows that it is of."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from experiments.models import Study
from rehearsal.reckoning import Row
from rehearsal.spending import ACTOR
from responses.export.making import write_export
from responses.export.options import Options
from responses.export.record import record_export
from responses.models import Mode
from responses.quality import refresh_flags


def exported(study: Study) -> list[dict[str, str]]:
    """The rows of the CSV of participants; the export is recorded like any other."""
    export = record_export(study=study, mode=Mode.REHEARSAL, actor=ACTOR)
    refresh_flags(study_id=study.pk, mode=Mode.REHEARSAL)
    file = BytesIO()
    write_export(export=export, file=file, options=Options(guard=False))
    return list(csv.DictReader(StringIO(file.getvalue().decode(), newline="")))


def differing_cells(said: Sequence[Mapping[str, str]], rows: Mapping[int, Row]) -> int:
    """How many people the file lacks, and how many cells are not what the database has.

    Held against each other are states, languages and answers that are one code, number or text.
    """
    held = {str(row.reference): row for row in rows.values()}
    wrong = len(held) - len(said)
    for each in said:
        row = held.get(each["participant"])
        if row is None:
            wrong += 1
            continue
        mine = {code: told for code, told in row.answers.items() if isinstance(told, str)}
        mine = {code: told for code, told in mine.items() if code not in row.not_shown}
        mine |= {"state": row.state, "language": row.language}
        wrong += sum(each[code] != told for code, told in mine.items() if code in each)
    return abs(wrong)
