"""PURE: the plan's rules for spending alpha, ending early and sizing the study anew."""

from collections.abc import Iterator

from experiments.checks.plan import LARGEST_SAMPLE
from experiments.checks.problem import Problem
from experiments.design import Direction, Monitoring, Plan, Spending
from experiments.said import said

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
            message = said(
                "The spending function {spending} has no parameter.", spending=plan.spending
            )
            yield Problem(
                path, message, said("Leave it out, or spend by hwang_shih_decani or power.")
            )
        return
    if plan.spending is Spending.POWER:
        right = number is not None and 0 < number <= LARGEST_RHO
        remedy = said(
            "Give one above 0 and up to {largest_rho}: 3 spends late, 1 evenly.",
            largest_rho=LARGEST_RHO,
        )
    else:
        right = number is not None and -LARGEST_GAMMA <= number <= LARGEST_GAMMA
        remedy = said(
            "Give one from -{largest_gamma} to {largest_gamma}: -4 spends late, 1 early.",
            largest_gamma=LARGEST_GAMMA,
        )
    if not right:
        if number is None:
            message = said(
                "The spending function {spending} has no parameter.", spending=plan.spending
            )
        else:
            message = said(
                "The spending function {spending} has the parameter {number:g}.",
                spending=plan.spending,
                number=number,
            )
        yield Problem(path, message, remedy)


def _futility(plan: Plan) -> Iterator[Problem]:
    path = "plan.futility"
    if plan.futility is None:
        return
    if not 0 < plan.futility <= LARGEST_FUTILITY:
        message = said(
            "The conditional power for futility is {futility:g}.", futility=plan.futility
        )
        yield Problem(
            path,
            message,
            said(
                "Give one above 0 and up to {largest_futility}, such as 0.1.",
                largest_futility=LARGEST_FUTILITY,
            ),
        )
    if plan.smallest_effect is None:
        message = said("Futility is judged by the smallest effect, and the plan has none.")
        yield Problem(path, message, said("Give a smallest_effect, or leave futility out."))
    if plan.monitoring is Monitoring.ANYTIME:
        message = said(
            "Futility is judged by bounds of looks to come, which anytime monitoring has not."
        )
        yield Problem(path, message, said("Leave it out, or monitor by group_sequential."))
    elif plan.looks == (1.0,):
        message = said("The plan has one look, the last: there is nothing left to be futile.")
        yield Problem(path, message, said("Add a look before it, or leave futility out."))


def _harm(plan: Plan) -> Iterator[Problem]:
    if plan.harm_level is None:
        if plan.harm_direction is not Direction.LOWER:
            message = said("The plan says where harm lies, but not at which p it ends the study.")
            remedy = said("Give a harm_level, such as 0.01, or leave harm_direction out.")
            yield Problem("plan.harm_direction", message, remedy)
    elif not 0 < plan.harm_level <= LARGEST_HARM:
        message = said("The p for harm is {harm_level:g}.", harm_level=plan.harm_level)
        remedy = said(
            "Give one above 0 and up to {largest_harm}, such as 0.01.", largest_harm=LARGEST_HARM
        )
        yield Problem("plan.harm_level", message, remedy)


def _replanning(plan: Plan) -> Iterator[Problem]:
    path, share = "plan.replan_at", plan.replan_at
    if share is None:
        return
    # At the first look or later, alpha would have been spent by the size that was planned before.
    if not 0 < share < min(plan.looks, default=1.0):
        message = said(
            "The sample size is fixed anew at {share:g}, which is not before the first look.",
            share=share,
        )
        yield Problem(path, message, said("Give a share above 0 and below the first of the looks."))
    if plan.outcome_sd is None:
        message = said("The size follows from the SD that was counted on, and the plan has none.")
        yield Problem(path, message, said("Give an outcome_sd, or leave replan_at out."))
    if plan.most_participants is None:
        message = said("The size may grow, and the plan does not say how far.")
        yield Problem(path, message, said("Give most_participants, or leave replan_at out."))
    if plan.monitoring is Monitoring.ANYTIME:
        message = said("Anytime monitoring takes the size as it comes; it has none to fix anew.")
        yield Problem(path, message, said("Leave it out, or monitor by group_sequential."))


def _most(plan: Plan) -> Iterator[Problem]:
    path, most = "plan.most_participants", plan.most_participants
    if most is None:
        return
    if plan.replan_at is None:
        message = said("The sample size has an upper limit, but is never fixed anew.")
        yield Problem(path, message, said("Give replan_at, or leave most_participants out."))
    if not plan.sample_size < most <= LARGEST_SAMPLE:
        message = said(
            "At most {most} participants are no more than planned, or too many.", most=most
        )
        remedy = said(
            "Give a number above the sample size, {sample_size}, up to {largest_sample}.",
            sample_size=plan.sample_size,
            largest_sample=LARGEST_SAMPLE,
        )
        yield Problem(path, message, remedy)
