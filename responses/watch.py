"""How many participants of a study are where. Nothing here tells an arm that is still secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from experiments.models import Study
from experiments.modes import version_for
from experiments.variables.arm_conditions import way_tells
from responses import quota
from responses.blinding import is_blinded
from responses.designs import version_of
from responses.models import Mode, State
from responses.monitor.arms import Arms, arms_of
from responses.monitor.consort import diagram_of, steps_of
from responses.monitor.course import Course, days_of, hours_of
from responses.monitor.diagram import Diagram, Step
from responses.monitor.flow import Flow, Place, flow_of, places_of
from responses.monitor.shares import Share, Took, listed_of, shares_of, took_of
from responses.monitor.tallied import Kind, Tallied, read_tallied
from responses.quality.monitor import Found, found_in
from responses.said import option_words

# Who was last seen the day before yesterday (UTC) or earlier has left.
GONE_DAYS = 2
SECONDS_A_DAY = 86400


@dataclass(frozen=True)
class Cell:
    """One cell of a quota: its answers in words, and how it stands."""

    answers: tuple[str, ...]
    count: quota.Count


@dataclass(frozen=True)
class Stop:
    """A page, and how many of those who have come to no end are on it, by when they were seen."""

    page: str
    # Since yesterday, and longer ago.
    here: int
    gone: int


@dataclass(frozen=True)
class ModeCounts:
    """The participants of one mode; `arms` is None while arms are secret.

    Counts by arm that go up as somebody goes on would tell who got which arm. `pages` is None as
    well then if some pages or items are shown by arm.
    """

    mode: Mode
    flow: Flow
    exposed: int
    steps: tuple[Step, ...]
    diagram: Diagram
    hours: Course
    days: Course
    took: Took | None
    pages: tuple[Stop, ...] | None
    arms: tuple[Arms, ...] | None
    # By the version that people of this mode enter now.
    quotas: tuple[Cell, ...]
    flags: tuple[Found, ...]
    # Whom the quality rules have not looked at.
    unseen: int
    devices: tuple[Share, ...]
    languages: tuple[Share, ...]
    # By parameter whose values the study lists.
    links: tuple[tuple[str, tuple[Share, ...]], ...]

    @property
    def flagged(self) -> tuple[Found, ...]:
        """The rules that flag anybody."""
        return tuple(each for each in self.flags if each.flagged)


def counts(study: Study) -> list[ModeCounts]:
    """The counts of the modes that somebody entered in, and of live always.

    One SQL statement, and one for each mode if the study has quotas.
    """
    secret = {mode: is_blinded(status=study.status, mode=mode) for mode in Mode}
    open_modes = [mode for mode in Mode if not secret[mode]]
    found = read_tallied(study.pk, open_modes=open_modes)
    now = timezone.now()
    return [
        _of_mode(study, mode, found.get(mode, Tallied()), secret=secret[mode], now=now)
        for mode in Mode
        if mode == Mode.LIVE or found.get(mode, Tallied()).of(Kind.PLACE)
    ]


def _of_mode(
    study: Study, mode: Mode, tallied: Tallied, *, secret: bool, now: datetime
) -> ModeCounts:
    places = places_of(tallied)
    arms = None if secret else arms_of(tallied, decks=_decks(places))
    steps = steps_of(places)
    return ModeCounts(
        mode=mode,
        flow=flow_of(places),
        exposed=sum(place.people for place in places if place.exposed),
        steps=steps,
        diagram=diagram_of(steps, arms or ()),
        hours=hours_of(tallied, now),
        days=days_of(tallied, now),
        took=took_of(tallied),
        pages=_pages(study, places, secret=secret, now=now),
        arms=arms,
        quotas=_quotas(study, mode, tallied),
        flags=found_in(tallied),
        unseen=tallied.of(Kind.UNSEEN).get("", 0),
        devices=shares_of(tallied, Kind.DEVICE),
        languages=shares_of(tallied, Kind.LANGUAGE),
        links=listed_of(tallied),
    )


def _decks(places: Sequence[Place]) -> set[str]:
    """The randomisations that give each participant several arms."""
    versions = {place.version_id for place in places}
    steps = (step for each in versions for step in version_of(each).written.randomisations)
    return {step.code for step in steps if step.draws > 1}


def _pages(
    study: Study, places: Sequence[Place], *, secret: bool, now: datetime
) -> tuple[Stop, ...] | None:
    """Who stands on which page, in the order of the version in force; None if secret."""
    designs = [version_of(version).design for version in {place.version_id for place in places}]
    if secret and any(map(way_tells, designs)):
        return None
    today = int(now.timestamp()) // SECONDS_A_DAY
    on_page: dict[str, list[int]] = {}
    for place in places:
        if place.state == State.ANSWERING:
            counted = on_page.setdefault(place.page, [0, 0])
            counted[place.day <= today - GONE_DAYS] += place.people
    version = study.live_version or study.pilot_version
    order = [page.code for page in version.design.pages] if version else []
    pages = [*order, *(page for page in sorted(on_page) if page not in order)]
    return tuple(Stop(page, *on_page[page]) for page in pages if page in on_page)


def _quotas(study: Study, mode: Mode, tallied: Tallied) -> tuple[Cell, ...]:
    """How the cells of the quotas stand, of the version that the mode enters."""
    version = version_for(mode, live=study.live_version, pilot=study.pilot_version)
    if version is None or not version.design.quotas:
        return ()
    design, language = version.design, get_language() or "en"
    items = {each.code: each.items for each in design.quotas}
    kept = {int(cell): people for cell, people in tallied.of(Kind.KEPT).items()}
    return tuple(
        Cell(
            tuple(
                option_words(design, design.item(item), code, language)
                for item, code in zip(items[count.quota], count.cell, strict=True)
            ),
            count,
        )
        for count in quota.standing(study_id=study.pk, mode=mode, design=design, kept=kept)
    )
