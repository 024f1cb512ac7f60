"""What departs from the plan, in words: versions, ordered looks, unblinding exports, marks."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.look_reasons import reason_words
from analysis.models import OrderedLook
from experiments.models import DesignVersion
from responses.models import ExportRecord, Marking, Mode


def deviations(
    versions: Iterable[DesignVersion], *, governing: DesignVersion, mode: str
) -> tuple[str, ...]:
    """What each later version changed, each look that was ordered, each export that showed arms,
    each act that marked people for exclusion.

    `versions` are all versions of the study. Each is held against the one that governs, so that
    going back to the first plan is no deviation, and what was between is one. Three SQL statements.
    """
    later = (version for version in versions if version.number > governing.number)
    changed = (
        line
        for version in sorted(later, key=lambda version: version.number)
        # Pilots come before the launch; a rehearsal takes what is launched last.
        if version.pilot or mode != Mode.PILOT
        for line in _lines(version, governing)
    )
    of_study = governing.study_id, mode
    return (*changed, *_orders(*of_study), *_unblindings(*of_study), *_marks(*of_study))


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
        + _("Reason given: %s") % reason_words(order.reason)
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


def _marks(study_id: int, mode: str) -> tuple[str, ...]:
    """Marks change no estimate, but whoever reads one should know that they were made."""
    acts = Marking.objects.filter(study=study_id, mode=mode)
    return tuple(_marked(act) for act in acts.order_by("id"))


def _marked(act: Marking) -> str:
    if act.excludes:
        said = ngettext(
            "%(people)d participant was marked for exclusion by hand %(date)s by %(actor)s, and "
            "counts as before: %(reason)s. In words: %(words)s",
            "%(people)d participants were marked for exclusion by hand %(date)s by %(actor)s, and "
            "count as before: %(reason)s. In words: %(words)s",
            act.people,
        )
    else:
        said = ngettext(
            "The mark of %(people)d participant was taken back %(date)s by %(actor)s. "
            "In words: %(words)s",
            "The marks of %(people)d participants were taken back %(date)s by %(actor)s. "
            "In words: %(words)s",
            act.people,
        )
    return said % {
        "people": act.people,
        "date": f"{act.marked_at:%Y-%m-%d %H:%M} UTC",
        "actor": act.actor,
        "reason": act.get_reason_display(),
        "words": act.words,
    }
