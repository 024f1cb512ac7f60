"""Makes one file, by a format of the export or by a bare COPY, and prints what it took, as JSON.

`python -m benchmarks.export.one_export SYSTEM STUDY FOLDER`, on the database of the environment: in
a process of its own, as a large export of the site, so that what others left there is not counted.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from benchmarks.looks.memory import forget_peak, peak_megabytes
from coprod_site.embedded import ROOT

if TYPE_CHECKING:
    from experiments.models import Study
    from responses.models import Mode

BARE = "bare COPY"


@dataclass(frozen=True)
class Taken:
    """Wall time, the most memory of this process, Django and all, and the size of the file."""

    system: str
    seconds: float
    megabytes: float
    size: int


def export_by(system: str, slug: str, folder: Path) -> Taken:
    """One turn of a system, a name of `FORMATS` or `BARE`, in a new process."""
    arguments = [sys.executable, "-m", "benchmarks.export.one_export", system, slug, str(folder)]
    # The program and its arguments are ours.
    done = subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    return Taken(**json.loads(done.stdout))


def _taken(system: str, slug: str, path: Path) -> Taken:
    django.setup()
    # They know the models.
    from experiments.models import Study  # noqa: PLC0415
    from responses.models import Mode  # noqa: PLC0415

    study = Study.objects.get(slug=slug)
    # Nobody is in it: what the format needs is loaded.
    _make(system, study, Mode.PILOT, path)
    forget_peak()
    began = time.perf_counter()
    _make(system, study, Mode.LIVE, path)
    seconds = time.perf_counter() - began
    taken = Taken(system, seconds, peak_megabytes(), path.stat().st_size)
    path.unlink()
    return taken


def _make(system: str, study: "Study", mode: "Mode", path: Path) -> None:
    from experiments.variables.tables import PARTICIPANTS  # noqa: PLC0415
    from responses.export.formats import FORMATS  # noqa: PLC0415
    from responses.export.making import make_file  # noqa: PLC0415
    from responses.export.options import Options  # noqa: PLC0415
    from responses.export.record import record_export  # noqa: PLC0415

    if system == BARE:
        _make_bare(study, mode, path)
        return
    export = record_export(
        study=study,
        mode=mode,
        actor="bench",
        format_name=system,
        table_names=() if FORMATS[system].needs else [PARTICIPANTS],
    )
    make_file(export=export, path=path, options=Options())


def _make_bare(study: "Study", mode: "Mode", path: Path) -> None:
    from benchmarks.export.bare import bare_copy  # noqa: PLC0415
    from experiments.variables.tables import PARTICIPANTS  # noqa: PLC0415
    from responses.export.csv import snapshot  # noqa: PLC0415
    from responses.export.tables import tables  # noqa: PLC0415

    with snapshot() as connection, path.open("wb") as file:
        table = tables(connection, study_id=study.pk, mode=mode)[PARTICIPANTS]
        statement = bare_copy(table, study_id=study.pk, mode=mode)
        with connection.cursor().copy(statement) as copy:
            for row in copy:
                file.write(row)


if __name__ == "__main__":
    print(json.dumps(asdict(_taken(sys.argv[1], sys.argv[2], Path(sys.argv[3]) / "export"))))
