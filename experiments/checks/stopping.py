"""PURE: the plan's rules for spending alpha, ending early and sizing the study anew."""

from collections.abc import Iterator

from experiments.checks.plan import LARGEST_SAMPLE
from experiments.checks.problem import Problem
from experiments.design import Direction, Monitoring, Plan, Spending

# Beyond these a function spends all of alpha at one look and none that counts at the others.
LARGEST_GAMMA = 20
LARGEST_RHO = 20
LARGEST_FUTILITY = 0.5
LARGEST_HARM = 0.1
_WITH_PARAMETER = (Spending.HWANG_SHIH_DECANI, Spending.POWER)


def stopping_problems(plan: Plan) -> Iterator[Problem]:
    """What is wrong with these rules, whatever arms and items the study has."""
    yield from _spending(plan)
    yield from _futility(plan)
    yield from _harm(plan)
    yield from _replanning(plan)
    yield from _most(plan)


def _spending(plan: Plan) -> Iterator[Problem]:
    path, number = "plan.spending_parameter", plan.spending_parameter
    if plan.spending not in _WITH_PARAMETER:
        if number is not None:
            message = f"The spending function {plan.spending} has no parameter."
            yield Problem(path, message, "Leave it out, or spend by hwang_shih_decani or power.")
        return
    if plan.spending is Spending.POWER:
        right = number is not None and 0 < number <= LARGEST_RHO
        remedy = f"Give one above 0 and up to {LARGEST_RHO}: 3 spends late, 1 evenly."
    else:
        right = number is not None and -LARGEST_GAMMA <= number <= LARGEST_GAMMA
        remedy = f"Give one from -{LARGEST_GAMMA} to {LARGEST_GAMMA}: -4 spends late, 1 early."
    if not right:
        said = "no parameter" if number is None else f"the parameter {number:g}"
        yield Problem(path, f"The spending function {plan.spending} has {said}.", remedy)


def _futility(plan: Plan) -> Iterator[Problem]:
    path = "plan.futility"
    if plan.futility is None:
        return
    if not 0 < plan.futility <= LARGEST_FUTILITY:
        message = f"The conditional power for futility is {plan.futility:g}."
        yield Problem(path, message, f"Give one above 0 and up to {LARGEST_FUTILITY}, such as 0.1.")
    if plan.smallest_effect is None:
        message = "Futility is judged by the smallest effect, and the plan has none."
        yield Problem(path, message, "Give a smallest_effect, or leave futility out.")
    if plan.monitoring is Monitoring.ANYTIME:
        message = "Futility is judged by bounds of looks to come, which anytime monitoring has not."
        yield Problem(path, message, "Leave it out, or monitor by group_sequential.")
    elif plan.looks == (1.0,):
        message = "The plan has one look, the last: there is nothing left to be futile."
        yield Problem(path, message, "Add a look before it, or leave futility out.")


def _harm(plan: Plan) -> Iterator[Problem]:
    if plan.harm_level is None:
        if plan.harm_direction is not Direction.LOWER:
            message = "The plan says where harm lies, but not at which p it ends the study."
            remedy = "Give a harm_level, such as 0.01, or leave harm_direction out."
            yield Problem("plan.harm_direction", message, remedy)
    elif not 0 < plan.harm_level <= LARGEST_HARM:
        message = f"The p for harm is {plan.harm_level:g}."
        remedy = f"Give one above 0 and up to {LARGEST_HARM}, such as 0.01."
        yield Problem("plan.harm_level", message, remedy)


def _replanning(plan: Plan) -> Iterator[Problem]:
    path, share = "plan.replan_at", plan.replan_at
    if share is None:
        return
    # At the first look or later, alpha would have been spent by the size that was planned before.
    if not 0 < share < min(plan.looks, default=1.0):
        message = f"The sample size is fixed anew at {share:g}, which is not before the first look."
        yield Problem(path, message, "Give a share above 0 and below the first of the looks.")
    if plan.outcome_sd is None:
        message = "The size follows from the SD that was counted on, and the plan has none."
        yield Problem(path, message, "Give an outcome_sd, or leave replan_at out.")
    if plan.most_participants is None:
        message = "The size may grow, and the plan does not say how far."
        yield Problem(path, message, "Give most_participants, or leave replan_at out.")
    if plan.monitoring is Monitoring.ANYTIME:
        message = "Anytime monitoring takes the size as it comes; it has none to fix anew."
        yield Problem(path, message, "Leave it out, or monitor by group_sequential.")


def _most(plan: Plan) -> Iterator[Problem]:
    path, most = "plan.most_participants", plan.most_participants
    if most is None:
        return
    if plan.replan_at is None:
        message = "The sample size has an upper limit, but is never fixed anew."
        yield Problem(path, message, "Give replan_at, or leave most_participants out.")
    if not plan.sample_size < most <= LARGEST_SAMPLE:
        message = f"At most {most} participants are no more than planned, or too many."
        remedy = f"Give a number above the sample size, {plan.sample_size}, up to {LARGEST_SAMPLE}."
        yield Problem(path, message, remedy)
