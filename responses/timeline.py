"""What befell a participant, in order, as the desk may tell it.

What could tell an arm that is secret is left out as in exports (`responses.export.secrets`): pages
and items shown by arm, manipulation checks, and times from the vignette on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from experiments.design import Design, Item, Role
from experiments.flags import RULES
from experiments.variables.histories import DEVICES
from responses.blinding import arm_is_secret, secret_items, secret_pages, untimed_pages
from responses.corrections import corrections_of
from responses.designs import version_of
from responses.exclusion_marks import markings_of
from responses.flag_grounds import GROUNDS
from responses.models import (
    Allocation,
    FlagsBasis,
    Invitation,
    Participant,
    Payment,
    State,
)
from responses.said import answer_words, words
from responses.steps import Step, read_steps

Fact = tuple[str, str]


@dataclass(frozen=True)
class Event:
    """Something that befell a participant; `at` is where it stands.

    `timed`: the time may be told; `ends`: it was their end. `code` names the page, `facts` are what
    is known of it by names, `answers` what was said by items.
    """

    at: datetime
    title: str
    code: str = ""
    facts: tuple[Fact, ...] = ()
    answers: tuple[Fact, ...] = ()
    timed: bool = True
    ends: bool = False


@dataclass(frozen=True)
class Timeline:
    """A page of what befell a participant. `kept_back`: some of it is secret while they collect."""

    events: tuple[Event, ...]
    number: int
    has_later: bool
    kept_back: bool


def timeline(participant: Participant, *, answers: bool, number: int = 1) -> Timeline:
    """The page of that number, with what was answered if `answers`; seven SQL statements."""
    secret = secret_pages(participant)
    found = read_steps(participant=participant.pk, hidden=secret, number=number)
    moments = [
        each
        for each in _moments(participant, answers)
        if (found.since is None or each.at > found.since)
        and (found.until is None or each.at <= found.until)
    ]
    steps = _Steps(participant, answers=answers)
    events = [*moments, *(steps.event(step) for step in found.steps)]
    # An end is noted a moment before the page that it came by; whoever withdrew sent none after.
    last = max((step.at for step in found.steps), default=participant.entered_at)
    events.sort(key=lambda event: (max(event.at, last) if event.ends else event.at, event.ends))
    return Timeline(tuple(events), number, found.until is not None, arm_is_secret(participant))


class _Steps:
    """How the steps of one participant are told."""

    def __init__(self, participant: Participant, *, answers: bool) -> None:
        self.design = version_of(participant.version_id).design
        self.secret = secret_items(participant)
        self.untimed = untimed_pages(participant)
        self.language = get_language() or "en"
        self.with_answers = answers

    def event(self, step: Step) -> Event:
        """One step, as far as it may be told."""
        timed = step.page not in self.untimed
        return Event(
            at=step.at,
            title=_("Left by going back") if step.answers is None else _("Sent"),
            code=step.page,
            facts=(*self._times(step, timed), *self._device(step), *self._tries(step)),
            answers=self._answers(step),
            timed=timed,
        )

    def _times(self, step: Step, timed: bool) -> Iterator[Fact]:
        if step.language:
            yield _("Language"), step.language
        if not timed:
            return
        facts = step.facts
        if step.seconds is not None:
            yield _("Time on the page"), _("%(seconds).1f s") % {"seconds": step.seconds}
        if "hidden_ms" in facts:
            times = facts.get("hidden_count", 0)
            said = ngettext(
                "%(seconds).1f s, %(times)d time", "%(seconds).1f s, %(times)d times", times
            )
            seconds = facts["hidden_ms"] / 1000
            yield _("In a tab that was not seen"), said % {"seconds": seconds, "times": times}
        for code, item in facts.get("items", {}).items():
            if code not in self.secret:
                yield code, _changes(item)

    def _device(self, step: Step) -> Iterator[Fact]:
        facts = step.facts
        if device := facts.get("device"):
            yield _("Device"), words(DEVICES.get(device, {"": device}), self.language)
        if "w" in facts and "h" in facts:
            yield _("Window"), f"{facts['w']} × {facts['h']}"
        if facts.get("honeypot"):
            yield _("Hidden field"), _("written into")

    def _tries(self, step: Step) -> Iterator[Fact]:
        """Whether the comprehension checks were answered as expected this time."""
        for item in self._asked(step):
            if item.role is Role.COMPREHENSION_CHECK:
                right = (step.answers or {})[item.code] == item.expected
                yield _("Comprehension check %s") % item.code, _("right") if right else _("wrong")

    def _answers(self, step: Step) -> tuple[Fact, ...]:
        """The answers in the order asked."""
        if not self.with_answers:
            return ()
        given = step.answers or {}
        return tuple(
            (item.code, answer_words(self.design, item.code, given[item.code], self.language))
            for item in self._asked(step)
        )

    def _asked(self, step: Step) -> Iterator[Item]:
        """The items with an answer in the step that are not secret."""
        given = step.answers or {}
        return (i for i in self.design.items() if i.code in given and i.code not in self.secret)


def _changes(item: Mapping[str, int]) -> str:
    """When an item was changed, and how often."""
    parts = []
    if "first" in item and "last" in item:
        said = _("changed after %(first).1f to %(last).1f s")
        parts.append(said % {"first": item["first"] / 1000, "last": item["last"] / 1000})
    changes, pastes = item.get("changes", 0), item.get("pastes", 0)
    if changes:
        said = ngettext("%(times)d change", "%(times)d changes", changes)
        parts.append(said % {"times": changes})
    if pastes:
        parts.append(ngettext("%(times)d paste", "%(times)d pastes", pastes) % {"times": pastes})
    return ", ".join(parts)


def _moments(participant: Participant, answers: bool) -> Iterator[Event]:
    """What is no step of theirs, each with its time; six SQL statements."""
    design = version_of(participant.version_id).design
    invitation = Invitation.objects.filter(participant=participant).first()
    if invitation:
        yield Event(invitation.created_at, _("Invited by a personal link"))
        if invitation.reminded_at:
            times = ((_("Times"), f"{invitation.reminded}"),)
            yield Event(invitation.reminded_at, _("Invited again"), facts=times)
    yield Event(participant.entered_at, _("Entered"), facts=tuple(_arrival(participant, design)))
    if participant.consented_at:
        yield Event(participant.consented_at, _("Agreed to take part"))
    yield from _allocations(participant)
    if participant.exposed_at:
        yield Event(participant.exposed_at, _("First saw the vignette"))
    if participant.ended_at:
        title, code = _ended(participant.state), _code(participant)
        yield Event(participant.ended_at, title, facts=code, ends=True)
    yield from _flags(participant)
    payment = Payment.objects.filter(participant=participant).select_related("pay_list").first()
    if payment:
        title = _("Put into pay list %d") % payment.pay_list.number
        yield Event(payment.pay_list.made_at, title, facts=((_("By"), payment.pay_list.actor),))
    for act in markings_of(participant):
        title = _("Marked for exclusion") if act.excludes else _("Mark taken back")
        reason = ((_("Reason"), act.get_reason_display()),) if act.excludes else ()
        facts = (*reason, (_("In words"), act.words), (_("By"), act.actor))
        yield Event(act.marked_at, title, facts=facts)
    for said in corrections_of(participant):
        told = ((said.item, said.stated),) if answers else ()
        why = ((_("In words"), said.reason),) if answers else ()
        facts = ((_("Item"), said.item), *why, (_("By"), said.actor))
        yield Event(said.noted_at, _("Corrected an answer"), facts=facts, answers=told)


def _arrival(participant: Participant, design: Design) -> Iterator[Fact]:
    for parameter in design.parameters:
        value = participant.parameters.get(parameter.code)
        if value and not parameter.identifies:
            yield parameter.name, value
    if participant.known_browser:
        yield _("Browser"), _("was somebody else of the study before")


def _code(participant: Participant) -> tuple[Fact, ...]:
    code = participant.completion_code
    return ((_("Completion code"), code),) if code else ()


def _ended(state: str) -> str:
    said: dict[str, str] = {
        State.COMPLETED: _("Completed"),
        State.REFUSED: _("Declined to take part"),
        State.SCREENED_OUT: _("Was screened out"),
        State.QUOTA_FULL: _("Met a full quota"),
        State.WITHDRAWN: _("Withdrew"),
    }
    return said[state]


def _allocations(participant: Participant) -> Iterator[Event]:
    """The arms that were drawn; one SQL statement.

    While they are secret only that a first one was: whether there are more, and of what, can hang
    on it.
    """
    keys = [given["key"] for given in participant.assignments.values()]
    rows = Allocation.objects.filter(key__in=keys).order_by("allocated_at", "draw")
    rows = rows.only("allocated_at", "randomisation", "arm", "probability", "position")
    if arm_is_secret(participant):
        for row in rows[:1]:
            yield Event(row.allocated_at, _("An arm was drawn"), facts=((_("Arm"), _("secret")),))
        return
    for row in rows:
        place = (_("Position"), f"{row.position}")
        facts = ((_("Arm"), row.arm), (_("Probability"), row.probability), place)
        yield Event(row.allocated_at, _("An arm was drawn"), row.randomisation, facts)


def _flags(participant: Participant) -> Iterator[Event]:
    """What the quality rules found when they last looked; one SQL statement."""
    flags = participant.flags or {}
    basis = FlagsBasis.objects.filter(study=participant.study_id, mode=participant.mode).first()
    found = tuple(
        (
            words(rule.label, get_language() or "en"),
            _("%(number)d, by %(grounds)s") % {"number": number, "grounds": GROUNDS[rule.name]},
        )
        for rule in RULES
        if (number := flags.get(rule.name)) is not None and number >= rule.least
    )
    if basis and found:
        yield Event(basis.computed_at, _("Flagged by the quality rules"), facts=found)
