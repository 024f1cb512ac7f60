"""The list of participants when it is long: bounded counting, pages by keys, search by index."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses.admin import ParticipantAdmin
from responses.models import Participant
from responses.paged import BoundedPaginator
from tests.desk import desk, text_of
from tests.responses.marking import marked
from tests.responses.studies import entered, launched, walked

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"


def test_long_list_counts_so_far_and_search_finds_the_others(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = launched()
    walked(Client())
    entered(Client())
    entered(Client())
    first, second, third = Participant.objects.order_by("id")
    monkeypatch.setattr(BoundedPaginator, "counted", 2)
    monkeypatch.setattr(ParticipantAdmin, "list_per_page", 1)
    client = desk()
    client.get(LIST)
    # Session, account, studies of the filter, count, keys, rows.
    with django_assert_num_queries(6):
        page = text_of(client.get(f"{LIST}?p=2"))
    assert "1 2 - 3 participants Further on" in page
    assert [f"{each}" in page for each in (first, second, third)] == [False, True, False]
    assert client.get(f"{LIST}?p=3").status_code == 302
    code, reference = first.completion_code, str(first.reference)
    for term in (code, code.lower(), f" {code} ", reference, reference[:11], reference.upper()):
        found = text_of(client.get(LIST, {"q": term}))
        assert (str(first) in found, "1 participant" in found) == (True, True), term
    for term in (code[:6], reference[4:], f"{reference}0", "0" * 40, "-", "x'"):
        assert str(first) not in text_of(client.get(LIST, {"q": term})), term
    marked(study, first)
    quality = text_of(client.get(f"{LIST}quality/park/"))
    assert "1 participant marked for exclusion by hand" in quality
