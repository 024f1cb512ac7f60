"""How a report says whose errors go together: the arms' table, and how errors were taken."""

from django.utils.translation import gettext as _

from analysis.cells import Table, cells, mean_cells
from analysis.results import Clustering, Results, Slopes
from analysis.wording import Wording

# With fewer degrees of freedom than this, Satterthwaite's t and HTZ don't keep their level: Tipton
# 2015, Psychological Methods 20(3), 375-393.
FEW_DEGREES = 4


def arms_table(results: Results, words: Wording) -> Table:
    """Every arm with its participants, its clusters where there are any, and its mean."""
    clustered = any(arm.clusters is not None for arm in results.arms)
    clusters = (_("Clusters"),) if clustered else ()
    return Table(
        code="arms",
        caption=_("Participants and mean outcome per arm"),
        headers=(_("Arm"), _("n"), *clusters, _("Mean"), _("SE"), _("Nominal 95% CI")),
        rows=tuple(
            (
                words.arm(arm.randomisation, arm.arm),
                f"{arm.n}",
                *(("–" if arm.clusters is None else f"{arm.clusters}",) if clustered else ()),
                *cells(arm.mean, mean_cells, 3),
            )
            for arm in results.arms
        ),
        notes=_missing(results),
    )


def _missing(results: Results) -> tuple[str, ...]:
    counts = [
        (results.outcome.missing, _("Without an outcome, so in no mean: %(n)s.")),
        *(
            (n, _("In none of these arms, so in no mean and no contrast: %(n)s."))
            for n in results.without_arm.values()
        ),
    ]
    return tuple(note % {"n": n} for n, note in counts if n)


def clusters_line(results: Results) -> str:
    """How many clusters by what; empty where there are none."""
    return "; ".join(f"{each.clusters} ({_unit(each)})" for each in results.clustering)


def errors_told(results: Results, words: Wording) -> tuple[str, ...]:
    """How the contrasts were estimated and their errors taken, by randomisation if they differ."""
    if not results.clustering:
        return (
            _(
                "Each contrast averages equally over the levels of the other factors. Least "
                "squares on the arms’ means with HC2 standard errors; Student’s t."
            ),
        )
    clustered = {each.randomisation: each for each in results.clustering}
    told = dict.fromkeys(arm.randomisation for arm in results.arms)
    return (
        _(
            "Each contrast averages equally over the levels of the other factors. Least squares "
            "on the arms’ means; Student’s t."
        ),
        *(_errors_of(code, clustered.get(code), words) for code in told),
        *_few_degrees(results),
    )


def slopes_told(slopes: Slopes | None) -> str:
    """What a slope is, and how its error was taken."""
    if slopes is None or slopes.clusters is None:
        return _(
            "Associational: nobody randomised these predictors, so a slope is no effect. One "
            "regression of the outcome on all of them, HC2 standard errors."
        )
    return _(
        "Associational: nobody randomised these predictors, so a slope is no effect. One "
        "regression of the outcome on all of them, CR2 standard errors by %(n)s clusters."
    ) % {"n": slopes.clusters}


def _errors_of(code: str, clustered: Clustering | None, words: Wording) -> str:
    if clustered is None:
        return _("%(factors)s: HC2 standard errors.") % {"factors": words.factors(code)}
    return _(
        "%(factors)s: CR2 standard errors by %(n)s clusters (%(unit)s), for those of a cluster err "
        "together. Degrees of freedom are Satterthwaite’s, joint tests approximate Hotelling’s "
        "(HTZ)."
    ) % {
        "factors": words.factors(code),
        "n": clustered.clusters,
        "unit": _unit(clustered),
    }


def _unit(clustered: Clustering) -> str:
    return clustered.parameter


def _few_degrees(results: Results) -> tuple[str, ...]:
    found = [
        row.unadjusted.value.df
        for contrast in results.contrasts
        for row in contrast.rows
        if row.unadjusted.value
    ]
    if min(found, default=FEW_DEGREES) >= FEW_DEGREES:
        return ()
    return (_("With fewer than four degrees of freedom a p-value is rough: too few clusters."),)
