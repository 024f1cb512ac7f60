"""What departs from what was planned, in words: versions, ordered looks, unblinding exports."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from analysis.models import OrderedLook
from experiments.models import DesignVersion
from responses.models import ExportRecord, Mode


def deviations(
    versions: Iterable[DesignVersion], *, governing: DesignVersion, mode: str
) -> tuple[str, ...]:
    """What each later version changed, each look that was ordered, each export that showed arms.

    `versions` are all versions of the study. Each is held against the one that governs, so that
    going back to the first plan is no deviation, and what was between is one. Two SQL statements.
    """
    later = (version for version in versions if version.number > governing.number)
    changed = (
        line
        for version in sorted(later, key=lambda version: version.number)
        # Pilots come before the launch; a rehearsal takes what is launched last.
        if version.pilot or mode != Mode.PILOT
        for line in _lines(version, governing)
    )
    return (*changed, *_orders(governing.study_id, mode), *_unblindings(governing.study_id, mode))


def _lines(version: DesignVersion, governing: DesignVersion) -> Iterator[str]:
    numbers = {"later": version.number, "governing": governing.number}
    same_plan = version.design.plan == governing.design.plan
    same_draw = version.design.randomisations == governing.design.randomisations
    reason = " " + _("Reason given: %s") % version.reason if version.reason else ""
    if not same_plan:
        said = _("Version %(later)s has another plan; looks follow version %(governing)s’s.")
        yield said % numbers + reason
    if not same_draw:
        said = _(
            "Version %(later)s changed the randomisation: its factors, arms, weights, method, "
            "blocks or strata are not version %(governing)s’s."
        )
        yield said % numbers + reason
    if same_plan and same_draw and version.digest != governing.digest:
        yield _("Version %(later)s changed texts or questions.") % numbers + reason


def _orders(study_id: int, mode: str) -> tuple[str, ...]:
    orders = OrderedLook.objects.filter(study=study_id, mode=mode)
    orders = orders.select_related("look").defer("look__results")
    spent = _("Look %(number)s, n = %(n)s, is not in the plan: ordered %(date)s by %(actor)s.")
    waits = _("A look that is not in the plan was ordered %(date)s by %(actor)s; it was not run.")
    return tuple(
        (spent if look else waits)
        % {
            "number": look.number if look else None,
            "n": look.n if look else None,
            "date": f"{order.ordered_at:%Y-%m-%d %H:%M} UTC",
            "actor": order.ordered_by,
        }
        + " "
        + _("Reason given: %s") % order.reason
        for order in orders
        for look in [getattr(order, "look", None)]
    )


def _unblindings(study_id: int, mode: str) -> tuple[str, ...]:
    records = ExportRecord.objects.filter(study=study_id, mode=mode, unblinded=True)
    said = _("An export of %(date)s by %(actor)s showed arms. Reason given: %(reason)s")
    return tuple(
        said % {"date": f"{r.exported_at:%Y-%m-%d %H:%M} UTC", "actor": r.actor, "reason": r.reason}
        for r in records.order_by("id")
    )
