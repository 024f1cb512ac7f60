"""How many participants of a study are where. Nothing here tells an arm that is still secret."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language

from experiments.models import Study
from experiments.modes import version_for
from experiments.variables.arm_conditions import way_tells
from responses import quota
from responses.blinding import is_blinded
from responses.designs import version_of
from responses.models import Allocation, Mode, Participant, State
from responses.said import option_words


@dataclass(frozen=True)
class Flow:
    """What became of everybody who entered; the parts add up, before consent and after it.

    Who withdrew without having consented has left before consent.
    """

    entered: int
    refused: int
    screened_out: int
    quota_full: int
    left_before_consent: int
    consented: int
    # Of those who consented.
    answering: int
    screened_out_later: int
    quota_full_later: int
    withdrawn: int
    completed: int


@dataclass(frozen=True)
class _Row:
    """Participants of one mode, state, page and version: how many, and how many came how far."""

    mode: str
    state: str
    page: str
    version_id: int
    people: int
    exposed: int
    consented: int


@dataclass(frozen=True)
class Cell:
    """One cell of a quota: its answers in words, and how it stands."""

    answers: tuple[str, ...]
    count: quota.Count


@dataclass(frozen=True)
class ModeCounts:
    """The participants of one mode; `arms` is None while arms are secret.

    Counts by arm that go up as somebody goes on would tell who got which arm. `pages` is None as
    well then if some pages or items are shown by arm.
    """

    mode: Mode
    flow: Flow
    exposed: int
    pages: tuple[tuple[str, int], ...] | None
    arms: tuple[tuple[str, int], ...] | None
    # By the version that people of this mode enter now.
    quotas: tuple[Cell, ...]


def counts(study: Study) -> list[ModeCounts]:
    """The counts of the modes that somebody entered in, and of live always.

    Two SQL statements, and one for each mode if the study has quotas.
    """
    keys = ("mode", "state", "page", "version_id")
    found = Participant.objects.filter(study=study).order_by().values_list(*keys)
    told = {name: Count(name) for name in ("pk", "exposed_at", "consented_at")}
    rows = [_Row(*row) for row in found.annotate(**{f"people_{name}": told[name] for name in told})]
    arms = _arms(study)
    return [
        _of_mode(study, mode, [row for row in rows if row.mode == mode], arms.get(mode))
        for mode in Mode
        if mode == Mode.LIVE or any(row.mode == mode for row in rows)
    ]


def _of_mode(
    study: Study, mode: Mode, rows: Sequence[_Row], arms: tuple[tuple[str, int], ...] | None
) -> ModeCounts:
    return ModeCounts(
        mode=mode,
        flow=_flow(rows),
        exposed=sum(row.exposed for row in rows),
        pages=_pages(study, mode, rows),
        arms=arms,
        quotas=_quotas(study, mode),
    )


def _pages(study: Study, mode: Mode, rows: Sequence[_Row]) -> tuple[tuple[str, int], ...] | None:
    """How many stand on which page, in the order of the version in force; None if secret."""
    designs = [version_of(version).design for version in {row.version_id for row in rows}]
    if is_blinded(status=study.status, mode=mode) and any(map(way_tells, designs)):
        return None
    on_page: Counter[str] = Counter()
    for row in rows:
        if row.state == State.ANSWERING:
            on_page[row.page] += row.people
    version = study.live_version or study.pilot_version
    order = [page.code for page in version.design.pages] if version else []
    pages = [*order, *(page for page in sorted(on_page) if page not in order)]
    return tuple((page, on_page[page]) for page in pages if page in on_page)


def _quotas(study: Study, mode: Mode) -> tuple[Cell, ...]:
    """How the cells of the quotas stand, of the version that the mode enters."""
    version = version_for(mode, live=study.live_version, pilot=study.pilot_version)
    if version is None or not version.design.quotas:
        return ()
    design, language = version.design, get_language() or "en"
    items = {each.code: each.items for each in design.quotas}
    return tuple(
        Cell(
            tuple(
                option_words(design, design.item(item), code, language)
                for item, code in zip(items[count.quota], count.cell, strict=True)
            ),
            count,
        )
        for count in quota.counts(study_id=study.pk, mode=mode, design=design)
    )


def _flow(rows: Sequence[_Row]) -> Flow:
    after: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for row in rows:
        after[row.state] += row.consented
        before[row.state] += row.people - row.consented
    return Flow(
        entered=before.total() + after.total(),
        refused=before[State.REFUSED],
        screened_out=before[State.SCREENED_OUT],
        quota_full=before[State.QUOTA_FULL],
        left_before_consent=before[State.ANSWERING] + before[State.WITHDRAWN],
        consented=after.total(),
        answering=after[State.ANSWERING],
        screened_out_later=after[State.SCREENED_OUT],
        quota_full_later=after[State.QUOTA_FULL],
        withdrawn=after[State.WITHDRAWN],
        completed=after[State.COMPLETED],
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
