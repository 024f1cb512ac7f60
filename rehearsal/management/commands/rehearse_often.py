"""Rehearses a study many times in process: what its plan finds of what is planted."""

import secrets
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.power.instrument import UnreachableError
from analysis.power.ordering import lacking_told, obstacle_told
from analysis.reach_page import design_of
from experiments.design import Design
from experiments.management.arguments import add_study, refusals, study_named
from rehearsal.management.truths import truth_for
from rehearsal.often import Often, processors, run
from rehearsal.replicate_counts import Replicated
from rehearsal.replicates import TooFewError, obstacles, rehearsed
from rehearsal.replicates_told import Told, as_json, figures, markdown

USUAL_STUDIES, MOST_STUDIES, MOST_SEED = 1000, 100_000, 2**32
REPORT, NUMBERS = "rehearsal.md", "counts.json"


class Command(BaseCommand):
    """Nothing of it is stored in the database, and nobody is asked over HTTP."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The study, what is true of its people, how many studies, and whereto."""
        add_study(parser)
        parser.add_argument("--studies", type=int, default=USUAL_STUDIES, metavar="N")
        parser.add_argument(
            "--truth",
            type=Path,
            metavar="FILE",
            help="what is true of the people, as YAML; made from the design if none is given",
        )
        parser.add_argument("--seed", type=int, help="drawn, and said, if none is given")
        parser.add_argument(
            "--n", type=int, help="eligible completes of each study; the plan's by default"
        )
        parser.add_argument(
            "--goes-on",
            action="store_true",
            help="every study goes on to its last look, whatever a look recommends",
        )
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FOLDER",
            help="takes report, plots, counts, and what is done: the same command goes on",
        )
        parser.add_argument("--processes", type=int, default=processors(), metavar="N")

    def handle(self, *args: Any, study: str, output: Path | None, **options: Any) -> None:
        """Rehearses it, and prints the report or writes it."""
        design, _which = design_of(study_named(study))
        seed = secrets.randbelow(MOST_SEED) if options["seed"] is None else options["seed"]
        _check(design, seed, options)
        truth = truth_for(options["truth"], design)
        what = rehearsed(design, truth, n=options["n"], stops=not options["goes_on"])
        often = Often(what, seed, options["studies"], output, options["processes"])
        try:
            with refusals():
                found = run(often, partial(_progress, self, options["studies"]))
        except UnreachableError as error:
            raise CommandError(lacking_told(error)) from None
        except TooFewError:
            raise CommandError(
                "Hardly anybody of these people completes and counts: let fewer leave or fail."
            ) from None
        self._tell(often, found)

    def _tell(self, often: Often, found: Replicated) -> None:
        told = Told(often, found)
        if often.folder is None:
            self.stdout.write(markdown(told), ending="")
            return
        files = {
            REPORT: (markdown(told) + _pictures(figures(told))).encode(),
            NUMBERS: as_json(told),
            **figures(told),
        }
        for name, content in files.items():
            (often.folder / name).write_bytes(content)
        self.stdout.write(f"{often.folder / REPORT}")


def _check(design: Design, seed: int, options: dict[str, Any]) -> None:
    if found := obstacles(design):
        raise CommandError(" ".join(map(obstacle_told, found)))
    if not 0 <= seed < MOST_SEED:
        raise CommandError(f"A seed is a whole number from 0 to {MOST_SEED - 1}.")
    if not 1 <= options["studies"] <= MOST_STUDIES or options["processes"] < 1:
        raise CommandError(f"There are 1 to {MOST_STUDIES:,} studies, in 1 process or more.")
    if options["n"] is not None and options["n"] < 2:
        raise CommandError("A study has at least 2 eligible completes.")


def _progress(command: Command, studies: int, done: int) -> None:
    """A bar on a terminal, a line for each batch elsewhere."""
    if not sys.stderr.isatty():
        command.stderr.write(f"{done} of {studies} studies")
        return
    filled = round(40 * done / studies)
    end = "\n" if done == studies else ""
    command.stderr.write(f"\r[{'#' * filled:<40}] {done} of {studies} studies", ending=end)


def _pictures(files: dict[str, bytes]) -> str:
    return "".join(f"\n![{name.removesuffix('.svg')}]({name})\n" for name in files)
