"""The tables of a look's decision: hypotheses, what is to come, bounds."""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table, cells
from analysis.decision import Hypothesis
from analysis.found import Found
from analysis.results import Results
from analysis.statistics.estimate import Estimate
from analysis.wording import Wording
from experiments.design import Estimator, Family, Monitoring, Plan, Spending


def intervals_told(results: Results, plan: Plan) -> str:
    """What the intervals of the estimates hold, and how the contrasts are tested."""
    announced = (
        _("The plan tests by the covariate-adjusted estimate.")
        if plan.estimator is Estimator.LIN
        else _("The plan tests by the estimate that is not adjusted for covariates.")
    )
    return f"{announced} {_intervals(results, plan)}"


def _intervals(results: Results, plan: Plan) -> str:
    alpha = {"alpha": apa.level(plan.alpha)}
    if results.monitoring is Monitoring.ANYTIME:
        return (
            _(
                "Estimates may be read at any time: the repeated interval is an asymptotic "
                "confidence sequence, which covers at all times together (two-sided alpha "
                "%(alpha)s). The nominal intervals and p-values hold at one look only."
            )
            % alpha
        )
    bound = results.bounds[-1]
    return _(
        "The bound of this look with all of alpha is |z| ≥ %(z)s, that is p ≤ %(p)s (%(spending)s; "
        "alpha spent so far: %(alpha)s). The repeated interval is the announced estimate’s at that "
        "bound and covers at all looks together; the simultaneous one covers all contrasts of the "
        "family too. The nominal intervals and p-values do not account for the looks."
    ) % {
        "z": apa.number(bound.z, 3),
        "p": apa.nominal(bound.nominal_p),
        "alpha": apa.nominal(bound.alpha_spent),
        "spending": spending_told(plan),
    }


def spending_told(plan: Plan) -> str:
    """The plan's spending function by name."""
    shape = {"shape": apa.declared(plan.spending_parameter or 0)}
    return {
        Spending.OBRIEN_FLEMING: _("Lan–DeMets, O’Brien–Fleming type"),
        Spending.POCOCK: _("Lan–DeMets, Pocock type"),
        Spending.HWANG_SHIH_DECANI: _("Hwang–Shih–DeCani, gamma %(shape)s") % shape,
        Spending.POWER: _("Kim–DeMets, power %(shape)s") % shape,
    }[plan.spending]


def interval_cells(found: Found[Estimate] | None) -> tuple[str, ...]:
    """An interval, or why there is none; a dash where a look of an earlier version has none."""
    if found is None:
        return ("–",)
    return cells(found, lambda value: (apa.interval(value.low, value.high),), 1)


def decisions_table(results: Results, words: Wording) -> Table:
    """Where each hypothesis stands."""
    labels = {each.code: words.text(each.label) for each in results.contrasts}
    hypotheses = results.decision.hypotheses if results.decision else ()
    return Table(
        code="decisions",
        caption=_("Hypotheses of the plan"),
        headers=(
            _("Contrast"),
            _("Family"),
            _("Share of alpha"),
            _("Nominal p asked for"),
            _("Adjusted p"),
            _("Standing"),
        ),
        rows=tuple(
            (
                labels[each.contrast],
                _family(each.family),
                apa.level(each.alpha) if each.alpha else "–",
                "–" if each.level is None else apa.nominal(each.level),
                *(cells(each.adjusted_p, _p, 1) if each.adjusted_p else ("–",)),
                standing(each),
            )
            for each in hypotheses
        ),
        notes=(
            _(
                "Primary contrasts share alpha, secondary ones have it once every primary one is "
                "rejected (Maurer & Bretz 2013). An adjusted p counts all looks so far and the "
                "whole family; of exploratory contrasts it is Benjamini & Hochberg’s."
            ),
        ),
    )


def standing(hypothesis: Hypothesis) -> str:
    """What has become of a hypothesis, in a word or two each."""
    said = []
    if hypothesis.rejected_at is not None:
        said.append(_("rejected at look %(look)s") % {"look": hypothesis.rejected_at})
    if hypothesis.equivalent_at is not None:
        said.append(_("equivalent at look %(look)s") % {"look": hypothesis.equivalent_at})
    if hypothesis.harmful:
        said.append(_("harmful"))
    if hypothesis.futile:
        said.append(_("futile"))
    waits = not hypothesis.alpha and hypothesis.family is Family.SECONDARY
    return ", ".join(said) or (_("waiting") if waits else _("open"))


def _family(family: Family) -> str:
    return {
        Family.PRIMARY: _("primary"),
        Family.SECONDARY: _("secondary"),
        Family.EXPLORATORY: _("exploratory"),
    }[family]


def _p(value: float) -> tuple[str, ...]:
    return (apa.p_value(value).removeprefix("= "),)


def outlook_table(results: Results, words: Wording) -> Table:
    """The chances of the primary hypotheses that are open, at the looks to come."""
    labels = {each.code: words.text(each.label) for each in results.contrasts}
    hypotheses = results.decision.hypotheses if results.decision else ()
    size = words.design.plan.smallest_effect
    return Table(
        code="outlook",
        caption=_("What the looks to come may bring"),
        headers=(_("Contrast"), _("Conditional power"), _("Predictive power")),
        rows=tuple(
            (
                labels[each.contrast],
                *cells(each.conditional_power, _share, 1),
                *cells(each.predictive_power, _share, 1),
            )
            for each in hypotheses
            if each.conditional_power and each.predictive_power
        ),
        notes=(
            _(
                "The chance to be rejected at a look to come, given the data so far: if the effect "
                "is ±%(size)s, the smallest of interest, in the likelier direction; and averaged "
                "over what the effect may be, given the data and no other opinion."
            )
            % {"size": apa.declared(size or 0)},
        ),
    )


def _share(value: float) -> tuple[str, ...]:
    return (apa.chance(value),)


def bounds_table(results: Results, words: Wording) -> Table:
    """The bounds of the looks so far, with all of alpha."""
    last = len(results.bounds)
    return Table(
        code="bounds",
        caption=_("Bounds of the looks so far"),
        headers=(_("Look"), _("Information"), _("|z| bound"), _("p bound"), _("Alpha spent")),
        rows=tuple(
            (
                _("this one") if place == last else _("before"),
                f"{100 * bound.fraction:.1f}%",
                apa.number(bound.z, 3),
                apa.nominal(bound.nominal_p),
                apa.nominal(bound.alpha_spent),
            )
            for place, bound in enumerate(results.bounds, start=1)
        ),
        notes=(
            _("Two-sided alpha of the plan, all of it: %(alpha)s.")
            % {"alpha": apa.level(words.design.plan.alpha)},
        ),
    )
