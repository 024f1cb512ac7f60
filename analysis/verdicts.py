"""What a look says of one hypothesis of the plan, and what it recommends, in sentences."""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.decision import Action, Decision, Hypothesis
from analysis.found import Found
from analysis.results import Results
from analysis.statistics.estimate import NotEstimable
from analysis.statistics.stagewise import AfterStopping
from analysis.wording import reason
from experiments.design import Equivalence, Family, Plan, Stopping


def recommendation(decision: Decision, plan: Plan) -> str:
    """What the look recommends."""
    said = {
        Action.CONTINUE: _(
            "Go on: not every primary hypothesis is decided, and one rejection alone ends nothing."
        ),
        Action.EFFICACY: _(
            "Stop: every primary hypothesis is decided or futile, and one at least is rejected."
        ),
        Action.EQUIVALENCE: _(
            "Stop: every primary hypothesis is decided or futile; none is rejected, and one at "
            "least is shown to be smaller than the smallest effect of interest."
        ),
        Action.FUTILITY: _(
            "Stop for futility: no primary hypothesis is likely to be rejected at a look to come."
        ),
        Action.HARM: _(
            "Stop: a primary contrast lies in the harmful direction beyond the plan’s harm rule."
        ),
        Action.END: _("This was the last look of the plan."),
    }[decision.action]
    if decision.last and decision.action is Action.HARM:
        said = _(
            "A primary contrast lies in the harmful direction beyond the plan’s harm rule. This "
            "was the last look of the plan."
        )
    pauses = plan.stopping is Stopping.PAUSE
    if not decision.stops or (decision.last and not pauses):
        return said
    if pauses:
        told = _("The plan pauses the study by itself; who is in the middle can finish.")
    else:
        told = _("That is a recommendation: the study goes on until somebody pauses or closes it.")
    return f"{said} {told}"


def verdict(hypothesis: Hypothesis, label: str) -> str:
    """Whether the hypothesis is rejected; never that there is no effect."""
    adjusted = hypothesis.adjusted_p
    named = {
        "contrast": label,
        "level": apa.nominal(hypothesis.level or 0),
        "alpha": apa.level(hypothesis.alpha),
        "p": apa.p_value(adjusted.value) if adjusted and adjusted.value is not None else "–",
        "look": hypothesis.rejected_at,
        "crossed": hypothesis.crossed_at,
    }
    if hypothesis.family is Family.EXPLORATORY:
        said = _(
            "%(contrast)s: exploratory, tested by no rule of the plan; p adjusted for the false "
            "discovery rate %(p)s."
        )
    elif hypothesis.rejected_at is not None:
        said = _(
            "%(contrast)s: distinguishable from zero, rejected at look %(look)s with a share of "
            "alpha of %(alpha)s; adjusted p %(p)s."
        )
        if hypothesis.crossed_at != hypothesis.rejected_at:
            said += " " + _(
                "It is the p of look %(crossed)s that reaches the bound, since others handed "
                "their alpha on."
            )
    elif not hypothesis.alpha:
        said = _("%(contrast)s: not tested yet, it waits for the hypotheses before it.")
    else:
        said = _(
            "%(contrast)s: not distinguishable from zero so far; its p does not reach %(level)s, "
            "which its share of alpha (%(alpha)s) asks for at this look; adjusted p %(p)s."
        )
    return said % named


def further(hypothesis: Hypothesis, results: Results, plan: Plan) -> list[str]:
    """Whether it is equivalent, futile or harmful, and the numbers adjusted for the stop."""
    said = []
    if hypothesis.equivalence is not None:
        said.append(_equivalence(hypothesis, results, plan))
    power = hypothesis.conditional_power
    if hypothesis.futile and power and power.value is not None:
        said.append(
            _(
                "Futile by the plan’s rule: were the effect the smallest of interest, it would be "
                "rejected at a look to come with probability %(power)s."
            )
            % {"power": apa.chance(power.value)}
        )
    if hypothesis.harmful:
        said.append(_("It lies in the harmful direction beyond the plan’s harm rule."))
    if hypothesis.after_stopping is not None and results.decision is not None:
        said.append(_after_stopping(hypothesis.after_stopping, exact=results.decision.exact))
    return said


def _equivalence(hypothesis: Hypothesis, results: Results, plan: Plan) -> str:
    tests = hypothesis.equivalence.value if hypothesis.equivalence else None
    if tests is None:
        why = hypothesis.equivalence.why_not if hypothesis.equivalence else None
        return _("Equivalence: %(reason)s.") % {"reason": reason(why) if why else "–"}
    last = results.decision is not None and results.decision.last
    by_tests = last and plan.equivalence is Equivalence.TWO_ONE_SIDED
    named = {
        "size": apa.declared(tests.bounds[1]),
        "interval": apa.interval(tests.low, tests.high),
        "p": apa.p_value(tests.p),
        "alpha": apa.level(tests.alpha),
        "look": hypothesis.equivalent_at,
    }
    shown = (
        _("Shown at look %(look)s to be smaller than ±%(size)s, the smallest effect of interest")
        if hypothesis.equivalent_at is not None
        else _("Not shown to be smaller than ±%(size)s, the smallest effect of interest")
    )
    how = (
        _("(two one-sided tests at %(alpha)s: p %(p)s; interval %(interval)s).")
        if by_tests
        else _("(repeated interval at this look %(interval)s).")
    )
    return f"{shown} {how}" % named


def _after_stopping(found: Found[AfterStopping], *, exact: bool) -> str:
    if found.value is None:
        return _("Adjusted for the looks: %(reason)s.") % {
            "reason": reason(found.why_not) if found.why_not else "–"
        }
    adjusted = found.value.adjusted
    named = {
        "b": apa.number(adjusted.estimate),
        "interval": apa.interval(adjusted.low, adjusted.high),
        "level": f"{100 * found.value.level:g}",
        "p": reason(adjusted.p)
        if isinstance(adjusted.p, NotEstimable)
        else apa.p_value(adjusted.p),
    }
    said = _(
        "Adjusted for the looks (stage-wise ordering): median-unbiased b = %(b)s, "
        "%(level)s%% CI %(interval)s, p %(p)s."
    )
    if not exact:
        said += " " + _(
            "These are exact only where one hypothesis alone decides when the study stops, which "
            "is not so under this plan: they are an approximation."
        )
    return said % named


def _p(p: float | NotEstimable) -> str:
    return reason(p) if isinstance(p, NotEstimable) else apa.p_value(p)
