"""The truth that a command is given, or else makes from the design."""

from pathlib import Path

from django.core.management.base import CommandError

from experiments.design import Design
from rehearsal.default_truth import default_truth
from rehearsal.truth import Truth
from rehearsal.truth_file import ParsedTruth, parse_truth


def read_truth(path: Path, design: Design) -> ParsedTruth:
    """The file's truth, and what is wrong with it; CommandError if it can't be read."""
    try:
        return parse_truth(path.read_bytes(), design)
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def truth_for(path: Path | None, design: Design) -> Truth:
    """The file's truth, else one made from the design; CommandError lists what is wrong with it."""
    if path is None:
        return default_truth(design)
    found = read_truth(path, design)
    if found.truth is None:
        lines = [f"{path}:{problem.line}: {problem}" for problem in found.problems]
        raise CommandError("\n".join(["Nobody can be like that:", *lines]))
    return found.truth
