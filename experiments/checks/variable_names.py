"""PURE: the names of the data set's variables that are made of two codes, as `uses_park`."""

from collections.abc import Iterator

from experiments.checks.problem import Problem
from experiments.design import Design
from experiments.variables import COLUMNS, variables

# SPSS takes 64 and Stata 32.
LONGEST = 32


def variable_problems(design: Design) -> Iterator[Problem]:
    """Made names that are too long for other programs, or that two variables would share.

    What can't be named at all, a code that is there twice, and one that is reserved have problems
    of their own.
    """
    try:
        every = variables(design)
    except (KeyError, ValueError):
        return
    seen = {each.name for each in every if each.name == each.source[-1]}
    for name in (each.name for each in every if each.name != each.source[-1]):
        if name in seen and name not in COLUMNS:
            message = f"The data set would have two variables of the name {name}."
            yield Problem("pages", message, "Rename one of the codes that it is made of.")
        if len(name) > LONGEST:
            message = f"The variable {name} has {len(name)} characters."
            yield Problem("pages", message, f"Shorten the codes: {LONGEST} at most.")
        seen.add(name)
