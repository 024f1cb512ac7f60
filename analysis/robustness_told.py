"""How a report tells the contrasts by other analyses than the announced one."""

from collections.abc import Iterator
from math import exp

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table, cells, estimate_cells
from analysis.results import Results
from analysis.robustness_results import (
    Analysis,
    Odds,
    OddsEstimate,
    Redrawn,
    RedrawnTest,
    Robustness,
    RobustRow,
)
from analysis.statistics.effect_size import StandardisedEffect
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.ordinal import ProportionalOdds
from analysis.wording import Wording

Row = tuple[str, ...]


def robustness_table(results: Results, words: Wording) -> Table:
    """Every contrast by every analysis; no rows for looks that had no others."""
    found = results.robustness or Robustness((), None)
    rows = [line for row in found.rows for line in _lines(row, words)]
    if found.proportional_odds is not None:
        test = cells(found.proportional_odds, _proportional, 3)
        rows.append((_("All arms"), _("Proportional odds (Brant’s test)"), *test))
    return Table(
        code="robustness",
        caption=_("Robustness: the contrasts by other analyses"),
        headers=(_("Contrast"), _("Analysis"), _("Estimate"), _("Nominal 95% CI"), _("Nominal p")),
        rows=tuple(rows),
        notes=tuple(_notes(found)),
    )


def _lines(row: RobustRow, words: Wording) -> Iterator[Row]:
    name = words.text(row.label) if row.whole else words.pairs(row.pairs)
    said = _analyses()
    for each in row.estimates:
        yield name, said[each.analysis], *cells(each.estimate, estimate_cells, 3)
    yield name, _("Randomisation inference"), *cells(row.randomisation, _redrawn, 3)
    yield name, _("Standardised (Hedges’ g)"), *cells(row.standardised, _standardised, 3)
    for odds in row.odds:
        yield name, *_odds(odds)


def _analyses() -> dict[Analysis, str]:
    return {
        Analysis.HC2: _("Unadjusted, HC2"),
        Analysis.HC3: _("Unadjusted, HC3"),
        Analysis.LIN_HC2: _("Adjusted (Lin), HC2"),
        Analysis.LIN_HC3: _("Adjusted (Lin), HC3"),
        Analysis.CR2: _("Unadjusted, CR2"),
        Analysis.LIN_CR2: _("Adjusted (Lin), CR2"),
        Analysis.HAJEK: _("Weighted by 1 / probability (Hájek), HC2"),
        Analysis.LIN_HAJEK: _("Weighted by 1 / probability and adjusted, HC2"),
        Analysis.BLOCKED: _("Within strata, averaged by their shares"),
    }


def _redrawn(value: RedrawnTest) -> Row:
    return apa.number(value.test.statistic), "–", _p(value.test.p)


def _standardised(value: StandardisedEffect) -> Row:
    return apa.number(value.g), apa.interval(value.low, value.high), "–"


def _odds(odds: OddsEstimate) -> Row:
    if odds.kind is Odds.AVERAGE_EFFECT:
        return _("Logit: average effect on the share"), *cells(odds.estimate, _normal, 3)
    said = _("Ordered logit: ratio of odds")
    if odds.kind is Odds.LOG_ODDS:
        said = _("Logit: ratio of odds")
    return said, *cells(odds.estimate, _ratio, 3)


def _normal(value: NormalEstimate) -> Row:
    return apa.number(value.estimate), apa.interval(value.low, value.high), _p(value.p)


def _ratio(value: NormalEstimate) -> Row:
    ends = apa.interval(exp(value.low), exp(value.high))
    return apa.number(exp(value.estimate)), ends, _p(value.p)


def _proportional(value: ProportionalOdds) -> Row:
    return f"χ²({value.df}) = {apa.number(value.statistic)}", "–", _p(value.p)


def _p(p: float) -> str:
    return apa.p_value(p).removeprefix("= ")


def _notes(found: Robustness) -> Iterator[str]:
    yield _(
        "None of these decides anything: the announced estimate does. They are unadjusted for "
        "looks and for there being several. An estimate is in points of the outcome unless its "
        "analysis says otherwise; g is in standard deviations within arms."
    )
    tests = [row.randomisation.value for row in found.rows if row.randomisation.value]
    if tests:
        said = _(
            "Randomisation inference: p if no arm does anything to anybody, from %(n)s redraws of "
            "the allocation lists at the same positions."
        )
        if tests[0].how is Redrawn.STRATA:
            said = _(
                "Randomisation inference: p if no arm does anything to anybody, from %(n)s other "
                "orders of the arms within their strata, not from the procedure itself."
            )
        elif tests[0].how is Redrawn.MINIMISED:
            said = _(
                "Randomisation inference: p if no arm does anything to anybody, from %(n)s times "
                "that everybody was minimised again, in the order in which they came."
            )
        yield said % {"n": tests[0].test.assignments}
