"""PURE: how many participants, when the data are looked at, and what ends the study before."""

from collections.abc import Iterator

from experiments.design import (
    Design,
    Direction,
    Equivalence,
    Family,
    Monitoring,
    Multiplicity,
    Plan,
    Spending,
    Stopping,
)
from experiments.preregistration.words import listed, percent, points

BLIND = (
    "Before the first look nobody sees outcomes by arm. Of participants whom no look has taken in "
    "yet nobody sees the arm; an export that shows it needs a reason, and is listed as a deviation."
)
_SEQUENCES = (
    "Tests and intervals hold at all times together, whenever and for whatever reason somebody "
    "looks or stops: asymptotic confidence sequences (Waudby-Smith et al. 2024), and for "
    "interactions the anytime-valid F (Lindon et al. 2022), narrowest at {size} participants. They "
    "spend no alpha at looks."
)


def sample_size(design: Design, language: str) -> list[str]:
    """How many, when the data are looked at, and how alpha is spent."""
    plan = design.plan
    many = (
        f"{plan.sample_size} participants who completed and whom no exclusion takes out. If the "
        "study is closed earlier, the final analysis takes everybody eligible by then."
    )
    return [many, _anew(plan), looks_and_alpha(plan), BLIND]


def looks_and_alpha(plan: Plan) -> str:
    """When the data are looked at, and how the looks and the contrasts share alpha."""
    anytime = plan.monitoring is Monitoring.ANYTIME
    how = _SEQUENCES.format(size=plan.sample_size) if anytime else _spent(plan)
    return f"{_looks(plan)} {_alpha(plan)} {how}".strip()


def _looks(plan: Plan) -> str:
    if len(plan.looks) == 1:
        return "The data are analysed once, at that size."
    looks = listed(
        f"{size} ({percent(share)})" for size, share in zip(plan.sizes, plan.looks, strict=True)
    )
    return f"The data are looked at when {looks} are in, in the order of completion."


def _alpha(plan: Plan) -> str:
    primary = sum(each.family is Family.PRIMARY for each in plan.contrasts)
    looks = len(plan.looks) > 1 or plan.monitoring is Monitoring.ANYTIME
    over = ["all looks"] if looks else []
    if primary > 1 and plan.multiplicity is Multiplicity.HOLM:
        over.append("all primary contrasts")
    told = f"Alpha is {plan.alpha:g}, two-sided"
    if over:
        told += f", over {listed(over)} together"
    alone = primary > 1 and plan.multiplicity is Multiplicity.NONE
    return f"{told}, for each primary contrast." if alone else f"{told}."


def _spent(plan: Plan) -> str:
    """How alpha is spent over the looks; empty for one look that has all of it."""
    if len(plan.looks) == 1:
        return ""
    number = plan.spending_parameter or 0.0
    function = {
        Spending.OBRIEN_FLEMING: "the O’Brien–Fleming-type function of Lan & DeMets (1983)",
        Spending.POCOCK: "the Pocock-type function of Lan & DeMets (1983)",
        Spending.HWANG_SHIH_DECANI: (
            f"the function of Hwang, Shih & De Cani (1990) with gamma {number:g}"
        ),
        Spending.POWER: f"the power function of Kim & DeMets (1987) with rho {number:g}",
    }[plan.spending]
    return (
        f"It is spent over the looks by {function}, by the participants that a look has; the last "
        "spends all that is left. A look that is not planned needs a reason, spends alpha by the "
        "same function, and is listed as a deviation."
    )


def _anew(plan: Plan) -> str:
    """How the size is fixed anew; empty if it never is."""
    if plan.replan_at is None:
        return ""
    return (
        f"When {percent(plan.replan_at)} of them are in, the size is fixed anew, once: it is "
        "multiplied by the square of the outcome’s standard deviation, pooled without anybody "
        f"seeing the arms, over that of {plan.outcome_sd:g}, which was counted on. It becomes "
        f"never smaller, and {plan.most_participants} at most; looks keep their shares of it."
    )


def stopping(design: Design, language: str) -> list[str]:
    """What ends the study before its last look; nothing if that is the only one."""
    plan = design.plan
    if len(plan.looks) == 1 and plan.monitoring is not Monitoring.ANYTIME:
        return []
    return [_goes_on(plan), points(_rules(plan))]


def _goes_on(plan: Plan) -> str:
    several = sum(each.family is Family.PRIMARY for each in plan.contrasts) > 1
    anytime = plan.monitoring is Monitoring.ANYTIME
    ways = ["rejected"]
    if plan.equivalence is not Equivalence.NONE:
        ways.append("shown to be equivalent")
    if plan.futility is not None:
        ways.append("futile")
    return (
        ("No look ends the study because one contrast is rejected. " if several else "")
        + f"All arms go on until {'every' if several else 'the'} primary contrast is "
        + f"{listed(ways, 'or')}, or "
        + ("the sample size is reached." if anytime else "the last look was made.")
    )


def _rules(plan: Plan) -> Iterator[str]:
    primary = [each for each in plan.contrasts if each.family is Family.PRIMARY]
    other_ways = plan.equivalence is not Equivalence.NONE or plan.futility is not None
    if other_ways and any(each.interaction for each in primary):
        yield "An interaction can only be rejected; it is called neither equivalent nor futile."
    if plan.futility is not None:
        yield (
            "A primary contrast is futile at a look if it would be rejected at a later one with a "
            f"chance below {percent(plan.futility)}, were its effect as large as the smallest of "
            "interest, in the direction in which that is likelier (conditional power; Lan & Wittes "
            "1988). Bounds do not count on it: a study that goes on all the same keeps its error."
        )
    if plan.harm_level is not None:
        where = "below" if plan.harm_direction is Direction.LOWER else "above"
        yield (
            f"Whatever else holds, a look ends the study for harm if a primary contrast of two "
            f"levels is {where} zero with a one-sided p of {plan.harm_level:g} or less, not "
            "corrected for looks or contrasts."
        )
    yield _WHO_ENDS[plan.stopping]
    yield "Who is in the middle of the survey then may finish, and is reported as overrun."
    anytime = plan.monitoring is Monitoring.ANYTIME
    if not anytime and not all(each.interaction for each in primary):
        yield _after(plan, alone=len(primary) == 1 and not other_ways)


_WHO_ENDS = {
    Stopping.RECOMMEND: "To end then is what the look’s report recommends; people decide.",
    Stopping.PAUSE: "The look then pauses the study by itself, so that nobody new enters.",
}


def _after(plan: Plan, *, alone: bool) -> str:
    exact = (
        "exact, for its bounds alone say when the study ends"
        if alone and plan.harm_level is None
        else "approximate, for not its bounds alone say when the study ends"
    )
    return (
        "At the end the p, median-unbiased estimate and interval of each primary contrast of two "
        "levels by the stage-wise ordering (Tsiatis, Rosner & Mehta 1984) stand beside the naive "
        f"ones; they are {exact}."
    )
