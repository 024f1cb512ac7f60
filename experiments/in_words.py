"""What the pure rooms say, in the reader's language."""

from django.utils.translation import gettext

from experiments.checks import Problem
from experiments.said import Said


def in_words(told: object) -> str:
    """A sentence, or what an exception says, in the language that is active; else as it stands."""
    if isinstance(told, Exception) and len(told.args) == 1:
        return in_words(told.args[0])
    if not isinstance(told, Said):
        return str(told)
    template = gettext(told.template)
    if not told.values:
        return template
    values = {
        name: in_words(value) if isinstance(value, Said) else value
        for name, value in told.values.items()
    }
    return template.format(**values)


def problem_line(problem: Problem) -> str:
    """A problem with its place and the remedy, in one line."""
    told = f"{in_words(problem.message)} — {in_words(problem.remedy)}"
    return f"{problem.path}: {told}"
