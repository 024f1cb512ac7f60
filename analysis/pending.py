"""What studies' looks wait for beside participants: an order, or somebody to run one again."""

from collections.abc import Iterable

from analysis.models import LookEvent, OrderedLook


def waiting_orders(studies: Iterable[int]) -> dict[tuple[int, str], OrderedLook]:
    """The orders whose look was not run, by study and mode."""
    waiting = OrderedLook.objects.filter(study__in=studies, look=None)
    return {(order.study_id, order.mode): order for order in waiting}


def last_failures(studies: Iterable[int]) -> dict[tuple[int, str], LookEvent]:
    """The failures after which nobody said yet that the look is to run again."""
    kinds = (LookEvent.Kind.FAILED, LookEvent.Kind.RETRIED)
    last = (
        LookEvent.objects.filter(study__in=studies, kind__in=kinds)
        .order_by("study_id", "mode", "-position")
        .distinct("study_id", "mode")
    )
    return {
        (event.study_id, event.mode): event for event in last if event.kind == LookEvent.Kind.FAILED
    }
