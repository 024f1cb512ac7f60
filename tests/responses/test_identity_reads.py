"""Who somebody is, at the desk: shown to who may know it, and each time recorded."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses.models import IdentityReading, Participant
from tests.desk import desk, text_of
from tests.responses.studies import launched, walked
from tests.responses.withdrawing import identified, link_of

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"
LOG = "/admin/responses/identityreading/"


def test_identity_is_shown_by_a_button_and_recorded(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = launched(identified())
    walked(Client(), link=link_of(study))
    person = Participant.objects.get()
    page, asks = f"{LIST}{person.pk}/change/", f"{LIST}identity/park/{person.pk}/"
    steward = desk("view_participant", "view_panelidentity", "view_identityreading")
    shown = text_of(steward.get(page))
    assert "Show who this is" in shown
    assert not any(told in shown for told in ("person-7", "ann@example.org"))
    assert steward.get(asks).status_code == 405
    assert IdentityReading.objects.count() == 0
    # Session, account, memberships, study, participant; savepoint, the record, panel id,
    # label, its end.
    with django_assert_num_queries(11):
        told = text_of(steward.post(asks))
    assert "The panel’s id person-7 Label of the invitation ann@example.org" in told
    read = IdentityReading.objects.get()
    assert (read.actor, read.way, read.people) == ("assistant", "participant", 1)
    assert "assistant" in text_of(steward.get(LOG))
    reader = desk("view_participant")
    assert "Show who this is" not in text_of(reader.get(page))
    assert reader.post(asks).status_code == 403
    assert reader.get(LOG).status_code == 403
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM responses_identityreading")
