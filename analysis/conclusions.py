"""What a look says in sentences, a null as honestly as a finding.

A result that stays inside the bound is never called the absence of an effect: the sentence says
what was not shown, and the interval how much is still possible.
"""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.found import Found
from analysis.results import ContrastResult, Results
from analysis.statistics.estimate import Estimate, JointTest
from analysis.verdicts import further, recommendation, verdict
from analysis.wording import Wording, reason
from experiments.design import Equivalence, Estimator


def conclusions(results: Results, words: Wording) -> tuple[str, ...]:
    """What the look recommends, then one paragraph per contrast of the plan."""
    plan = words.design.plan
    first = (recommendation(results.decision, plan),) if results.decision else ()
    return (*first, *(" ".join(_paragraph(results, each, words)) for each in results.contrasts))


def _paragraph(results: Results, contrast: ContrastResult, words: Wording) -> list[str]:
    plan, label = words.design.plan, words.text(contrast.label)
    said = [_verdict(results, contrast, label)]
    if contrast.joint is not None:
        lin = contrast.estimator is Estimator.LIN
        return [*said, *_joint(contrast.joint_adjusted if lin else contrast.joint)]
    announced = contrast.announced_of(contrast.rows[0])
    said += _estimate(announced, adjusted=contrast.estimator is Estimator.LIN)
    hypotheses = results.decision.hypotheses if results.decision else ()
    told = [
        more
        for each in hypotheses
        if each.contrast == contrast.code
        for more in further(each, results, plan)
    ]
    ruled = plan.equivalence is not Equivalence.NONE and results.decision is not None
    if plan.smallest_effect is not None and announced.value is not None and not ruled:
        said.append(_against_smallest(announced.value, plan.smallest_effect))
    return [*said, *told]


def _verdict(results: Results, contrast: ContrastResult, label: str) -> str:
    if contrast.crossed is None:
        found: Found[object] = contrast.joint or contrast.rows[0].unadjusted  # type: ignore[assignment]
        why = reason(found.why_not) if found.why_not else ""
        return _("%(contrast)s: %(reason)s.") % {"contrast": label, "reason": why}
    for hypothesis in results.decision.hypotheses if results.decision else ():
        if hypothesis.contrast == contrast.code:
            return verdict(hypothesis, label)
    # A look of an earlier version of Coprod, which put one bound to each contrast by itself.
    bound = results.bounds[-1]
    named = {
        "contrast": label,
        "p": apa.nominal(bound.nominal_p),
        "z": apa.number(bound.z, 3),
    }
    if contrast.crossed:
        said = _(
            "%(contrast)s: distinguishable from zero at this look; "
            "its p crosses the bound of %(p)s (|z| ≥ %(z)s)."
        )
    else:
        said = _(
            "%(contrast)s: not distinguishable from zero at this look; "
            "its p does not reach the bound of %(p)s (|z| ≥ %(z)s)."
        )
    return said % named


def _estimate(found: Found[Estimate], *, adjusted: bool) -> list[str]:
    if (value := found.value) is None:
        return []
    numbers = {
        "b": apa.number(value.estimate),
        "interval": apa.interval(value.low, value.high),
        "df": apa.degrees(value.df),
        "t": apa.number(value.statistic),
        "p": apa.p_value(value.p),
    }
    said = (
        _(
            "Covariate-adjusted b = %(b)s, nominal 95%% CI %(interval)s, t(%(df)s) = %(t)s, "
            "nominal p %(p)s."
        )
        if adjusted
        else _("b = %(b)s, nominal 95%% CI %(interval)s, t(%(df)s) = %(t)s, nominal p %(p)s.")
    )
    return [said % numbers]


def _joint(joint: Found[JointTest] | None) -> list[str]:
    if joint is None or (value := joint.value) is None:
        return []
    numbers = {
        "q": value.df_numerator,
        "df": apa.degrees(value.df_denominator),
        "f": apa.number(value.statistic),
        "p": apa.p_value(value.p),
    }
    return [_("Joint test: F(%(q)s, %(df)s) = %(f)s, nominal p %(p)s.") % numbers]


def _against_smallest(value: Estimate, smallest: float) -> str:
    size = {"smallest": apa.declared(smallest)}
    if -smallest < value.low and value.high < smallest:
        said = _(
            "The nominal interval lies inside ±%(smallest)s, the smallest effect of interest: "
            "these data speak against an effect that large."
        )
    elif value.low >= smallest or value.high <= -smallest:
        said = _(
            "The nominal interval lies beyond ±%(smallest)s, the smallest effect of interest, "
            "on one side."
        )
    else:
        said = _(
            "The nominal interval reaches beyond ±%(smallest)s, the smallest effect of interest: "
            "an effect that large is not ruled out, nor is a smaller one."
        )
    return said % size
