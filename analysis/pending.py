"""What moves studies' looks beside participants: orders, failures, sample sizes fixed anew."""

from collections.abc import Iterable

from django.db.models import Q

from analysis.models import LookEvent, OrderedLook, Replanning


def waiting_orders(studies: Iterable[int]) -> dict[tuple[int, str], OrderedLook]:
    """The orders whose look was not run, by study and mode."""
    waiting = OrderedLook.objects.filter(study__in=studies, look=None)
    return {(order.study_id, order.mode): order for order in waiting}


def last_failures(studies: Iterable[int]) -> dict[tuple[int, str], LookEvent]:
    """The failures after which nobody said yet that the look is to run again.

    Nor was it deleted with its rehearsal since.
    """
    kinds = (LookEvent.Kind.FAILED, LookEvent.Kind.RETRIED)
    of_looks = Q(kind__in=kinds, number__isnull=False) | Q(kind=LookEvent.Kind.ERASED)
    last = (
        LookEvent.objects.filter(of_looks, study__in=studies)
        .order_by("study_id", "mode", "-position")
        .distinct("study_id", "mode")
    )
    return {
        (event.study_id, event.mode): event for event in last if event.kind == LookEvent.Kind.FAILED
    }


def replannings(studies: Iterable[int]) -> dict[tuple[int, str], Replanning]:
    """The sample sizes that were fixed anew."""
    found = Replanning.objects.filter(study__in=studies)
    return {(each.study_id, each.mode): each for each in found}
