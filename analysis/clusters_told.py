"""How a report says whose errors go together: the arms' table, and how errors were taken."""

from django.utils.translation import gettext as _

from analysis.cells import Table, cells, mean_cells
from analysis.results import Clustering, Results, Slopes
from analysis.wording import Wording

# With fewer degrees of freedom than this, Satterthwaite's t and HTZ don't keep their level: Tipton
# 2015, Psychological Methods 20(3), 375-393.
FEW_DEGREES = 4


def arms_table(results: Results, words: Wording) -> Table:
    """Every arm with its participants or vignettes, its clusters if it has some, and its mean."""
    clustered = any(arm.clusters is not None for arm in results.arms)
    caption = _("Participants and mean outcome per arm")
    rows, clusters = _("n"), (_("Clusters"),) if clustered else ()
    if results.vignettes is not None:
        caption, rows = _("Vignettes and mean outcome per arm"), _("Vignettes")
        clusters = (_("Participants"),) if _judges(results) else clusters
    return Table(
        code="arms",
        caption=caption,
        headers=(_("Arm"), rows, *clusters, _("Mean"), _("SE"), _("Nominal 95% CI")),
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


def _judges(results: Results) -> bool:
    """Whether the clusters are participants, each with the vignettes that they judged."""
    return not any(each.parameter for each in results.clustering)


def _missing(results: Results) -> tuple[str, ...]:
    without = _("Without an outcome, so in no mean: %(n)s.")
    if results.vignettes is not None:
        without = _("Vignettes without an outcome, so in no mean: %(n)s.")
    counts = [
        (results.outcome.missing, without),
        *(
            (n, _("In none of these arms, so in no mean and no contrast: %(n)s."))
            for n in results.without_arm.values()
        ),
    ]
    return tuple(note % {"n": n} for n, note in counts if n)


def clusters_line(results: Results) -> str:
    """How many clusters by what; empty where there are none."""
    found = dict.fromkeys(f"{each.clusters} ({_unit(each)})" for each in results.clustering)
    return "; ".join(found)


def scales_told(results: Results) -> tuple[str, ...]:
    """Of which rows the scales' reliabilities are, and what their intervals take for granted."""
    notes = [_("Complete rows only; Feldt’s interval.")]
    if results.vignettes is not None:
        notes.append(
            _(
                "What is asked for each vignette is taken from each participant’s first alone: "
                "several rows of one person would make the interval too narrow."
            )
        )
    if any(each.parameter for each in results.clustering):
        notes.append(
            _("The interval takes participants for independent; with clusters it is too narrow.")
        )
    return tuple(notes)


def checks_told(results: Results) -> tuple[str, ...]:
    """Of which rows the manipulation checks are."""
    if results.vignettes is None:
        return ()
    return (_("Where a check is asked for each vignette, n counts vignettes."),)


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
        *(_model_of(code, words) for code in told if words.step(code).deck_size),
        *(_errors_of(code, clustered.get(code), words) for code in told),
        *_few_degrees(results),
    )


def _model_of(code: str, words: Wording) -> str:
    """By which model a deck of some cells tells its contrasts."""
    said = _(
        "%(factors)s: the deck holds some cells, and contrasts are told by main effects alone."
    )
    if words.step(code).deck_interactions:
        said = _(
            "%(factors)s: the deck holds some cells, and contrasts are told by main effects and "
            "the interactions of two factors."
        )
    return said % {"factors": words.factors(code)}


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
    return clustered.parameter or _("participants, each with the vignettes they judged")


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
