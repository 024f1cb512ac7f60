"""Looks that the plan does not announce: what one costs, why there can be none, and its order."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.translation import gettext as _

from analysis import apa
from analysis.eligibility import eligible
from analysis.information import fractions
from analysis.locks import took_looks
from analysis.look_log import Kind, append
from analysis.models import OrderedLook
from analysis.monitoring import spending_of
from analysis.schedule import LEAST_INFORMATION, LookState, Standing, standing_of
from analysis.statistics.sequential import Bound, bounds
from experiments.design import Method, Monitoring, Plan
from experiments.models import Status
from experiments.refusals import Refused
from responses.models import Participant, State

# With one in an arm there is no standard error.
LEAST_PER_ARM = 2


@dataclass(frozen=True)
class Raised:
    """The |z| that a look of the plan has to reach, without the ordered look and with it."""

    number: int
    without: float
    beside: float


@dataclass(frozen=True)
class Cost:
    """What a look at everybody eligible now would spend, and what that does to the plan's looks."""

    n: int
    bound: Bound
    raised: tuple[Raised, ...]


@transaction.atomic
def order_look(*, study_id: int, mode: str, reason: str, actor: str) -> OrderedLook:
    """Orders a look at everybody eligible, which the next sweep starts. Refused says why not."""
    if not took_looks(study_id, mode):
        raise Refused(_("A look is running. Wait for it, then see what is still to be asked."))
    standing = standing_of(study_id=study_id, mode=mode)
    if standing is None:
        raise Refused(_("It was not launched in this mode."))
    if fault := why_not(standing):
        raise Refused(fault)
    if not reason.strip():
        raise Refused(_("Say why: the reason is told wherever this look is."))
    order = OrderedLook.objects.create(
        study_id=study_id, mode=mode, reason=reason.strip(), ordered_by=actor
    )
    append(
        study_id=study_id,
        mode=mode,
        kind=Kind.ORDERED,
        actor=actor,
        detail={"reason": order.reason, "eligible": standing.eligible},
    )
    return order


def why_not(standing: Standing) -> str:
    """Why no look can be ordered now; empty if one can. At most one statement per randomisation."""
    if standing.study.status == Status.CLOSED or standing.upcoming is None:
        if any(standing.state_of(look) is LookState.EMPTY for look in standing.planned):
            said = _(
                "The study is closed, and nobody eligible completed: there is nothing to look at."
            )
        else:
            said = _("Its last look is due or was spent: there is nothing left to look at.")
        return said
    if standing.order is not None:
        return _("A look was ordered already and is still to run.")
    if standing.reached is not None:
        return _("A look of the plan is due: that one comes first.")
    if not standing.enough_for_an_order:
        said = _("Less than %(least)s%% of the planned participants came since the last look.")
        return said % {"least": f"{100 * LEAST_INFORMATION:g}"}
    if _fewest(standing) < LEAST_PER_ARM:
        said = _("Some arm has fewer than %(least)s eligible completes.")
        return said % {"least": LEAST_PER_ARM}
    return ""


def cost_of(standing: Standing) -> Cost | None:
    """What it would cost now; None where looks cost nothing or there can be none.

    The plan's next looks are taken at their planned sizes.
    """
    plan, n = standing.version.design.plan, standing.eligible
    if plan.monitoring is not Monitoring.GROUP_SEQUENTIAL or not standing.enough_for_an_order:
        return None
    without = list(fractions(standing.spent, n, standing.sample_size))[:-1]
    now = n / standing.sample_size
    left = [look for look in standing.planned if look.number > standing.done]
    to_come = [look.size / standing.sample_size for look in left]
    before = _bounds(plan, [*without, *to_come])[len(without) :]
    after = _bounds(plan, [*without, now, *to_come])[len(without) :]
    return Cost(
        n=n,
        bound=after[0],
        raised=tuple(
            Raised(look.number, old.z, new.z)
            for look, old, new in zip(left, before, after[1:], strict=True)
        ),
    )


def cost_lines(cost: Cost) -> tuple[str, ...]:
    """What an ordered look costs: its own bound, and how the plan's looks rise."""
    spends = _(
        "At %(share)s of the information it has to reach |z| ≥ %(z)s; with it %(alpha)s of alpha "
        "is spent."
    ) % {
        "share": f"{100 * cost.bound.fraction:.1f}%",
        "z": apa.number(cost.bound.z, 3),
        "alpha": apa.nominal(cost.bound.alpha_spent),
    }
    rises = _("Look %(number)s of the plan then has to reach |z| ≥ %(beside)s, not %(without)s.")
    return spends, *(
        rises
        % {
            "number": each.number,
            "beside": apa.number(each.beside, 4),
            "without": apa.number(each.without, 4),
        }
        for each in cost.raised
    )


def _bounds(plan: Plan, information: list[float]) -> tuple[Bound, ...]:
    return bounds(information, plan.alpha, final=True, spending=spending_of(plan))


def _fewest(standing: Standing) -> int:
    """The eligible completes of the arm that has fewest; those of decks have several arms each."""
    design = standing.version.written
    theirs = Participant.objects.filter(
        eligible(standing.version.design),
        study=standing.study,
        mode=standing.mode,
        state=State.COMPLETED,
    ).order_by()
    counts = [standing.eligible]
    for step in design.randomisations:
        if step.method is not Method.DECK:
            arm = KeyTextTransform("arm", KeyTransform(step.code, "assignments"))
            rows = theirs.annotate(of_arm=arm).values_list("of_arm").annotate(n=Count("pk"))
            held = dict(rows)
            counts += [held.get(each.code, 0) for each in step.arms if each.weight > 0]
    return min(counts)
