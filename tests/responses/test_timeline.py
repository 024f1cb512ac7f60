"""The timeline of a participant at the desk: what befell them, paged, and who may read what."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses import steps
from responses.models import Invitation, Participant, State
from responses.quality import refresh_flags
from responses.withdrawal import withdraw
from tests.desk import desk, text_of
from tests.responses.arriving import invitation
from tests.responses.marking import marked
from tests.responses.studies import entered, launched, walked

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"


def page_of(participant: Participant) -> str:
    return f"{LIST}{participant.pk}/change/"


def in_order(said: str, *parts: str) -> bool:
    """Whether the parts stand in that order."""
    at = -1
    for part in parts:
        at = said.find(part, at + 1)
        if at < 0:
            return False
    return True


def test_timeline_tells_what_befell_somebody_in_order_and_no_secret_arm() -> None:
    study = launched()
    client = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile"})
    walked(client, link=invitation(study))
    Invitation.objects.update(label="ann@example.org")
    person = Participant.objects.get()
    refresh_flags(study_id=study.pk, mode="live")
    marked(study, person, reason="test")
    marked(study, person, reason="")
    said = text_of(desk().get(page_of(person)))
    parts = (
        *("Invited by a personal link", "Entered", "Agreed to take part", "Sent welcome"),
        *("An arm was drawn", "Arm secret", "Sent about", "gender Woman (woman)"),
        *(
            "Time on the page",
            "Device phone",
            "First saw the vignette",
            "Sent story",
            "time kept back",
            "Sent opinion",
        ),
        *("time kept back", "will1 Agree 6 (6)", "Completed", "Completion code"),
        *("Flagged by the quality rules", "Pages in an impossible time 2, by times"),
        *("Marked for exclusion", "a test by the team", "By fieldwork", "Mark taken back"),
    )
    assert in_order(said, *parts), said
    korean = text_of(desk().get(page_of(person), headers={"Accept-Language": "ko"}))
    assert in_order(korean, "보낸 페이지: welcome", "기기 휴대전화", "보낸 페이지: story")
    assert "noticed" not in said
    assert "drawn main" not in said
    assert "ann@example.org" not in said
    Participant.objects.update(first_look=1)
    told = text_of(desk().get(page_of(person)))
    assert f"Arm {person.assignments['main']['arm']} Probability 1/4 Position 0" in told
    assert "An arm was drawn main" in told
    assert "time kept back" not in told


def test_answers_are_for_those_who_may_read_them() -> None:
    launched()
    walked(Client())
    person = Participant.objects.get()
    field = text_of(desk("view_participant").get(page_of(person)))
    assert "Your account sees which pages were sent, not what was answered." in field
    assert "Sent opinion" in field
    assert not any(told in field for told in ("will1", "gender", "Woman", "Fine."))
    reader = desk("view_participant", "view_submission")
    assert "will1 Agree 6 (6)" in text_of(reader.get(page_of(person)))
    Participant.objects.update(first_look=1)
    field = text_of(desk("view_participant").get(page_of(person)))
    assert not any(told in field for told in ("will1 Agree", "Nothing (none)", "Fine."))


def test_ways_out_stand_in_the_timeline() -> None:
    launched()
    walked(Client(), until="opinion")
    walked(Client(), until="opinion")
    gone, kept = Participant.objects.order_by("id")
    withdraw(participant_id=gone.pk)
    withdraw(participant_id=kept.pk, keep=True)
    client = desk()
    erased, left = (text_of(client.get(page_of(each))) for each in (gone, kept))
    assert in_order(erased, "Entered", "First saw the vignette", "Withdrew")
    assert "Sent about" not in erased
    assert in_order(left, "Sent about", "Sent story", "Withdrew")
    Participant.objects.filter(pk=kept.pk).update(state=State.QUOTA_FULL)
    assert "Met a full quota" in text_of(client.get(page_of(kept)))


@pytest.mark.parametrize("times", [1, 3])
def test_timeline_is_paged_and_costs_the_same_however_long(
    times: int, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = launched()
    client = Client()
    entered(client)
    person = Participant.objects.get()
    monkeypatch.setattr(steps, "PER_PAGE", 2)
    for number in range(1, 2 * times):
        person.submissions.create(revision=100 + number, page=f"p{number}", answers={})
    marked(study, person)
    at_desk = desk()
    at_desk.get(page_of(person))
    # Session, account; the participant twice, as the admin reads them; steps, invitation, flags,
    # pay list, marks, corrections. Nobody was allocated.
    with django_assert_num_queries(10):
        first = text_of(at_desk.get(page_of(person)))
    assert in_order(first, "Entered", "Sent p1") is (times > 0)
    if times == 3:
        second = text_of(at_desk.get(f"{page_of(person)}?page=2"))
        third = text_of(at_desk.get(f"{page_of(person)}?page=3"))
        assert ("Sent p2" in first, "Marked for" in second, "Sent p5" in third) == (0, 0, 1)
        assert in_order(second, "Sent p2", "Sent p3", "Earlier", "Later")
        assert in_order(third, "Sent p4", "Sent p5", "took part before", "Earlier")
    assert at_desk.get(f"{page_of(person)}?page=x").status_code == 200
