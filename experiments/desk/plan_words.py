"""What the desk calls the choices of a plan, for whoever has not read the papers behind them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from experiments.design import (
    Direction,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    Spending,
    StandardErrors,
    Stopping,
)

# How a plan's page heads its rules.
HEADS: dict[str, Any] = {
    "outcome_sd": _("Standard deviation of the outcome"),
    "estimator": _("Announced estimate"),
    "monitoring": _("When data may be looked at"),
    "multiplicity": _("Several contrasts"),
    "equivalence": _("Equivalence"),
    "futility": _("Futile below a chance of"),
    "harm_level": _("Harm at a p of"),
    "stopping": _("If a look says that the study can end"),
    "replan_at": _("Fix the size anew at"),
    "most_participants": _("Never more participants than"),
}
FAMILIES: Mapping[Family, Any] = {
    Family.PRIMARY: _("Primary: the study answers it"),
    Family.SECONDARY: _("Secondary: tested once every primary one is found"),
    Family.EXPLORATORY: _("Exploratory: reported, never a proof"),
}
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "monitoring": {
        Monitoring.GROUP_SEQUENTIAL: _("At the planned looks (group-sequential bounds)"),
        Monitoring.ANYTIME: _("At any time (confidence sequences)"),
    },
    "spending": {
        Spending.OBRIEN_FLEMING: _("O’Brien–Fleming type: little early, most at the end"),
        Spending.POCOCK: _("Pocock type: much early, about the same bound at each look"),
        Spending.HWANG_SHIH_DECANI: _("Hwang–Shih–DeCani: by a number, gamma"),
        Spending.POWER: _("Power (Kim–DeMets): by a number, rho"),
    },
    "estimator": {
        Estimator.DIFFERENCE: _("Differences of the arms’ means as they are"),
        Estimator.LIN: _("Adjusted for the covariates (Lin 2013)"),
    },
    "standard_errors": {
        StandardErrors.HC2: _("HC2: right on average, the usual choice"),
        StandardErrors.HC3: _("HC3: a little too large rather than too small"),
    },
    "multiplicity": {
        Multiplicity.HOLM: _("They share alpha (Holm)"),
        Multiplicity.NONE: _("Each has all of alpha, as if it were the only one"),
    },
    "equivalence": {
        Equivalence.NONE: _("Not tested"),
        Equivalence.REPEATED_INTERVAL: _("By the repeated interval, at every look"),
        Equivalence.TWO_ONE_SIDED: _("By it before the last look, by two one-sided tests at it"),
    },
    "equivalence_multiplicity": {
        Multiplicity.NONE: _("Each has all of that alpha"),
        Multiplicity.HOLM: _("They share it (Holm)"),
    },
    "harm_direction": {
        Direction.LOWER: _("Below zero: the outcome is lowered"),
        Direction.HIGHER: _("Above zero: the outcome is raised"),
    },
    "stopping": {
        Stopping.RECOMMEND: _("The report recommends it, people decide"),
        Stopping.PAUSE: _("The study is paused, too: nobody new enters"),
    },
}


def rules(plan: Any) -> Iterator[tuple[Any, Any]]:
    """What a row of a plan says of its tests and of ending early: each head with its value."""
    for name, head in HEADS.items():
        value = getattr(plan, name)
        if value not in (None, ""):
            yield head, WORDS[name][value] if name in WORDS else value


def spending_word(plan: Any) -> Any:
    """How a row of a plan spends alpha, with the parameter if there is one."""
    said, number = WORDS["spending"][plan.spending], plan.spending_parameter
    return said if number is None else f"{said} ({number:g})"
