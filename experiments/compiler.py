"""Study rows to a Design that can be launched, or the list of problems that stop it."""

from experiments.checks import Problem, problems
from experiments.design import Design
from experiments.models import Study
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from experiments.studyrows import read_rows

__all__ = ["NotLaunchable", "compile_study", "read_rows", "write_rows"]


class NotLaunchable(Refused):
    """A study with problems; `problems` lists every one."""

    def __init__(self, study: str, problems: list[Problem]) -> None:
        lines = "\n".join(f"  {problem.path}: {problem}" for problem in problems)
        super().__init__(f"{study} can't be launched; mend these {len(problems)} first:\n{lines}")
        self.problems = problems


def compile_study(study: Study) -> Design:
    """The design that the study's rows make; NotLaunchable with every problem if there is one."""
    design = read_rows(study)
    if found := problems(design):
        raise NotLaunchable(study.slug, found)
    return design
