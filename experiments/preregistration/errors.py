"""PURE: how the announced estimates' errors are taken: which rows are independent."""

from collections.abc import Mapping

from experiments.design import Design, Estimator, Method, Randomisation, StandardErrors
from experiments.expansion import repeated_items
from experiments.preregistration.words import code, codes

_ROBUST: Mapping[StandardErrors, str] = {
    StandardErrors.HC2: "HC2 standard errors (MacKinnon & White 1985; Samii & Aronow 2012)",
    StandardErrors.HC3: "HC3 standard errors (MacKinnon & White 1985)",
}
_T = (
    "{errors}, tested by Student’s t with as many degrees of freedom as there are participants "
    "less {coefficients}"
)
_COEFFICIENTS: Mapping[Estimator, str] = {
    Estimator.DIFFERENCE: "arms",
    Estimator.LIN: "arms and their slopes",
}
_ANNOUNCED: Mapping[Estimator, str] = {
    Estimator.DIFFERENCE: "The unadjusted estimate is the announced test.",
    Estimator.LIN: (
        "The estimate that is adjusted for the covariates below is the announced test; the "
        "unadjusted one stands beside it."
    ),
}
_CR2 = (
    "CR2 standard errors (Bell & McCaffrey 2002) by {unit}, tested by Student’s t with "
    "Satterthwaite’s degrees of freedom, several together by the approximate Hotelling test (HTZ; "
    "Pustejovsky & Tipton 2018)"
)


def estimator(design: Design) -> str:
    """How the contrasts are estimated, and tested one by one."""
    told = [_rows(design)] if judged(design) else []
    steps = [step for step in design.randomisations if _compared(design, step)]
    kinds = {step.code: _kind(design, step) for step in steps}
    if len(set(kinds.values())) == 1:
        told.append(f"Contrasts are weighted sums of the arms’ means with {kinds[steps[0].code]}.")
    else:
        told.append("Contrasts are weighted sums of the arms’ means.")
        told += [f"Those of {codes(step.factors)}: {kinds[step.code]}." for step in steps]
    told += [_model(step) for step in steps if step.deck_size]
    return " ".join([*told, _ANNOUNCED[design.plan.estimator]])


def errors_of_slopes(design: Design) -> str:
    """The errors of a regression on what nobody assigned."""
    unit = _together(design)
    return f"CR2 standard errors by {unit}" if unit else "HC2 standard errors"


def clustered(design: Design, step: Randomisation) -> bool:
    """Whether rows err together in contrasts of that randomisation."""
    return bool(_unit(design, step))


def judged(design: Design) -> Randomisation | None:
    """The deck on whose vignettes the outcome is asked; None if it is asked once."""
    asked = {item.code for item in design.outcome_items}
    for step in design.randomisations:
        repeated = {item.code for item in repeated_items(design, step.code)}
        if step.method is Method.DECK and asked and asked <= repeated:
            return step
    return None


def _rows(design: Design) -> str:
    asked = code(design.plan.outcome)
    return f"The rows are vignettes, for {asked} is asked for each that a participant judged."


def _compared(design: Design, step: Randomisation) -> bool:
    """Whether a contrast of the plan is of factors that it assigns."""
    asked = (set(each.interaction or (each.factor,)) for each in design.plan.contrasts)
    return any(factors <= set(step.factors) for factors in asked)


def _kind(design: Design, step: Randomisation) -> str:
    unit = _unit(design, step)
    if unit:
        return _CR2.format(unit=unit)
    plan = design.plan
    return _T.format(
        errors=_ROBUST[plan.standard_errors], coefficients=_COEFFICIENTS[plan.estimator]
    )


def _unit(design: Design, step: Randomisation) -> str:
    if judged(design):
        return _together(design)
    return code(step.cluster) if step.cluster else ""


def _together(design: Design) -> str:
    """What ties rows over all randomisations; empty if nothing does."""
    groups = dict.fromkeys(step.cluster for step in design.randomisations if step.cluster)
    if len(groups) > 1:
        return f"the groups that {codes(groups)} tie together"
    return codes(groups) or ("participant" if judged(design) else "")


def _model(step: Randomisation) -> str:
    effects = "main effects and those of two factors" if step.deck_interactions else "main effects"
    return (
        f"Contrasts within {code(step.code)} are told by a model of {effects} for its cells’ means."
    )
