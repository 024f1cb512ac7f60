"""The tallies are what counting everybody gives, whatever participants do."""

from collections import Counter
from dataclasses import replace
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from experiments.design import Parameter
from experiments.desk.study import with_counts
from experiments.models import Study
from responses.models import Heartbeat, Mode, Participant, QuotaPlace, Tally, TallyChange
from responses.quality import refresh_flags
from responses.tallies import Difference, fold_tallies, mend_tallies, wrong_tallies
from responses.withdrawal import withdraw
from tests.designs import small
from tests.responses.studies import launched, sent, walked
from tests.responses.test_watch import WALK, design, walk
from tests.responses.ways import arrives

pytestmark = pytest.mark.django_db


def finishes_as_a_man() -> None:
    """Keeps one of the places that the design has for men."""
    client = Client()
    arrives(client, "/s/park/", {"adult": "yes"})
    sent(client, "welcome", {"consent": "agree"})
    for page, answers in WALK:
        client.get(f"/s/park/{page}/")
        sent(client, page, {**answers, "gender": "man"} if page == "about" else answers)


def people(study: Study) -> dict[str, int]:
    """What the tallies say, by kind and key, once all is folded."""
    fold_tallies()
    rows = Tally.objects.filter(study=study, mode=Mode.LIVE).values_list("kind", "key", "people")
    return {f"{kind}:{key}": number for kind, key, number in rows}


def states(study: Study) -> dict[str, int]:
    """How many live participants are in each state, as the list of studies tells."""
    listed: Any = with_counts(Study.objects.filter(pk=study.pk)).get()
    return {state: n for state, n in listed.states.items() if n}


def test_tallies_are_what_counting_everybody_gives() -> None:
    """Folded in between or not; whoever withdraws, keeping or not, is counted as that."""
    study, random = launched(design()), Random(7)
    finishes_as_a_man()
    for step in range(6):
        walk(random)
        if step == 3:
            fold_tallies()
            refresh_flags(study_id=study.pk, mode=Mode.LIVE)
    withdraw(participant_id=Participant.objects.latest("last_seen_at").pk, keep=True)
    assert TallyChange.objects.exists()
    assert states(study) == dict(Counter(Participant.objects.values_list("state", flat=True)))
    assert QuotaPlace.objects.filter(leased_until=None).exists()
    assert wrong_tallies(study) == ()
    fold_tallies()
    assert (wrong_tallies(study), TallyChange.objects.count()) == ((), 0)
    assert states(study) == dict(Counter(Participant.objects.values_list("state", flat=True)))
    assert not Tally.objects.filter(people=0).exists()
    kinds = set(Tally.objects.values_list("kind", flat=True))
    counted = {"place", "entered", "consented", "exposed", "completed", "took", "checks"}
    assert kinds == counted | {"language", "device", "flag", "unseen", "arm", "allocated", "kept"}


def test_who_withdraws_leaves_nothing_but_that_they_came(client: Client) -> None:
    study = launched()
    walked(client)
    before = people(study)
    person = Participant.objects.get()
    withdraw(participant_id=person.pk)
    after = people(study)
    version = person.version_id
    # Each by its own time, since an hour may turn between two of them.
    hours = {
        kind: int(getattr(person, f"{kind}_at").timestamp()) // 3600
        for kind in ("entered", "consented", "exposed", "completed")
    }
    arm = next(key for key in before if key.startswith("allocated:"))
    assert after == {
        **{f"place:withdrawn|{version}|1|1||": 1, "language:0|en": 1, "device:0|": 1, arm: 1},
        **{f"{kind}:{hours[kind]}": 1 for kind in ("entered", "consented", "exposed")},
    }
    gone = {f"completed:{hours['completed']}", "language:1|en", "device:1|unknown"}
    assert set(before) - set(after) >= gone


def test_only_what_a_link_brings_of_a_list_is_counted() -> None:
    """An id of the visit stands in no tally and in no note."""
    sources = (
        Parameter("source", "from", values=("north", "south")),
        Parameter("visit", "visit"),
    )
    study = launched(replace(small(), parameters=sources))
    for link in ("from=north&visit=v-1", "from=elsewhere&visit=v-2", "visit=v-3"):
        arrives(Client(), f"/s/park/?{link}")
    listed = Participant.objects.order_by("id").values_list("listed", flat=True)
    assert list(listed) == [{"source": "north"}, {}, {}]
    counted = people(study)
    assert {key: n for key, n in counted.items() if key.startswith("listed")} == {
        "listed:0|source=north": 1
    }
    assert [key for key in counted if "v-" in key] == []


def test_page_that_only_moves_somebody_on_notes_nothing_else(client: Client) -> None:
    study = launched()
    walked(client, until="about")
    fold_tallies()
    person = Participant.objects.get()
    Participant.objects.filter(pk=person.pk).update(page="story", revision=9)
    day, start = (
        int(person.last_seen_at.timestamp()) // 86400,
        f"place:answering|{person.version_id}",
    )
    noted = TallyChange.objects.values_list("study", "lost", "gained")
    assert list(noted) == [(study.pk, [f"{start}|1|0|about|{day}"], [f"{start}|1|0|story|{day}"])]
    # What a look writes to everybody of its cut is not noted at all.
    Participant.objects.update(first_look=1, revision=10)
    assert len(noted.all()) == 1


def test_tally_that_is_wrong_is_told_and_mended(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    study = launched()
    walked(client)
    fold_tallies()
    call_command("check_tallies", "park")
    Tally.objects.filter(kind="language").update(people=5)
    Tally.objects.filter(kind="exposed").delete()
    walked(Client(), until="about")
    exposed = int(Participant.objects.earliest("id").exposed_at.timestamp()) // 3600  # type: ignore[union-attr]
    wrong = (
        Difference("live", "exposed", str(exposed), 0, 1),
        Difference("live", "language", "1|en", 5, 1),
    )
    assert wrong_tallies(study) == wrong
    with pytest.raises(CommandError, match="2 tallies were wrong; --mend puts them right"):
        call_command("check_tallies", "park")
    call_command("check_tallies", "park", "--mend")
    assert capsys.readouterr().out.splitlines() == [
        "All tallies are right.",
        *2 * [f"live exposed {exposed}: 0, counted 1", "live language 1|en: 5, counted 1"],
        "2 tallies were wrong; they are right now.",
    ]
    assert (wrong_tallies(study), mend_tallies(study=study)) == ((), ())


def test_fold_beats(client: Client) -> None:
    assert (fold_tallies(), fold_tallies()) == (0, 0)
    first = Heartbeat.objects.get()
    fold_tallies()
    assert Heartbeat.objects.get().beaten_at >= first.beaten_at


@pytest.mark.django_db(transaction=True)
def test_folds_and_participants_at_once_lose_no_count() -> None:
    study = launched()
    start = Barrier(4)

    def come() -> None:
        start.wait()
        for _ in range(5):
            walked(Client())
        connection.close()

    def fold() -> None:
        start.wait()
        for _ in range(30):
            fold_tallies()
        mend_tallies(study=study)
        connection.close()

    threads = [Thread(target=each) for each in (come, come, fold, fold)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong_tallies(study) == ()
    assert people(study)["language:1|en"] == 10
