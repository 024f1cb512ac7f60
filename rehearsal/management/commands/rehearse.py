"""`manage.py rehearse STUDY`: made-up people answer the running site; says what came of it."""

import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.management.arguments import add_study, refusals, study_named
from rehearsal.management.truths import truth_for
from rehearsal.rehearsing import Play, entered_version, rehearse
from rehearsal.report import markdown, verdict

WIDTH = 30


class Command(BaseCommand):
    """Prints the verdict; exit code 1 unless nothing was lost and every number is the twin's."""

    help = "Sends made-up people through a study on the running site, and tells what came of it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who comes, how many, where to, and how fast."""
        add_study(parser)
        parser.add_argument("--n", type=_positive, help="people; else the plan's sample size")
        parser.add_argument("--truth", type=Path, help="what is true of them; else from the design")
        parser.add_argument(
            "--url", type=_address, default="http://127.0.0.1:8000", help="the site's address"
        )
        parser.add_argument(
            "--seed", type=_seed, default=1, help="the same sends the same people; 0 or more"
        )
        parser.add_argument("--in-flight", type=_positive, default=16, help="people at a time")
        parser.add_argument(
            "--paced",
            type=_minutes,
            metavar="MINUTES",
            help="they come as the truth says, within so many minutes; else at full speed",
        )
        parser.add_argument("--report", type=_file, help="a file for the report, in Markdown")

    def handle(self, *args: Any, study: str, url: str, in_flight: int, **options: Any) -> None:
        """Rehearses, writes the report, and says how it went."""
        row = study_named(study)
        with refusals():
            design = entered_version(row).written
            play = Play(
                study=row,
                truth=truth_for(options["truth"], design),
                n=options["n"] or design.plan.sample_size,
                seed=options["seed"],
                minutes=options["paced"],
            )
            found = rehearse(play, site=url, in_flight=in_flight, tell=_Bar())
        text = markdown(found)
        if options["report"]:
            options["report"].write_text(text)
        else:
            self.stdout.write(text)
        if not found.holds:
            raise CommandError(verdict(found))
        self.stdout.write(verdict(found))


class _Bar:
    """A line on standard error that says how far it is, where somebody watches."""

    def __init__(self) -> None:
        self._began, self._told = time.monotonic(), 0.0

    def __call__(self, done: int, of: int, wrong: int) -> bool:
        """Draws it, ten times a second at most; never says to stop."""
        now = time.monotonic()
        if sys.stderr.isatty() and (done == of or now - self._told > 0.1):
            self._told = now
            full = WIDTH * done // of
            left = (now - self._began) * (of - done) / done
            bar = f"{'█' * full}{'░' * (WIDTH - full)}"
            sys.stderr.write(f"\r{bar} {done} of {of}, {wrong} wrong, {left:.0f} s left ")
            sys.stderr.write("\n" if done == of else "")
            sys.stderr.flush()
        return True


def _positive(text: str) -> int:
    return _at_least(1, text)


def _seed(text: str) -> int:
    return _at_least(0, text)


def _at_least(least: int, text: str) -> int:
    if not text.isdecimal() or int(text) < least:
        raise ArgumentTypeError(f"{text!r} is no whole number of {least} or more.")
    return int(text)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of minutes above 0.")
    return minutes


def _address(text: str) -> str:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ArgumentTypeError(f"{text!r} is no address such as https://example.org.")
    return text


def _file(text: str) -> Path:
    """The path, if a file can be written there: hours of a rehearsal would be told to nobody."""
    path = Path(text)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ArgumentTypeError(f"{text!r} is no file in a folder that is there.")
    return path
