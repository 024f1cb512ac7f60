"""How many are wanting to the next looks, on a page of which the monitor shows a part."""

import pytest
from pytest_django import DjangoAssertNumQueries

from analysis.look import run_look
from tests.analysis.studies import complete, launched
from tests.desk import desk, text_of

pytestmark = pytest.mark.django_db

PAGE = "/admin/analysis/look/study/park/next/"


def test_next_looks_say_how_many_are_wanting(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study, client = launched(), desk()
    complete(study, 1)
    client.get(PAGE)
    # Session, account, study, and where the looks stand.
    with django_assert_num_queries(9):
        page = text_of(client.get(PAGE))
    assert "live: 1 of 20 eligible completes to look 1." in page
    complete(study, 21, start=1)
    with django_assert_num_queries(9):
        page = text_of(client.get(PAGE))
    assert "live: Look 1 is due and runs within seconds." in page
    assert run_look(study_id=study.pk, mode="live", number=1) is not None
    assert "eligible completes to look 2." in text_of(client.get(PAGE))
    assert desk("view_participant").get(PAGE).status_code == 403
