"""The scripts of a look, run as a reader would, and people whom the ledger knows."""

import subprocess
import sys
from pathlib import Path

from django.db.models.functions import Now

from analysis.models import Look
from analysis.redo import numbers_csv, python_script, r_script
from experiments.design import Method
from experiments.models import Status, Study
from responses import tokens
from responses.allocation import Basis, ListName, allocate
from responses.export.csv import snapshot
from responses.export.ledger import write_ledger
from responses.models import Mode, Participant, State
from responses.withdrawal import withdraw
from tests.analysis.judging import judged
from tests.analysis.studies import START, answers
from tests.analysis.test_look_of_clusters import SCHOOLS
from tests.r import rscript
from tests.responses.export.reading import export
from tests.responses.ledger import holder_of
from tests.responses.test_reuse import age

FILES = ("park", "numbers", "paradata")


def redone(program: str, look: Look, study: Study, folder: Path) -> tuple[int, str]:
    """The exit code of a look's script beside the look's own numbers, and what it says.

    With the ledger where the study is closed.
    """
    look = Look.objects.get(pk=look.pk)
    script = folder / f"look.{'py' if program == 'python' else 'R'}"
    script.write_text(python_script(look) if program == "python" else r_script(look))
    (folder / "park.csv").write_text(export(study), newline="")
    (folder / "paradata.csv").write_text(export(study, table="paradata"), newline="")
    (folder / "numbers.csv").write_bytes(numbers_csv(look))
    names = [*FILES]
    if look.study.status == Status.CLOSED:
        with snapshot() as connection:
            write_ledger(connection, study_id=study.pk, folder=folder)
        names.append("ledger")
    with_ = sys.executable if program == "python" else rscript()
    done = subprocess.run(
        [with_, script, *(folder / f"{name}.csv" for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / "again.csv").write_text(done.stdout)
    return done.returncode, done.stderr


def numbers_of(look: Look, program: str) -> int:
    """How many numbers a look's script has to redo; R leaves what is drawn anew to Python."""
    look = Look.objects.get(pk=look.pk)
    names = [line.split(",")[0] for line in numbers_csv(look).decode().splitlines()[1:]]
    drawn = {name.removesuffix("draws") + "p" for name in names if name.endswith("/omnibus/draws")}
    if program == "R":
        names = [name for name in names if "/redraws/" not in name and name not in drawn]
    return len(names)


def redone_whole(program: str, look: Look, study: Study, folder: Path) -> str:
    """What the script says of a look of which it redoes every number, and all agree."""
    n = numbers_of(look, program)
    code, told = redone(program, look, study, folder)
    assert (code, told.startswith(f"{n} of {n} numbers agree")) == (0, True), told
    return told


def arriving(study: Study, n: int, *, start: int = 0) -> list[Participant]:
    """`n` people who come to the study's lists, one after the other, by the database's clock.

    By their place some leave before they are allocated, some before they see the vignette, some
    before the end, most of them of one arm; some withdraw, and some miss the attention check. Where
    positions are given again, those who never saw the vignette came too long ago.
    """
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    found = []
    for place in range(start, start + n):
        person = Participant.objects.create(
            study=study,
            version=version,
            mode=Mode.LIVE,
            token_hash=place.to_bytes(32, "big"),
            state=State.ANSWERING,
            page="about",
            language="en",
            consented_at=START,
        )
        found.append(person)
        if place % 9 == 8:
            continue
        gender = ("woman", "man")[place % 2]
        stratum = f"gender={gender}"
        school = SCHOOLS[place % len(SCHOOLS)]
        name = ListName(version, step, "live", stratum if step.strata else "")
        cluster = tokens.cluster_hash(study.pk, "school", school).hex() if step.cluster else ""
        basis = Basis(stratum if step.covariates else "", cluster)
        given = allocate(holder=holder_of(person), name=name, basis=basis)
        assert given
        mine = Participant.objects.filter(pk=person.pk)
        if place % 10 != 9:
            mine.update(exposed_at=Now())
        elif step.reuse_after_minutes:
            age(Participant.objects.get(pk=person.pk))
            continue
        arm = next(iter(given.values()))["arm"]
        if place % 7 != 6 and (place % 3 or arm != "money.high"):
            said = answers(place, attentive=place % 13 != 12) | {"gender": gender}
            if step.method is Method.DECK:
                said |= judged(place)
            if step.cluster:
                mine.update(parameters={"school": school})
            ended = {"completed_at": Now(), "ended_at": Now()}
            mine.update(answers=said, state=State.COMPLETED, page="thanks", **ended)
        if place % 11 == 10:
            withdraw(participant_id=person.pk)
    return found
