"""PURE: the names of the data set's variables that are made of two codes, as `uses_park`."""

from collections.abc import Iterator

from experiments.checks.problem import Problem
from experiments.design import Design
from experiments.said import said
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
            message = said("The data set would have two variables of the name {name}.", name=name)
            yield Problem("pages", message, said("Rename one of the codes that it is made of."))
        if len(name) > LONGEST:
            message = said(
                "The variable {name} has {name2} characters.", name=name, name2=len(name)
            )
            yield Problem(
                "pages", message, said("Shorten the codes: {longest} at most.", longest=LONGEST)
            )
        seen.add(name)
