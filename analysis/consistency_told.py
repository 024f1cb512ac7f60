"""How a report tells how well scales hold together, beyond Cronbach's alpha."""

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table, cells, reliability_cells
from analysis.consistency import FEW
from analysis.consistency_results import By, GroupReliability, ItemConsistency, ScaleConsistency
from analysis.results import Results
from analysis.wording import Wording


def omega_table(results: Results, words: Wording) -> Table:
    """Omega of each scale, and on how many items its scores rest."""
    return Table(
        code="omega",
        caption=_("McDonald’s omega, and on how many items scores rest"),
        headers=(
            _("Scale"),
            _("Omega total"),
            _("All items"),
            _("Half or more"),
            _("Fewer"),
            _("M, all items"),
            _("M, half or more"),
        ),
        rows=tuple(_omega(scale, words) for scale in results.consistency),
        notes=(
            _(
                "Omega is of the one-factor model, from complete rows; it needs three items. A "
                "score is the mean of all items: who left any open has none. The last column is "
                "what the mean would be if those who answered half or more had the mean of what "
                "they answered; no other number uses that rule."
            ),
        ),
    )


def items_table(results: Results, words: Wording) -> Table:
    """How each item goes along with its scale."""
    return Table(
        code="items",
        caption=_("Items of the scales, reverse items turned"),
        headers=(
            _("Item"),
            _("Scale"),
            _("r with the sum"),
            _("r with the others"),
            _("Alpha without it"),
            _("Warning"),
        ),
        rows=tuple(row for scale in results.consistency for row in _items(scale, words)),
        notes=(
            _(
                "A warning means: the item goes against the others. Was it coded the wrong way "
                "round, or read so? Nothing is turned by itself."
            ),
        ),
    )


def groups_table(results: Results, words: Wording) -> Table:
    """Cronbach's alpha of the scales by arm, language and device."""
    return Table(
        code="groups",
        caption=_("Reliability by arm, language and device (Cronbach’s alpha)"),
        headers=(_("Scale"), _("Group"), _("Items"), _("n"), _("Alpha"), _("95% CI")),
        rows=tuple(
            (
                words.text(scale.label),
                _group(group, words),
                *cells(group.reliability, reliability_cells, 4),
            )
            for scale in results.consistency
            for group in scale.groups
        ),
        notes=(
            _(
                "Complete rows; a group needs %(few)s. Groups are described, not compared: that "
                "would need measurement invariance, which is not tested. The device is that of "
                "the first page that was sent."
            )
            % {"few": FEW},
        ),
    )


def _omega(scale: ScaleConsistency, words: Wording) -> tuple[str, ...]:
    answered = scale.answered
    means = (answered.mean_all, answered.mean_half)
    return (
        words.text(scale.label),
        *cells(scale.omega, lambda found: (apa.fraction(found.omega),), 1),
        f"{answered.all}",
        f"{answered.half}",
        f"{answered.fewer}",
        *("–" if mean is None else apa.number(mean) for mean in means),
    )


def _items(scale: ScaleConsistency, words: Wording) -> tuple[tuple[str, ...], ...]:
    label = words.text(scale.label)
    if scale.items.value is None:
        return ((_("All items"), label, *cells(scale.items, lambda value: (), 4)),)
    return tuple((words.variable(item.item), label, *_item(item)) for item in scale.items.value)


def _item(item: ItemConsistency) -> tuple[str, ...]:
    return (
        apa.fraction(item.total),
        *cells(item.rest, lambda value: (apa.fraction(value),), 1),
        *cells(item.dropped, lambda value: (apa.fraction(value),), 1),
        _("goes against the others") if item.suspect else "–",
    )


def _group(group: GroupReliability, words: Wording) -> str:
    if group.by is By.ARM:
        return words.arm(group.randomisation, group.group)
    if group.by is By.LANGUAGE:
        return _("language: %(name)s") % {"name": group.group}
    devices = {
        "phone": _("phone"),
        "tablet": _("tablet"),
        "desktop": _("desktop"),
        "unknown": _("unknown device"),
    }
    return devices.get(group.group, group.group)
