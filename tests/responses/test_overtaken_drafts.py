"""Which draft is shown: that of a page which was not sent since, whatever else befell them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from experiments.design import Design
from responses import person, submission
from responses.corrections import correct
from responses.models import Draft, Participant
from responses.person import Participant as Person
from responses.questionnaire import Sent
from responses.turning import turn
from tests.changed import changed
from tests.designs import small
from tests.responses.drafting import by_their_times, typed, with_token
from tests.responses.locks import until_one_waits
from tests.responses.studies import ABOUT, TOWN, entered, launched, sent, walked
from tests.responses.test_reuse import age, arrived, reusing
from tests.responses.turning import moved
from tests.responses.ways import checked, with_way_back, yes_or_no

pytestmark = pytest.mark.django_db

OVERTAKEN = import_module("responses.migrations.0032_drafts_know_their_revision").OVERTAKEN
WALKS = 6
STEPS = 40
MOTIVE = {"motive1": ["5"]}
WRONG = {**ABOUT, "understood": "no"}


def found(token: str) -> Person:
    """The participant as a request reads them."""
    here = person.read("park", token)
    assert here
    return here


def shown(token: str) -> dict[str, Any] | None:
    """The draft that they are shown, which is the one that the times tell."""
    here = found(token)
    assert by_their_times().get(here.id) == here.draft
    return None if here.draft is None else dict(here.draft)


def overtakes(client: Client, token: str, answers: dict[str, str]) -> None:
    """Stores their page with a draft that is saved while it is stored, so that it is left over."""
    here = found(token)
    assert typed(client, here.page, MOTIVE) == 204
    assert submission.store(participant=here, answers=answers)
    assert Draft.objects.filter(page=here.page).count() == 1


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Has another connection wait for what the block does."""

    def apart() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield
            done = pool.submit(apart)
            until_one_waits()
        done.result()


def test_draft_that_its_page_overtook_stays_hidden_until_something_is_typed(
    client: Client,
) -> None:
    launched(with_way_back())
    token = entered(client)
    overtakes(client, token, ABOUT)
    assert moved(client, "town", "back") == "about"
    assert shown(token) is None
    typed(client, "about", {"gender": "man"})
    assert shown(token) == {"gender": ["man"]}
    assert moved(client, "about", "language:ko", {"gender": "man"}) == "about"
    assert shown(token) == {"gender": ["man"]}


def test_draft_that_its_page_overtook_stays_hidden_in_another_language(client: Client) -> None:
    launched(with_way_back())
    token = entered(client)
    overtakes(client, token, ABOUT)
    moved(client, "town", "back")
    # From a tab that shows another page: nothing is typed there that could be kept.
    assert moved(client, "town", "language:ko") == "about"
    assert shown(token) is None


def test_draft_is_there_when_they_come_again_after_going_back(client: Client) -> None:
    launched(with_way_back())
    token = walked(client, until="town")
    typed(client, "town", {"city": "no"})
    assert moved(client, "town", "back", {"city": "no"}) == "about"
    assert shown(token) is None
    typed(client, "about", MOTIVE)
    assert shown(token) == MOTIVE
    assert sent(client, "about", ABOUT) == "town"
    assert shown(token) == {"city": ["no"]}
    typed(client, "town", {"city": "yes"})
    assert shown(token) == {"city": ["yes"]}
    assert sent(client, "town", TOWN) == "story"
    assert Draft.objects.count() == 0


def test_draft_stays_when_the_language_is_changed_where_it_was_not_typed(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    typed(client, "opinion", {"comment": "half"})
    assert moved(client, "about", "language:ko") == "opinion"
    assert shown(token) == {"comment": ["half"]}
    typed(client, "opinion", {"comment": "half a sentence"})
    assert shown(token) == {"comment": ["half a sentence"]}
    assert moved(client, "opinion", "language:en", {"comment": "half a"}) == "opinion"
    assert moved(client, "about", "language:ko") == "opinion"
    assert shown(token) == {"comment": ["half a"]}


@pytest.mark.parametrize("fields", [None, {"comment": ("as the form has it",)}])
@pytest.mark.django_db(transaction=True)
def test_first_draft_that_is_saved_as_the_language_is_changed_stays(fields: Sent | None) -> None:
    launched()
    token = walked(Client(), until="opinion")
    here = found(token)
    with meanwhile(lambda: turn(participant=here, fields=fields, language="ko")):
        assert typed(with_token(token), "opinion", {"comment": "half"}) == 204
    assert found(token).language == "ko"
    assert shown(token) == {"comment": list(fields["comment"] if fields else ["half"])}


def test_check_that_was_wrong_beats_what_was_typed_before_it_alone(client: Client) -> None:
    launched(checked(tries=3))
    token = entered(client)
    typed(client, "about", MOTIVE)
    assert sent(client, "about", WRONG) == "about"
    assert (shown(token), Draft.objects.count()) == (None, 0)
    typed(client, "about", MOTIVE)
    assert shown(token) == MOTIVE
    assert sent(client, "about", WRONG) == "about"
    assert moved(client, "about", "language:ko", {"gender": "man"}) == "about"
    assert shown(token) == {"gender": ["man"]}


def test_draft_that_is_saved_before_a_wrong_check_is_stored_is_not_shown(client: Client) -> None:
    launched(checked(tries=3))
    token = entered(client)
    overtakes(client, token, WRONG)
    assert (found(token).page, shown(token)) == ("about", None)
    typed(client, "about", {"gender": "man"})
    assert shown(token) == {"gender": ["man"]}


@pytest.mark.django_db(transaction=True)
def test_draft_that_waits_for_a_wrong_check_is_shown_since_it_comes_after_it() -> None:
    launched(checked(tries=3))
    token = entered(Client())
    with meanwhile(lambda: typed(with_token(token), "about", MOTIVE)):
        assert submission.store(participant=found(token), answers=WRONG)
    assert (found(token).revision, shown(token)) == (2, MOTIVE)


def test_draft_of_a_page_with_a_vignette_stays_as_its_exposure_is_noted(client: Client) -> None:
    item = yes_or_no("fair", "Is that fair?", "공정합니까?")
    launched(changed(small(), {"pages[2].items": (item,)}))
    token = walked(client, until="story")
    typed(client, "story", {"fair": "no"})
    assert b"checked" in client.get("/s/park/story/").content
    assert (found(token).exposed, shown(token)) == (True, {"fair": ["no"]})


def test_draft_stays_when_an_answer_is_corrected(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    typed(client, "opinion", {"comment": "half"})
    who = Participant.objects.get()
    correct(participant=who, item="gender", stated="a man", reason="A slip.", actor="kim")
    assert shown(token) == {"comment": ["half"]}


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.django_db(transaction=True)
def test_draft_stays_when_its_writers_position_is_given_again(waits: bool) -> None:
    """Who was served a page that shows no arm stays there; who waits for theirs goes back."""
    item = yes_or_no("fair", "Is that fair?", "공정합니까?")
    launched(changed(reusing(), {"pages[2].items": (item,)}))
    client, left = arrived(exposed=False)
    token = client.cookies["coprod_park"].value
    Participant.objects.filter(pk=left.pk).update(awaits_exposure=waits)
    typed(client, "story", {"fair": "no"})
    age(left)
    arrived(exposed=True)
    assert (found(token).assignments, found(token).revision) == ({}, left.revision + 1)
    if waits:
        assert (found(token).page, shown(token)) == ("about", None)
        assert sent(client, "about", ABOUT) == "story"
    assert shown(token) == {"fair": ["no"]}


@pytest.mark.parametrize("is_back", [True, False])
@pytest.mark.django_db(transaction=True)
def test_draft_that_was_overtaken_stays_hidden_when_its_position_is_given_again(
    is_back: bool,
) -> None:
    launched(reusing())
    client = Client()
    token = entered(client)
    overtakes(client, token, ABOUT)
    if is_back:
        Participant.objects.update(page="about", awaits_exposure=False)
    left = Participant.objects.get()
    age(left)
    arrived(exposed=True)
    assert (found(token).assignments, found(token).revision) == ({}, left.revision + 1)
    assert (found(token).page, shown(token)) == ("about", None)


def test_drafts_of_before_are_shown_but_for_those_that_their_page_overtook(client: Client) -> None:
    """The release before saved no revision: what it left over went as the column came."""
    launched(with_way_back())
    token, other, third = entered(client), entered(Client()), entered(Client())
    overtakes(client, token, ABOUT)
    typed(with_token(other), "about", MOTIVE)
    sent(with_token(third), "about", ABOUT)
    moved(with_token(third), "town", "back", {"city": "no"})
    Draft.objects.update(revision=None)
    with connection.cursor() as cursor:
        cursor.execute(OVERTAKEN)
    assert moved(client, "town", "back") == "about"
    assert shown(token) is None
    assert shown(other) == MOTIVE
    assert shown(third) is None
    sent(with_token(third), "about", ABOUT)
    assert shown(third) == {"city": ["no"]}
    sent(with_token(other), "about", ABOUT)
    moved(with_token(other), "town", "back")
    assert shown(other) is None


def walkable() -> Design:
    """`with_way_back()` whose first page has a check that may be wrong many times."""
    check = checked(tries=20).pages[1].items[-1]
    return changed(with_way_back(), {"pages[1].items": lambda items: (*items, check)})


@pytest.mark.parametrize("seed", range(WALKS))
def test_shown_draft_is_the_one_that_the_times_tell(client: Client, seed: int) -> None:
    """Whatever somebody does in whatever order, and whatever is saved while something is stored."""
    launched(walkable())
    token, random, seen = entered(client), Random(seed), 0
    for number in range(STEPS):
        here = found(token)
        if here.page not in ("about", "town"):
            break
        if random.random() < 0.4:
            typed(client, here.page, {"gender": f"{number}", "city": f"{number}"})
        understood = {**ABOUT, "understood": random.choice(["no", "yes"])}
        answers = understood if here.page == "about" else TOWN
        do = random.randrange(6)
        if do == 0:
            typed(client, here.page, {"motive1": f"{number}"})
        elif do == 1 and (here.page == "about" or random.random() < 0.2):
            sent(client, here.page, answers)
        elif do == 2 and here.page == "about":
            if random.random() < 0.5:
                submission.store(participant=here, answers=answers)
            else:
                submission.store_as_shown(participant=here, token=token, answers=answers)
        elif do == 3:
            moved(client, here.page, "back", {"motive2": f"{number}"})
        else:
            tab = random.choice(["about", "town"])
            language = random.choice(["language:ko", "language:en", "language:xx"])
            moved(client, tab, language, {"motive2": f"{number}"} if do == 4 else None)
        seen += shown(token) is not None
    assert 0 < seen < STEPS
