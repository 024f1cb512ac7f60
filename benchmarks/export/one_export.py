"""Makes one file, by a format of the export or by a bare COPY, and says what it took."""

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.export.bare import bare_copy
from benchmarks.looks.memory import forget_peak, peak_megabytes
from experiments.models import Study
from experiments.variables.tables import PARTICIPANTS
from responses.export.csv import snapshot
from responses.export.formats import FORMATS
from responses.export.making import make_file
from responses.export.options import Options
from responses.export.record import record_export
from responses.export.tables import tables
from responses.models import Mode

BARE = "bare COPY"


@dataclass(frozen=True)
class Taken:
    """Wall time, the most memory of this process, Django and all, and the size of the file."""

    system: str
    seconds: float
    megabytes: float
    size: int


def is_format(name: str) -> bool:
    """Whether there is a format of that name."""
    return name in FORMATS


def export_by(system: str, slug: str, folder: Path, mode: Mode) -> Taken:
    """One turn of a system: a name of `FORMATS`, or `BARE`."""
    study, path = Study.objects.get(slug=slug), folder / "export"
    forget_peak()
    began = time.perf_counter()
    if system == BARE:
        _bare(study, mode, path)
    else:
        export = record_export(
            study=study,
            mode=mode,
            actor="bench",
            format_name=system,
            table_names=() if FORMATS[system].needs else [PARTICIPANTS],
        )
        make_file(export=export, path=path, options=Options())
    seconds = time.perf_counter() - began
    taken = Taken(system, seconds, peak_megabytes(), path.stat().st_size)
    path.unlink()
    return taken


def _bare(study: Study, mode: Mode, path: Path) -> None:
    with snapshot() as connection, path.open("wb") as file:
        table = tables(connection, study_id=study.pk, mode=mode)[PARTICIPANTS]
        statement = bare_copy(table, study_id=study.pk, mode=mode)
        with connection.cursor().copy(statement) as copy:
            for row in copy:
                file.write(row)
