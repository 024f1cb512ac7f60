"""Places by answers: cells of their own, held by a lease, given back, kept by who completes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from experiments.design import Design, Limit, Quota
from responses import person, quota, submission
from responses.models import Mode, Participant, QuotaCell, QuotaPlace, State
from responses.quota import Count
from responses.withdrawal import withdraw
from tests.designs import small
from tests.desk import desk, text_of
from tests.responses.places import about, at_about, counted, states
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import arrives, few, screened, with_way_back

pytestmark = pytest.mark.django_db


def lapse(minutes: int = 60, **whose: object) -> None:
    """Lets so much time go by for the places that are held."""
    held = QuotaPlace.objects.filter(leased_until__isnull=False, **whose)
    held.update(leased_until=F("leased_until") - timedelta(minutes=minutes))


def crossed() -> Design:
    """One place for women of the lower schooling, two for men of the higher; others are free."""
    limits = (Limit(("woman", "1"), 1), Limit(("man", "2"), 2))
    return replace(small(), quotas=(Quota("both", ("gender", "education"), limits),))


def test_lease_of_somebody_who_left_returns_and_the_place_is_taken() -> None:
    launched(few(1))
    left, late = at_about(), Client()
    assert late.get("/s/park/").status_code == 410
    lapse(31)
    assert late.get("/s/park/").status_code == 200
    entered(late)
    assert counted() == [Count("few", (), 1, kept=0, held=1)]
    # Whoever comes back too late finds no place.
    assert sent(left, "about", ABOUT) == "about"
    assert states() == {State.ANSWERING: 1, State.QUOTA_FULL: 1}
    assert sent(late, "about", ABOUT) == "story"


def test_who_comes_back_late_goes_on_if_nobody_took_the_place() -> None:
    launched(few(1))
    client = at_about()
    lapse(600)
    assert sent(client, "about", ABOUT) == "story"
    assert counted() == [Count("few", (), 1, kept=0, held=1)]


def test_each_page_that_is_sent_renews_the_lease() -> None:
    launched(few(1))
    client = at_about()
    for page, answers in (("about", ABOUT), ("story", {})):
        lapse(29)
        client.get(f"/s/park/{page}/")
        sent(client, page, answers)
        left = QuotaPlace.objects.get().leased_until
        assert left is not None
        assert timedelta(minutes=29) < left - timezone.now() <= timedelta(minutes=30)
    assert Client().get("/s/park/").status_code == 410


def test_lease_lasts_as_long_as_the_quota_says() -> None:
    design = few(1)
    launched(replace(design, quotas=(replace(design.quotas[0], lease_minutes=5),)))
    at_about()
    left = QuotaPlace.objects.get().leased_until
    assert left is not None
    assert timedelta(minutes=4) < left - timezone.now() <= timedelta(minutes=5)


def test_completed_place_is_kept_for_good() -> None:
    launched(few(1))
    walked(Client())
    lapse(10_000)
    assert counted() == [Count("few", (), 1, kept=1, held=0)]
    assert Client().get("/s/park/").status_code == 410


def test_crossed_answers_have_cells_of_their_own() -> None:
    launched(crossed())
    led = [
        about(at_about(), gender, education)
        for gender, education in (
            *(("woman", "1"), ("woman", "1")),
            *(("man", "2"), ("man", "2"), ("man", "2")),
            *(("woman", "2"), ("man", "1"), ("woman", "-9"), ("no_answer", "2")),
        )
    ]
    assert led == ["story", "about", "story", "story", "about", *["story"] * 4]
    assert counted() == [
        Count("both", ("woman", "1"), 1, kept=0, held=1),
        Count("both", ("man", "2"), 2, kept=0, held=2),
    ]
    assert set(QuotaCell.objects.values_list("cell", flat=True)) == {"woman.1", "man.2"}


def test_option_that_counts_as_no_answer_can_have_places_of_its_own() -> None:
    launched(few(1, "gender", cell=("no_answer",)))
    assert [about(at_about(), "no_answer", "2") for _ in range(2)] == ["story", "about"]


def test_answer_that_is_changed_gives_the_place_back() -> None:
    design = with_way_back()
    limits = (Limit(("woman",), 1), Limit(("man",), 1))
    launched(replace(design, quotas=(Quota("sex", ("gender",), limits),)))
    client = at_about()
    about(client, "woman", "2")
    client.post("/s/park/town/", {"move": "back"})
    assert about(client, "man", "2") == "town"
    assert [(each.cell, each.held) for each in counted()] == [(("woman",), 0), (("man",), 1)]
    assert about(at_about(), "woman", "2") == "town"
    client.post("/s/park/town/", {"move": "back"})
    assert about(client, "no_answer", "2") == "town"
    assert [(each.cell, each.held) for each in counted()] == [(("woman",), 1), (("man",), 0)]


def test_place_is_needed_in_every_quota_and_none_is_kept_without_one() -> None:
    whole, women = few(5).quotas[0], few(1, "gender", cell=("woman",)).quotas[0]
    quotas = (replace(whole, code="whole"), replace(women, code="women"))
    launched(replace(small(), quotas=quotas))
    assert [about(at_about(), "woman", "2") for _ in range(2)] == ["story", "about"]
    assert counted() == [
        Count("whole", (), 5, kept=0, held=1),
        Count("women", ("woman",), 1, kept=0, held=1),
    ]


def test_screened_out_and_refused_hold_no_place() -> None:
    launched(few(1, design=screened()))
    arrives(Client(), "/s/park/", {"adult": "no"})
    assert QuotaPlace.objects.count() == 0
    decliner = Client()
    arrives(decliner, "/s/park/", {"adult": "yes"})
    assert QuotaPlace.objects.count() == 1
    sent(decliner, "welcome", {"consent": "decline"})
    assert QuotaPlace.objects.count() == 0
    assert arrives(Client(), "/s/park/", {"adult": "yes"})["Location"] == "/s/park/welcome/"


def test_withdrawal_gives_the_place_back_also_after_completing() -> None:
    launched(few(1))
    walked(Client())
    withdraw(participant_id=Participant.objects.get().pk)
    assert counted() == [Count("few", (), 1, kept=0, held=0)]
    at_about()
    assert states() == {State.WITHDRAWN: 1, State.ANSWERING: 1}


def test_page_that_was_not_stored_takes_no_place() -> None:
    """Sent after somebody had withdrawn in another tab: nobody may hold the place."""
    launched(few(1, "gender", cell=("woman",)))
    token = entered(Client())
    found = person.read("park", token)
    assert found
    withdraw(participant_id=found.id)
    answers = {**found.answers, "gender": "woman"}
    assert submission.store(participant=found, answers=answers) is None
    assert QuotaPlace.objects.count() == 0


def test_pilot_takes_no_place_of_the_live_study() -> None:
    study = launched(few(1))
    walked(Client())
    assert study.live_version
    design = study.live_version.design
    pilot = quota.counts(study_id=study.pk, mode=Mode.PILOT, design=design)
    assert pilot == [Count("few", (), 1, kept=0, held=0)]


@pytest.mark.parametrize("people", [1, 3])
def test_desk_shows_how_each_cell_stands(people: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    launched(replace(crossed(), quotas=(*crossed().quotas, Quota("all", (), (Limit((), 9),)))))
    for _ in range(people):
        walked(Client())
    about(at_about(), "man", "2")
    client = desk()
    address = "/admin/responses/participant/watch/park/"
    client.get(address)
    # Session, account, study, tallies, places, health.
    with django_assert_num_queries(6):
        page = text_of(client.get(address))
    assert "Quota Answers Places Completed Held now Left" in page
    assert "both Woman (woman) × School (1) 1 0 0 1 both Man (man) × University (2) 2 0 1 1" in page
    assert f"all the whole study 9 {people} 1 {8 - people}" in page


def test_study_without_quotas_shows_none() -> None:
    launched()
    assert "Quotas" not in text_of(desk().get("/admin/responses/participant/watch/park/"))
