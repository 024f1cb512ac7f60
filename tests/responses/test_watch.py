"""The flow of participants adds up, whatever they do."""

from random import Random

import pytest
from django.test import Client

from experiments.design import Design
from experiments.models import Study
from responses.models import Mode, Participant, State
from responses.monitor.flow import Flow
from responses.tallies import fold_tallies, wrong_tallies
from responses.watch import counts
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.responses.studies import ABOUT, OPINION, launched, sent
from tests.responses.ways import arrives, few, screened

pytestmark = pytest.mark.django_db

WALK: tuple[tuple[str, dict[str, str]], ...] = (
    ("about", ABOUT),
    ("story", {}),
    ("opinion", OPINION),
)


def design() -> Design:
    """Screens out before consent and after it, and has few places for men."""
    asked = changed(screened(), {"pages[2].screen_out_if": 'attention == "1"'})
    return few(2, "gender", cell=("man",), design=asked)


def walk(random: Random) -> None:
    """Goes as far as chance has it."""
    client = Client()
    adult = random.choice(["yes", "yes", "no"])
    arrives(client, "/s/park/", {"adult": adult})
    page = "welcome" if adult == "yes" else "screen"
    if page == "welcome" and random.random() < 0.8:
        page = sent(client, page, {"consent": random.choice(["agree", "agree", "decline"])})
    for code, answers in WALK:
        if page == code and random.random() < 0.8:
            client.get(f"/s/park/{page}/")
            chosen = {"gender": random.choice(["woman", "man"])}
            chosen["attention"] = random.choice(["1", "2", "2"])
            page = sent(client, page, {**answers, **(chosen if code == "about" else {})})
    if random.random() < 0.2:
        withdraw(participant_id=Participant.objects.latest("id").pk)


def flow() -> Flow:
    study = Participant.objects.first()
    assert study
    return next(each.flow for each in counts(study.study) if each.mode == Mode.LIVE)


@pytest.mark.parametrize("seed", range(4))
def test_flow_adds_up_after_random_walks(seed: int) -> None:
    launched(design())
    random = Random(seed)
    for step in range(30):
        walk(random)
        if step % 7 == 0:
            fold_tallies()
    found = flow()
    assert wrong_tallies(Study.objects.get()) == ()
    before = found.refused + found.screened_out + found.quota_full + found.left_before_consent
    assert found.entered == 30 == found.consented + before
    after = found.answering + found.screened_out_later + found.quota_full_later
    assert found.consented == after + found.withdrawn + found.completed
    people = list(Participant.objects.values_list("state", "consented_at"))
    states = [state for state, _ in people]
    assert found.refused == states.count(State.REFUSED)
    assert found.completed == states.count(State.COMPLETED)
    assert found.screened_out + found.screened_out_later == states.count(State.SCREENED_OUT)
    assert found.quota_full + found.quota_full_later == states.count(State.QUOTA_FULL)
    assert found.consented == sum(1 for _, consented in people if consented)


def test_flow_of_one_of_each(client: Client) -> None:
    launched(design())
    arrives(Client(), "/s/park/", {"adult": "no"})
    arrives(Client(), "/s/park/", {"adult": "yes"})
    arrives(client, "/s/park/", {"adult": "yes"})
    sent(client, "welcome", {"consent": "decline"})
    agreed = Client()
    arrives(agreed, "/s/park/", {"adult": "yes"})
    sent(agreed, "welcome", {"consent": "agree"})
    sent(agreed, "about", {**ABOUT, "attention": "1"})
    found = flow()
    assert found == (
        Flow(
            entered=4,
            refused=1,
            screened_out=1,
            quota_full=0,
            left_before_consent=1,
            consented=1,
            answering=0,
            screened_out_later=1,
            quota_full_later=0,
            withdrawn=0,
            completed=0,
        )
    )
