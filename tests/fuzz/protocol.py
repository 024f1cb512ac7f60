"""The participant's protocol as a state machine: people who answer, and requests that mean harm.

People walk as in `tests.responses.walks`, which knows what the site should do with what they send.
Between their steps come requests that no browser sends, and after each of those the machine looks
whether anything was stored that was not sent, lost that was, or moved of somebody else's.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from experiments.design import PROLIFIC, Design, ItemKind, Limit, PageKind, Quota, Withdrawal
from experiments.models import Study
from experiments.seed import seed_of
from responses import tokens
from responses.models import Allocation, Draft, Participant, State, Submission
from responses.person import read
from responses.verification import verify
from tests.changed import changed
from tests.fuzz.hostile import Request, came_of, hostile
from tests.responses.drafting import by_their_times
from tests.responses.every_kind import kinds_design
from tests.responses.studies import launched
from tests.responses.walks.oracle import Places
from tests.responses.walks.walker import Walker, _hidden
from tests.responses.ways import checked

SLUG = "park"
MOST_PEOPLE = 5
SEEDS = st.integers(0, 10**6)
ENDED = (State.COMPLETED, State.REFUSED, State.QUOTA_FULL, State.WITHDRAWN)


def protocol_design() -> Design:
    """Every kind of item, a check, ways back, panel ids, quotas that fill up."""
    design = changed(kinds_design(), {"pages[2].back": True, "pages[4].back": True})
    understood = checked().pages[1].items[-1]
    design = changed(design, {"pages[1].items": lambda items: (*items, understood)})
    limits = (Limit(("woman",), 2), Limit(("man",), 2))
    return replace(
        design,
        parameters=tuple(replace(each, required=False) for each in PROLIFIC),
        quotas=(Quota("genders", ("gender",), limits), Quota("all", (), (Limit((), 4),))),
        withdrawal=Withdrawal.ASK,
        paradata=True,
    )


@dataclass
class Count:
    """What a run of the machine has done."""

    examples: int = 0
    steps: int = 0
    requests: int = 0
    acknowledged: int = 0


COUNT = Count()


class CountedClient(Client):
    """A browser whose requests are counted, and none of which is answered by a fault of ours."""

    def request(self, **request: Any) -> Any:
        """The site's answer."""
        COUNT.requests += 1
        response = super().request(**request)
        assert response.status_code < 500, (response.status_code, request)
        return response


class Guest(Walker):
    """Walks the study by a link with a panel's id, or without."""

    def __init__(self, design: Design, places: Places, number: int, pid: str) -> None:
        super().__init__(design, places, number, Random(number))
        self.client, self.pid = CountedClient(), pid
        # Once an arm is drawn it is theirs for good.
        self.arms: dict[str, Any] = {}

    @property
    def address(self) -> str:
        """Where the page that they are on is."""
        asked = f"&{urlencode({'PROLIFIC_PID': self.pid})}" if self.pid and not self.token else ""
        return super().address + asked

    def _answer(self, form: Any) -> None:
        # Who declines and is known by a panel's id can't come back: of them others tell.
        if self.pid and self.page.kind is PageKind.CONSENT:
            return self._take({**_hidden(form), "consent": ["agree"], "move": "next"}, {}, "")
        return super()._answer(form)

    @property
    def there(self) -> bool:
        """Whether they are one of the study's participants."""
        return bool(self.pk)


class Protocol(RuleBasedStateMachine):
    """One study, its people, and whoever means harm."""

    @initialize()
    def opens(self) -> None:
        """Launches the study, in a transaction that is taken back in the end."""
        self.around = transaction.atomic()
        self.around.__enter__()
        self.design = protocol_design()
        launched(self.design)
        self.places = Places(self.design)
        self.people: list[Guest] = []
        self.strangers: dict[int, tuple[str, int]] = {}
        COUNT.examples += 1
        self.arrives(seed=1, panel=True)
        self.arrives(seed=2, panel=False)

    @rule(seed=SEEDS, panel=st.booleans())
    def arrives(self, seed: int, panel: bool) -> None:
        """Somebody comes, and agrees or not."""
        if len(self.people) < MOST_PEOPLE:
            number = len(self.people) + len(self.strangers)
            self.people.append(Guest(self.design, self.places, number, f"p{number}" * panel))
            self._steps(self.people[-1], seed, 1)

    @rule(who=SEEDS, seed=SEEDS, times=st.integers(1, 3))
    def answers(self, who: int, seed: int, times: int) -> None:
        """Somebody takes some steps: answers well or badly, twice, goes back, withdraws."""
        if self.people:
            self._steps(self.people[who % len(self.people)], seed, times)

    @rule(who=SEEDS, seed=SEEDS)
    def is_attacked(self, who: int, seed: int) -> None:
        """A request of the worst kind comes with somebody's cookie."""
        person = self._one(who)
        if person:
            request = hostile(self.design, person.page, Random(seed))
            self._attack(person, request)

    @rule(who=SEEDS, other=SEEDS, seed=SEEDS)
    def sends_with_anothers_cookie(self, who: int, other: int, seed: int) -> None:
        """A page is sent to where one person is, by another one."""
        person, holder = self._one(who), self._one(other)
        if person and holder and person is not holder:
            self._attack(holder, hostile(self.design, person.page, Random(seed)))

    @rule(
        who=SEEDS, seed=SEEDS, stale=st.sampled_from(["", "0" * 12, "\x00", "é" * 12, "A" * 5000])
    )
    def sends_with_a_forged_cookie(self, who: int, seed: int, stale: str) -> None:
        """A page is sent with a code that nobody holds; it may enter a stranger, and no more."""
        person = self._one(who)
        if person:
            request = hostile(self.design, person.page, Random(seed))
            cookie = {"HTTP_COOKIE": f"coprod_{SLUG}={stale}; django_language={stale[:9]}"}
            request = replace(request, headers={**request.headers, **cookie})
            request.by(CountedClient())

    @rule(who=SEEDS, seed=SEEDS, taken=st.booleans())
    def enters_as_a_stranger(self, who: int, seed: int, taken: bool) -> None:
        """Somebody posts the consent form of their own making, at times with a known panel's id."""
        random = Random(seed)
        others = [each.pid for each in self.people if each.pid and each.there]
        pid = random.choice(others) if others and taken else ""
        nonce = random.choice(["n" * 22, f"{seed}", "x" * 500, "\x00", "🌳", "a\r\nb"])
        choice = random.choice(["agree", "decline", "perhaps"])
        before = set(Participant.objects.values_list("pk", flat=True))
        address = f"/s/{SLUG}/?{urlencode({'PROLIFIC_PID': pid})}"
        CountedClient().post(address, {"consent": choice, "nonce": nonce, "move": "next"})
        new = Participant.objects.exclude(pk__in=before)
        assert len(new) <= (choice != "perhaps" and not pid), "somebody entered who may not"
        for person in new:
            number = len(self.people) + len(self.strangers) + 1000
            agrees = choice == "agree"
            placed = agrees and self.places.take(number, {})
            state = State.ANSWERING if placed else State.QUOTA_FULL if agrees else State.REFUSED
            assert person.state == state
            self.strangers[person.pk] = (state, number)

    @rule(who=SEEDS, garbled=st.booleans())
    def resumes(self, who: int, garbled: bool) -> None:
        """Somebody goes on in another browser, by their code as they wrote it down."""
        person = self._one(who)
        if person and person.state not in (State.REFUSED, State.WITHDRAWN):
            client = CountedClient()
            shown = tokens.shown(person.token).lower().replace("0", "o")
            code = f" {shown}\u3000" if garbled else person.token
            response = client.post(f"/s/{SLUG}/resume/", {"code": code})
            assert response.status_code == 302
            person.client, person.content = client, b""

    @invariant()
    def holds(self) -> None:
        """What is stored is what was sent and acknowledged, once; nobody's arm or end changes."""
        COUNT.steps += 1
        there = {each.pk: each for each in self.people if each.there}
        rows: dict[int, list[Any]] = {pk: [] for pk in there}
        for row in Submission.objects.order_by("participant_id", "revision"):
            if row.participant_id in rows:
                rows[row.participant_id].append((row.page, row.answers))
            else:
                assert (row.page, row.answers) == ("welcome", {})
        found = {each.pk: each for each in Participant.objects.all()}
        assert set(found) == {*there, *self.strangers}
        for pk, person in there.items():
            assert rows[pk] == person.rows, person.did
            _is_as_it_was(person, found[pk])
            _shows_its_draft(person)

    def teardown(self) -> None:
        """Replays the ledger, and takes everything back."""
        try:
            study = Study.objects.get(slug=SLUG)
            verdict = verify(study, seed_of(study))
            assert verdict.holds, verdict.line
            arms = [arm for each in self.people for arm in each.arms]
            assert Allocation.objects.count() == len(arms)
            COUNT.acknowledged += sum(len(each.rows) for each in self.people)
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    def _one(self, who: int) -> Guest | None:
        there = [each for each in self.people if each.there]
        return there[who % len(there)] if there else None

    def _steps(self, person: Guest, seed: int, times: int) -> None:
        person.random = Random(seed)
        for _ in range(times):
            if person.state == State.ANSWERING:
                person.step()

    def _attack(self, holder: Guest, request: Request) -> None:
        """Sends it with the holder's cookie, and takes over what it did to them, if it might."""
        before = holder.stored() if holder.state != State.WITHDRAWN else None
        drafts = _drafts(holder)
        client = CountedClient()
        client.cookies[f"coprod_{SLUG}"] = holder.token
        request.by(client)
        if before is None:
            return
        holder.did.append(f"{request.method} {request.path} {sorted(request.fields)}")
        after = Participant.objects.get(pk=holder.pk)
        stored = list(Submission.objects.filter(participant=after, revision__gt=before.revision))
        if holder.state != State.ANSWERING or request.method != "POST":
            # The vignette's first GET is noted, and is no revision.
            assert (after.revision, after.page) == (before.revision, before.page)
        elif stored:
            (row,) = stored
            assert row.page == holder.page.code
            items = {item.code: item for item in holder.page.items}
            for code, answer in row.answers.items():
                assert came_of(self.design, items[code], answer, request.fields), (code, answer)
            holder.content = b""
            holder.outlook.answers |= row.answers
            holder.rows.append((row.page, row.answers))
            holder._arrive(holder.page, row.answers, "")
        elif after.page != before.page:
            assert holder.page.back
            holder.page = holder.outlook.before(holder.page)
        _drafted(holder, request, drafts)
        holder.language, holder.content = after.language, b""


def _is_as_it_was(person: Guest, found: Participant) -> None:
    if person.state != State.WITHDRAWN:
        assert found.assignments.items() >= person.arms.items(), person.did
        assert (found.state, found.page) == (person.state, person.page.code), person.did
        assert found.answers == person.outlook.answers, person.did
    person.arms = {**found.assignments, **person.arms}
    assert found.state == person.state


def _shows_its_draft(person: Guest) -> None:
    """They are shown the draft that the times of all that was stored tell."""
    if person.state == State.ANSWERING:
        here = read(SLUG, person.token)
        assert here
        assert here.draft == by_their_times().get(person.pk), person.did


def _drafts(holder: Guest) -> dict[str, dict[str, list[str]]]:
    found = Draft.objects.filter(participant_id=holder.pk)
    return {each.page: each.fields for each in found}


def _drafted(holder: Guest, request: Request, before: dict[str, dict[str, list[str]]]) -> None:
    """A draft that is new holds fields that were sent, as they were sent."""
    # Going on in another language writes numbers as it does.
    numbers = {item.code for item in holder.page.items if item.kind is ItemKind.NUMBER}
    for page, fields in _drafts(holder).items():
        for name, texts in fields.items() if fields != before.get(page) else ():
            assert name in numbers or request.fields[name] == texts, (page, name)
