"""The scripts of a look, run as a reader would."""

import subprocess
import sys
from pathlib import Path

from analysis.models import Look
from analysis.redo import numbers_csv, python_script, r_script
from experiments.models import Study
from tests.responses.export.reading import export


def redone(program: str, look: Look, study: Study, folder: Path) -> tuple[int, str]:
    """The exit code of a look's script beside the look's own numbers, and its last line."""
    look = Look.objects.get(pk=look.pk)
    script = folder / f"look.{'py' if program == 'python' else 'R'}"
    script.write_text(python_script(look) if program == "python" else r_script(look))
    (folder / "park.csv").write_text(export(study), newline="")
    (folder / "paradata.csv").write_text(export(study, table="paradata"), newline="")
    (folder / "numbers.csv").write_bytes(numbers_csv(look))
    with_ = sys.executable if program == "python" else "Rscript"
    done = subprocess.run(
        [with_, script, *(folder / f"{name}.csv" for name in ("park", "numbers", "paradata"))],
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / "again.csv").write_text(done.stdout)
    return done.returncode, done.stderr


def numbers_of(look: Look, program: str) -> int:
    """How many numbers a look's script has to redo; R leaves redraws to Python."""
    numbers = numbers_csv(Look.objects.get(pk=look.pk)).decode().splitlines()[1:]
    return len([each for each in numbers if program == "python" or "/redraws/" not in each])


def redone_whole(program: str, look: Look, study: Study, folder: Path) -> str:
    """What the script says of a look of which it redoes every number, and all agree."""
    n = numbers_of(look, program)
    code, told = redone(program, look, study, folder)
    assert (code, told.startswith(f"{n} of {n} numbers agree")) == (0, True), told
    return told
