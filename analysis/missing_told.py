"""How a report tells who has no outcome, and how far that could move the contrasts."""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table, cells
from analysis.missing_results import ArmGaps, Gap, MissingOutcomes
from analysis.results import Results
from analysis.statistics.bounds import Bounds, Trimmed
from analysis.wording import Wording


def missing_table(results: Results, words: Wording) -> Table:
    """Each arm's rows without an outcome, and why; no rows for looks that did not count them."""
    found = results.missing or MissingOutcomes((), ())
    rows = _("Vignettes") if results.vignettes is not None else _("Analysed")
    return Table(
        code="missing",
        caption=_("Missing outcomes per arm"),
        headers=(
            _("Arm"),
            rows,
            _("Without outcome"),
            _("Share"),
            _("Why"),
            _("Allocated, not completed"),
        ),
        rows=tuple(_arm(gaps, words) for gaps in found.arms),
        notes=(
            _(
                "Estimates rest on those who have an outcome (complete cases); a scale’s score "
                "needs all its items. Multiple imputation is not done: it would assume that those "
                "lost are like others with the same answers."
            ),
            _(
                "Allocated and not completed are all of the arm when this look ran, those who were "
                "still answering included, whether or not the plan would exclude them."
            ),
        ),
    )


def worst_table(results: Results, words: Wording) -> Table:
    """The bounds of the primary main effects; no rows where nobody is missing."""
    found = results.missing or MissingOutcomes((), ())
    gaps = any(arm.missing or arm.lost for arm in found.arms)
    return Table(
        code="worst",
        caption=_("How far missing outcomes could move the primary contrasts"),
        headers=(
            _("Contrast"),
            _("Worst case, those analysed"),
            _("95% CI"),
            _("Worst case, all allocated"),
            _("95% CI"),
            _("Trimmed (Lee), all allocated"),
            _("95% CI"),
            _("Trimmed"),
        ),
        rows=tuple(
            (
                words.text(each.label),
                *cells(each.analysed, bounds_cells, 2),
                *cells(each.allocated, bounds_cells, 2),
                *cells(each.trimmed, _trimmed_cells, 3),
            )
            for each in (found.contrasts if gaps else ())
        ),
        notes=_worst_notes(),
    )


def _worst_notes() -> tuple[str, ...]:
    return (
        _(
            "Worst case (Manski): every missing outcome takes the end of the answer scale that "
            "makes the contrast least, then greatest. It assumes nothing, and is wide."
        ),
        _(
            "Trimmed (Lee): the effect on those whom neither level loses, if a level only "
            "makes people stay or only makes them leave. The level that keeps more is cut by "
            "its excess; levels are pooled over the other factors."
        ),
        _(
            "Intervals cover the effect wherever between the bounds it lies (Imbens–Manski), "
            "unadjusted for looks."
        ),
    )


def bounds_cells(value: Bounds) -> tuple[str, ...]:
    """From the lower to the upper bound, and the effect’s interval."""
    return (
        apa.interval(value.lower.estimate, value.upper.estimate),
        apa.interval(value.low, value.high),
    )


def _trimmed_cells(value: Trimmed) -> tuple[str, ...]:
    return *bounds_cells(value.bounds), f"{100 * value.share:.1f}%"


def _arm(gaps: ArmGaps, words: Wording) -> tuple[str, ...]:
    said = _gaps()
    why = "; ".join(f"{said[Gap(kind)]}: {count}" for kind, count in gaps.why.items())
    return (
        words.arm(gaps.randomisation, gaps.arm),
        f"{gaps.n}",
        f"{gaps.missing}",
        apa.percent(gaps.missing, gaps.n),
        why or "–",
        "–" if gaps.lost is None else f"{gaps.lost}",
    )


def _gaps() -> dict[Gap, str]:
    return {
        Gap.NOT_SHOWN: _("not shown"),
        Gap.LEFT_EMPTY: _("left empty"),
        Gap.PREFER_NOT_TO_SAY: _("preferred not to say"),
        Gap.DONT_KNOW: _("did not know"),
        Gap.UNTOUCHED: _("slider not touched"),
        Gap.NO_VALUE: _("no answer that counts as a number"),
        Gap.SEVERAL: _("several of these"),
    }
