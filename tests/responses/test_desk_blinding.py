"""The desk while a study collects: people of different arms look alike."""

import re

import pytest
from django.test import Client

from experiments.models import Status, Study
from experiments.variables import variables
from experiments.variables.arm_conditions import pages_by_arm, shown_by_arm, telling_items
from responses.models import Participant
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of
from tests.responses.arms import by_arm, one_of_each
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"
WATCH = "/admin/responses/participant/watch/park/"
SENT = re.compile(r"Timeline .*")
TIME = re.compile(r"\d{4}-\d\d-\d\d [\d:]+|\d+\.\d s")


def sent_pages(client: Client, participant: Participant) -> str:
    """What the desk says befell somebody, without the times and their completion code."""
    (found,) = SENT.findall(text_of(client.get(f"{LIST}{participant.pk}/change/")))
    return TIME.sub("", found.replace(participant.completion_code, ""))


def test_conditions_on_a_factor_tell_pages_and_items() -> None:
    design = by_arm()
    trust = {f"trust{number}" for number in range(1, 6)}
    asked = {"uses", "understood", "note", "sign", *trust}
    assert pages_by_arm(design) == {"paid"}
    assert shown_by_arm(design) == asked
    assert telling_items(design) == {*asked, "noticed"}
    assert (pages_by_arm(small()), shown_by_arm(small())) == (frozenset(), frozenset())


def test_what_hangs_on_a_manipulation_check_tells_as_much() -> None:
    design = changed(small(), {"pages[3].items[3].shown_if": 'noticed == "money"'})
    assert shown_by_arm(design) == {"comment"}


def test_page_without_questions_tells_the_arm_by_where_people_are() -> None:
    bare = changed(by_arm(), {"pages[3].items": (), "pages[4].items": small().pages[3].items})
    assert shown_by_arm(bare) == frozenset()
    told = {variable.name for variable in variables(bare) if variable.shown_by_arm}
    way = {"last_page", "not_shown", "not_reached", "skipped", "untouched"}
    assert told == way | {"corrections_asked"}


def test_people_of_different_arms_have_sent_the_same_as_the_desk_says() -> None:
    study = launched(by_arm())
    unpaid, paid = one_of_each()
    client = desk()
    assert sent_pages(client, unpaid) == sent_pages(client, paid)
    assert "will1 Agree 6 (6)" in sent_pages(client, paid)
    assert re.search(r"Sent opinion time kept back .*will1 Agree", sent_pages(client, paid))
    Participant.objects.filter(pk=paid.pk).update(first_look=1)
    assert "uses Park (park) understood No (no)" in sent_pages(client, paid)
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert "sign" not in sent_pages(client, unpaid)
    assert "sign Yes (yes)" in sent_pages(client, paid)


def test_page_that_only_one_arm_is_shown_says_nothing_of_who_is_on_it() -> None:
    study = launched(by_arm())
    one_of_each()
    client = Client()
    walked(client, until="opinion")
    Participant.objects.filter(state="answering").update(page="paid")
    at_desk = desk()
    person = Participant.objects.latest("id")
    secret = [
        text_of(at_desk.get(address))
        for address in (LIST, f"{LIST}?o=5", f"{LIST}{person.pk}/change/", WATCH)
    ]
    assert [page for page in secret if re.search(r"\bpaid\b", page)] == []
    assert "Which page people are on is shown once the study is closed" in secret[-1]
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert all(
        re.search(r"\bpaid\b", text_of(at_desk.get(address)))
        for address in (LIST, f"{LIST}{person.pk}/change/", WATCH)
    )


def test_list_is_in_no_order_by_a_secret_page() -> None:
    launched(by_arm())
    one_of_each()
    at_desk = desk()
    lists = [
        re.findall(r"participant/(\d+)/change", at_desk.get(f"{LIST}?o={order}").content.decode())
        for order in ("5", "-5")
    ]
    assert lists[0] == lists[1]
