"""Participants and counts at the desk, and what stays secret there."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.models import Status, Study
from responses.arrival import entry_link
from responses.models import ExportRecord, Mode, Participant
from tests.desk import desk, text_of
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import few

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"
WATCH = "/admin/responses/participant/watch/park/"
ARMS = ("none.low", "none.high", "money.low", "money.high")
SECRET = "secret until a look has analysed them or the study closes"


def page_of(participant: Participant) -> str:
    return f"{LIST}{participant.pk}/change/"


def test_desk_asks_strangers_to_log_in_and_refuses_others(client: Client) -> None:
    launched()
    walked(Client())
    addresses = (LIST, page_of(Participant.objects.get()), WATCH)
    assert [client.get(address).status_code for address in addresses] == [302] * 3
    other = desk("view_study")
    assert [other.get(address).status_code for address in addresses] == [403] * 3


def test_counts_say_where_everybody_is() -> None:
    launched()
    walked(Client())
    for _ in range(2):
        walked(Client(), until="opinion")
    entered(Client())
    refuser = Client()
    refuser.post("/s/park/", {"consent": "decline", "nonce": "n" * 22})
    page = text_of(desk().get(WATCH))
    assert "Entered 5 Consented 4 Saw the vignette 3 Completed 1" in page
    assert "Entered: 5. Refused: 1. Consented: 4. Answering or gone: 1." in page
    assert "Saw the vignette: 3. Answering or gone: 2. Completed: 1." in page
    assert "about 1 0 opinion 2 0" in page
    assert "Devices Entered Completed unknown 5 1 (20%)" in page
    assert "Languages Entered Completed en 5 1 (20%)" in page
    assert "http://testserver/s/park/" in page
    assert not any(arm in page for arm in ARMS)


def test_cells_of_quotas_are_said_in_words(client: Client) -> None:
    launched(few(5, "gender", cell=("man",)))
    entered(client)
    sent(client, "about", {**ABOUT, "gender": "man"})
    assert "few Man (man) 5 0 1 4" in text_of(desk().get(WATCH))


@pytest.mark.parametrize("people", [1, 3])
def test_counts_cost_the_same_however_many_people(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        walked(Client())
    client = desk()
    client.get(WATCH)
    # Session, account, study, tallies, health.
    with django_assert_num_queries(5):
        client.get(WATCH)


def test_counts_by_arm_are_shown_where_arms_are_no_secret() -> None:
    study = launched(status=Status.PILOT)
    walked(Client(), link=entry_link("park", Mode.PILOT))
    page = text_of(desk().get(WATCH))
    assert "Counts: pilot Entered 1" in page
    assert sum(f"{arm} 1" in page for arm in ARMS) == 1
    assert entry_link("park", Mode.PILOT, "http://testserver") in page
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert "Nobody can enter now." in text_of(desk().get(WATCH))


@pytest.mark.parametrize("people", [1, 3])
def test_participant_list_costs_the_same_however_long(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        walked(Client())
    client = desk()
    client.get(LIST)
    with django_assert_num_queries(5):
        page = client.get(LIST).content.decode()
    assert not any(arm in page for arm in ARMS)


def test_participant_page_shows_what_was_sent_and_no_arm() -> None:
    launched()
    walked(Client())
    page = text_of(desk().get(page_of(Participant.objects.get())))
    assert SECRET in page
    assert "gender Woman (woman)" in page
    assert "will1 Agree 6 (6)" in page
    assert not any(arm in page for arm in ARMS)


def test_arm_is_shown_once_a_look_has_analysed_the_participant() -> None:
    launched()
    walked(Client())
    walked(Client())
    seen, other = Participant.objects.order_by("id")
    Participant.objects.filter(pk=seen.pk).update(first_look=1)
    seen.refresh_from_db()
    client = desk()
    assert seen.assignments["main"]["arm"] in text_of(client.get(page_of(seen)))
    assert SECRET in text_of(client.get(page_of(other)))
    Study.objects.update(status=Status.CLOSED)
    assert other.assignments["main"]["arm"] in text_of(client.get(page_of(other)))


@pytest.mark.parametrize(
    "lookup",
    [
        "assignments__main__arm=money.low",
        "assignments__icontains=money",
        "assignments__main__levels__reward__exact=money",
        "assignments__has_key=main",
        "answers__will1=6",
        "first_look__isnull=False",
        "submissions__answers__will1=6",
        "study__slug=park",
    ],
)
def test_list_can_be_filtered_by_nothing_that_tells_an_arm(lookup: str) -> None:
    launched()
    walked(Client())
    assert desk().get(f"{LIST}?{lookup}").status_code == 400


def test_list_can_be_filtered_searched_and_ordered_by_what_it_shows() -> None:
    study = launched()
    walked(Client())
    client = desk()
    reference = Participant.objects.get().reference
    for query in (
        f"study__id__exact={study.pk}",
        "mode__exact=live",
        "state__exact=completed",
        f"q={reference}",
        f"q={reference.hex[:8]}",
        "q=money.low",
        "o=1.-8",
        "o=99",
    ):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 200, query
        assert (reference.hex[:8] in response.content.decode()) == (query != "q=money.low"), query


def test_search_finds_nobody_by_their_arm_or_answers() -> None:
    launched()
    walked(Client())
    client = desk()
    arm = Participant.objects.get().assignments["main"]["arm"]
    for term in (arm, arm.split(".", maxsplit=1)[0], "woman", "Fine."):
        assert "0 participants" in text_of(client.get(f"{LIST}?q={term}"))


def test_nobody_changes_participants_or_records_by_hand() -> None:
    study = launched()
    walked(Client())
    ExportRecord.objects.create(study=study, mode=Mode.LIVE, actor="somebody")
    client = desk()
    for row in (Participant.objects.get(), ExportRecord.objects.get()):
        address = f"/admin/responses/{row._meta.model_name}/"
        assert client.get(f"{address}add/").status_code == 403
        assert client.post(f"{address}{row.pk}/change/", {"state": "refused"}).status_code == 403
        assert client.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        response = client.post(
            address, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert type(row).objects.filter(pk=row.pk).exists(), response.status_code


def test_downloads_are_listed_with_who_and_why() -> None:
    study = launched()
    ExportRecord.objects.create(
        study=study, mode=Mode.LIVE, actor="somebody", unblinded=True, reason="A complaint."
    )
    page = text_of(desk().get("/admin/responses/exportrecord/"))
    assert "somebody" in page
    assert "A complaint." in page


def test_answers_that_tell_the_arm_stay_as_secret_as_the_arm() -> None:
    study = launched()
    walked(Client())
    participant = Participant.objects.get()
    collecting = text_of(desk().get(page_of(participant)))
    assert "noticed" not in collecting
    assert "will1 Agree 6 (6)" in collecting
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert "noticed Nothing (none)" in text_of(desk().get(page_of(participant)))
