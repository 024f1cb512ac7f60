"""How many participants of a study are where. Nothing here tells an arm that is still secret."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from experiments.models import Study
from responses.blinding import is_blinded
from responses.models import Allocation, Mode, Participant, State


@dataclass(frozen=True)
class ModeCounts:
    """The participants of one mode; `arms` is None while arms are secret.

    Counts by arm that go up as somebody goes on would tell who got which arm.
    """

    mode: Mode
    entered: int
    refused: int
    answering: int
    exposed: int
    completed: int
    pages: tuple[tuple[str, int], ...]
    arms: tuple[tuple[str, int], ...] | None


def counts(study: Study) -> list[ModeCounts]:
    """The counts of the modes that somebody entered in, and of live always; two SQL statements."""
    found = Participant.objects.filter(study=study).order_by().values_list("mode", "state", "page")
    rows = list(found.annotate(people=Count("pk"), exposed=Count("exposed_at")))
    arms = _arms(study)
    version = study.live_version or study.pilot_version
    order = [page.code for page in version.design.pages] if version else []
    return [
        _of_mode(mode, [row[1:] for row in rows if row[0] == mode], order, arms.get(mode))
        for mode in Mode
        if mode == Mode.LIVE or any(row[0] == mode for row in rows)
    ]


def _of_mode(
    mode: Mode,
    rows: Sequence[tuple[str, str, int, int]],
    order: Sequence[str],
    arms: tuple[tuple[str, int], ...] | None,
) -> ModeCounts:
    by_state = {state: sum(row[2] for row in rows if row[0] == state) for state in State}
    on_page = {row[1]: row[2] for row in rows if row[0] == State.ANSWERING}
    pages = [*order, *(page for page in sorted(on_page) if page not in order)]
    return ModeCounts(
        mode=mode,
        entered=sum(by_state.values()),
        refused=by_state[State.REFUSED],
        answering=by_state[State.ANSWERING],
        exposed=sum(row[3] for row in rows),
        completed=by_state[State.COMPLETED],
        pages=tuple((page, on_page[page]) for page in pages if page in on_page),
        arms=arms,
    )


def _arms(study: Study) -> dict[str, tuple[tuple[str, int], ...]]:
    """Allocations by mode and arm, for the modes whose arms are no secret."""
    open_modes = [mode for mode in Mode if not is_blinded(status=study.status, mode=mode)]
    rows = (
        Allocation.objects.filter(version__study=study, mode__in=open_modes)
        .order_by("mode", "randomisation", "arm")
        .values_list("mode", "arm")
        .annotate(people=Count("pk"))
    )
    found: dict[str, list[tuple[str, int]]] = {mode: [] for mode in open_modes}
    for mode, arm, people in rows:
        found[mode].append((arm, people))
    return {mode: tuple(arms) for mode, arms in found.items()}
