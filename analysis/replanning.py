"""Fixes a study's sample size anew, once, from the spread of its outcome over all arms together."""

from math import ceil

from django.db import InterfaceError, OperationalError, transaction

from analysis.locks import took_looks
from analysis.look_log import Kind, append, append_unplanned
from analysis.models import Replanning
from analysis.pooled import pooled_outcome
from analysis.schedule import replanning_size, standing_of
from experiments.design import Plan


def replan(*, study_id: int, mode: str) -> Replanning | None:
    """Fixes the sample size, if that is due and was not done; None otherwise.

    Under the lock of the looks: none can begin at a size that is about to change. None too while a
    look runs, or another does the same. Whatever error stops it is raised, and logged once; the
    sweep tries again.
    """
    try:
        return _replan(study_id, mode)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        append_unplanned(study_id, mode, error)
        raise


@transaction.atomic
def _replan(study_id: int, mode: str) -> Replanning | None:
    standing = standing_of(study_id=study_id, mode=mode) if took_looks(study_id, mode) else None
    if standing is None or not standing.replans_now:
        return None
    plan = standing.version.design.plan
    n = replanning_size(plan) or standing.eligible
    found = pooled_outcome(standing, first=n)
    row = Replanning.objects.create(
        study_id=study_id,
        mode=mode,
        n=n,
        pooled_sd=found.sd,
        sample_size=replanned_size(plan, found.sd),
    )
    append(
        study_id=study_id,
        mode=mode,
        kind=Kind.REPLANNED,
        detail={
            "n": row.n,
            "pooled_sd": row.pooled_sd,
            "planned_sd": plan.outcome_sd,
            "sample_size": row.sample_size,
            "planned_size": plan.sample_size,
        },
    )
    return row


def replanned_size(plan: Plan, sd: float | None) -> int:
    """The sample size that keeps the plan's power if the outcome's standard deviation is `sd`.

    Participants grow with the variance; never fewer than planned, never more than the plan allows.
    """
    if sd is None or plan.outcome_sd is None or plan.most_participants is None:
        return plan.sample_size
    needed = ceil(plan.sample_size * (sd / plan.outcome_sd) ** 2)
    return min(plan.most_participants, max(plan.sample_size, needed))
