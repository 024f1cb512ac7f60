"""What a look says in sentences, a null as honestly as a finding.

A result that stays inside the bound is never called the absence of an effect: the sentence says
what was not shown, and the interval how much is still possible.
"""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.found import Found
from analysis.results import ContrastResult, Results
from analysis.statistics.estimate import Estimate
from analysis.wording import Wording, reason


def conclusions(results: Results, words: Wording) -> tuple[str, ...]:
    """One paragraph per contrast of the plan."""
    smallest = words.design.plan.smallest_effect
    return tuple(
        " ".join(_paragraph(results, contrast, words, smallest)) for contrast in results.contrasts
    )


def _paragraph(
    results: Results, contrast: ContrastResult, words: Wording, smallest: float | None
) -> list[str]:
    label = words.text(contrast.label)
    if contrast.joint is not None:
        return [_verdict(results, contrast, label), *_joint(contrast)]
    estimate = contrast.rows[0].unadjusted
    said = [_verdict(results, contrast, label), *_estimate(estimate)]
    if smallest is not None and estimate.value is not None:
        said.append(_against_smallest(estimate.value, smallest))
    return said


def _verdict(results: Results, contrast: ContrastResult, label: str) -> str:
    if contrast.crossed is None:
        found: Found[object] = contrast.joint or contrast.rows[0].unadjusted  # type: ignore[assignment]
        why = reason(found.why_not) if found.why_not else ""
        return _("%(contrast)s: %(reason)s.") % {"contrast": label, "reason": why}
    named = {
        "contrast": label,
        "p": apa.fraction(results.bound.nominal_p, 4),
        "z": apa.number(results.bound.z, 3),
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


def _estimate(found: Found[Estimate]) -> list[str]:
    if (value := found.value) is None:
        return []
    numbers = {
        "b": apa.number(value.estimate),
        "interval": apa.interval(value.low, value.high),
        "df": apa.degrees(value.df),
        "t": apa.number(value.statistic),
        "p": apa.p_value(value.p),
    }
    return [
        _("b = %(b)s, nominal 95%% CI %(interval)s, t(%(df)s) = %(t)s, nominal p %(p)s.") % numbers
    ]


def _joint(contrast: ContrastResult) -> list[str]:
    if contrast.joint is None or (value := contrast.joint.value) is None:
        return []
    numbers = {
        "q": value.df_numerator,
        "df": apa.degrees(value.df_denominator),
        "f": apa.number(value.statistic),
        "p": apa.p_value(value.p),
    }
    return [_("Joint test: F(%(q)s, %(df)s) = %(f)s, nominal p %(p)s.") % numbers]


def _against_smallest(value: Estimate, smallest: float) -> str:
    size = {"smallest": apa.number(smallest)}
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
