"""What has to hold after a fault: the database has what people were told, and files are whole."""

import csv
from dataclasses import dataclass
from pathlib import Path

from analysis.bundle.opening import verify_bundle
from analysis.look_log import verify
from analysis.models import Look
from rehearsal.reckoning import Reckoned, reckoned
from responses.models import ExportStatement
from tests.chaos.people import patiently
from tests.chaos.stage import Stage, exported_files


@dataclass(frozen=True)
class Found:
    """What a reckoning found; `wrong` is empty if everything is as it has to be."""

    acknowledged: int
    found: int
    lost: int
    doubled: int
    changed: int
    looks: int
    files: int
    wrong: tuple[str, ...]


def reckon(stage: Stage, *, over: bool = False) -> Found:
    """Holds the database against everybody whose visit has ended, and the files against it.

    `over` says that nobody is on their way any more, so that there can be no strangers either.
    """
    visits = list(stage.crowd.visits)
    people = patiently(lambda: reckoned(stage.study, visits))
    looks = patiently(lambda: Look.objects.filter(study=stage.study).count())
    chain = patiently(lambda: verify(stage.study.pk, stage.mode))
    files = exported_files(stage.machine.exports)
    wrong = [*_of_people(people, over=over), *(each for path in files for each in _of_csv(path))]
    wrong += [each for path in files if over for each in _of_zip(path)]
    wrong += [] if chain.holds else [chain.line]
    spent = sum(event.kind == "spent" for event in chain.events)
    wrong += [] if spent == looks else [f"{looks} looks, of which the log knows {spent}"]
    return Found(
        acknowledged=people.taken,
        found=people.taken - people.lost,
        lost=people.lost,
        doubled=people.doubled,
        changed=people.changed,
        looks=looks,
        files=len(files),
        wrong=tuple(wrong),
    )


def _of_people(people: Reckoned, *, over: bool) -> list[str]:
    told = {
        "pages lost": people.lost,
        "pages stored twice": people.doubled,
        "pages changed": people.changed,
        "people absent": people.absent,
        "tallies wrong": people.tallies,
    }
    if over:
        told["people whom nobody played"] = people.strangers
        told["pages more than were taken"] = people.stored - people.taken
    wrong = [f"{count} {what}" for what, count in told.items() if count]
    wrong += [f"{count} times: {error}" for error, count in people.errors.items()]
    return wrong + ([] if people.ledger.holds else [people.ledger.line])


def _of_csv(path: Path) -> list[str]:
    """What is wrong with a file that says that it is whole: it holds what its export stated."""
    if path.suffix != ".csv":
        return []
    export = int(path.name.split("-")[1])
    stated = patiently(
        lambda: ExportStatement.objects.filter(export=export).values_list("rows", flat=True).first()
    )
    text = path.read_bytes().decode()
    rows = list(csv.reader(text.splitlines(keepends=True)))
    even = text.endswith("\n") and len({len(row) for row in rows}) == 1
    whole = even and stated == {"participants": len(rows) - 1}
    return [] if whole else [f"{path.name} is not whole"]


def _of_zip(path: Path) -> list[str]:
    """What a bundle's own check finds; each is checked when it is made, and at the end."""
    if path.suffix != ".zip":
        return []
    return [f"{path.name}: {each}" for each in verify_bundle(path).problems]
