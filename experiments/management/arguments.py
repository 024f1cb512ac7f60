"""What the commands share: naming a study, reading a study file, and saying what was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from experiments.models import Study
from experiments.refusals import Refused
from experiments.studyfile import Parsed, parse


def add_study(parser: CommandParser) -> None:
    """Names the study."""
    parser.add_argument("study", help="the study's code, as in coproduction")


def study_named(code: str) -> Study:
    """The study of that code; CommandError if there is none."""
    try:
        return Study.objects.get(slug=code)
    except Study.DoesNotExist:
        known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(
            f"There is no study {code}; known are: {known}. load_study FILE makes one."
        ) from None


def parsed(path: Path) -> Parsed:
    """What a study file says; CommandError if it can't be opened."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def problem_lines(path: Path, found: Parsed) -> list[str]:
    """`file:line: message — remedy` for each problem, as editors and CI read it."""
    return [f"{path}:{problem.line}: {problem}" for problem in found.problems]


def more_may_come(found: Parsed) -> str:
    """What is added to a list that may not be whole; empty if it is."""
    return " Then the rest can be checked: more may come." if found.unchecked else ""


@contextmanager
def refusals() -> Iterator[None]:
    """Says on standard error what was refused, and ends with exit code 1."""
    try:
        yield
    except Refused as refused:
        raise CommandError(str(refused)) from None
