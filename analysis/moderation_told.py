"""How a report tells what goes along with the plan's scales."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from analysis.cells import Table, cells, estimate_cells
from analysis.found import Found
from analysis.moderation_results import Regression, ScaleModeration
from analysis.results import Results
from analysis.wording import Wording


def moderation_table(results: Results, words: Wording) -> Table:
    """Each scale's regression, that of its subscales, and the contrasts that it may moderate."""
    return Table(
        code="moderation",
        caption=_("Scales: their slopes, and whether contrasts differ with them (associational)"),
        headers=(_("Scale"), _("Question"), _("b"), _("Nominal 95% CI"), _("Nominal p"), _("n")),
        rows=tuple(row for scale in results.moderation for row in _rows(scale, words)),
        notes=(
            _(
                "Associational: nobody randomised the scales, so no slope is an effect of one, and "
                "a contrast that differs with a scale may differ by what goes along with it. No "
                "part of any decision."
            ),
            _(
                "Slopes of the total, and in a regression of their own of the subscales together, "
                "with the covariates of the adjusted estimates that share no item with the scale."
            ),
            _(
                "“Differs” is by how many points of the outcome the contrast changes with one more "
                "point of the scale, every arm with its own slope (Lin 2013), HC2 standard errors; "
                "no other covariates."
            ),
        ),
    )


def _rows(scale: ScaleModeration, words: Wording) -> Iterator[tuple[str, ...]]:
    name = words.text(scale.label)
    yield from _slopes(name, _("total"), scale.total, words)
    if scale.subscales is not None:
        yield from _slopes(name, "", scale.subscales, words)
    for each in scale.moderated:
        question = _("%(contrast)s: differs") % {"contrast": words.text(each.label)}
        n = f"{each.difference.value.n}" if each.difference.value else "–"
        yield name, question, *cells(each.difference, estimate_cells, 3), n


def _slopes(
    name: str, total: str, found: Found[Regression], words: Wording
) -> Iterator[tuple[str, ...]]:
    if found.value is None:
        yield name, total or _("subscales"), *cells(found, lambda value: (), 4)
        return
    for each in found.value.slopes:
        question = total or _("subscale: %(name)s") % {"name": words.text(each.label)}
        yield name, question, *cells(each.slope, estimate_cells, 3), f"{found.value.n}"
