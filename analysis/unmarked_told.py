"""How a report tells the contrasts without those who were marked for exclusion by hand."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.cells import Table, cells, estimate_cells
from analysis.results import Results
from analysis.unmarked_results import Unmarked, UnmarkedRow
from analysis.wording import Wording


def unmarked_table(results: Results, words: Wording) -> Table:
    """Every contrast without them; no rows if nobody of the cut was marked."""
    found = results.unmarked or Unmarked(0, 0, ())
    rows = [line for row in found.rows for line in _lines(row, words)]
    said = ngettext(
        "When the look ran, %(marked)d of those analysed was marked for exclusion by hand; the "
        "others are %(n)d. Marks exclude nobody from the announced analysis, and this one decides "
        "nothing.",
        "When the look ran, %(marked)d of those analysed were marked for exclusion by hand; the "
        "others are %(n)d. Marks exclude nobody from the announced analysis, and this one decides "
        "nothing.",
        found.marked,
    )
    return Table(
        code="unmarked",
        caption=_("Robustness: the contrasts without those marked for exclusion by hand"),
        headers=(_("Contrast"), _("Analysis"), _("Estimate"), _("Nominal 95% CI"), _("Nominal p")),
        rows=tuple(rows),
        notes=(said % {"marked": found.marked, "n": found.n},),
    )


def _lines(row: UnmarkedRow, words: Wording) -> Iterator[tuple[str, ...]]:
    name = words.text(row.label) if row.whole else words.pairs(row.pairs)
    yield name, _("Unadjusted"), *cells(row.unadjusted, estimate_cells, 3)
    yield name, _("Adjusted"), *cells(row.adjusted, estimate_cells, 3)
