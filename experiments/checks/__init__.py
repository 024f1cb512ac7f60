"""PURE: everything that keeps a design from being launched, or from being stored at all.

The study file, the admin and the launch ask the same question here. `form_problems` are what
rows can't hold (a code that is none, the same code twice): no file with one is loaded.
`problems` adds what keeps a study that can be stored, such as an unfinished draft, from launch.
"""

from experiments.checks.announced import announced_problems, feasibility_problems
from experiments.checks.assigned import assigned_problems
from experiments.checks.assignment import assignment_problems
from experiments.checks.conditions import condition_problems
from experiments.checks.decks import deck_problems
from experiments.checks.entry import entry_problems
from experiments.checks.form import form_problems
from experiments.checks.images import image_problems
from experiments.checks.pages import page_problems
from experiments.checks.plan import plan_problems
from experiments.checks.problem import Problem
from experiments.checks.questions import question_problems
from experiments.checks.stopping import stopping_problems
from experiments.checks.texts import text_problems
from experiments.checks.variable_names import variable_problems
from experiments.design import Design

__all__ = ["Problem", "form_problems", "problems"]


def problems(design: Design) -> list[Problem]:
    """Every problem at once, each with its place and its remedy; empty if it can be launched."""
    return [
        *form_problems(design),
        *text_problems(design),
        *image_problems(design),
        *assignment_problems(design),
        *assigned_problems(design),
        *deck_problems(design),
        *page_problems(design),
        *question_problems(design),
        *condition_problems(design),
        *entry_problems(design),
        *plan_problems(design),
        *stopping_problems(design.plan),
        *announced_problems(design.plan),
        *feasibility_problems(design),
        *variable_problems(design),
    ]
