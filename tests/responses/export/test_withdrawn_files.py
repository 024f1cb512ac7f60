"""A file of which somebody withdrew is not kept, whether it was there or being made."""

from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from experiments.models import Study
from responses.withdrawal import withdraw
from tests.designs import small
from tests.responses.export.rows import completed, launched
from tests.responses.export.test_views import desk, made
from tests.responses.locks import until_one_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study(settings: Settings, tmp_path: Path) -> Study:
    settings.EXPORT_ROOT = tmp_path / "exports"
    study = launched()
    completed(study, 1, "money.high")
    return study


def test_file_goes_when_somebody_of_its_study_withdraws(study: Study, tmp_path: Path) -> None:
    client = desk("export_data")
    address = made(client).redirect_chain[0][0]
    other = completed(launched(small(study="other")), 2, "none.low")
    withdraw(participant_id=other.pk)
    assert client.get(address).status_code == 200
    withdraw(participant_id=study.participants.get().pk)
    assert (client.get(address).status_code, list((tmp_path / "exports").iterdir())) == (404, [])


def test_file_that_somebody_withdrew_from_while_it_was_made_is_not_kept(
    study: Study, tmp_path: Path
) -> None:
    client, told = desk("export_data"), []

    def ask() -> None:
        told.append(made(client))
        connection.close()

    asking = Thread(target=ask)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # All of the file is written by then, under the name of one that is being made.
            cursor.execute("LOCK TABLE responses_exportstatement")
        asking.start()
        until_one_waits()
        assert [path.suffix for path in (tmp_path / "exports").iterdir()] == [".part"]
        withdraw(participant_id=study.participants.get().pk)
    asking.join()
    (response,) = told
    assert response.status_code == 409
    assert "must not be in it. Ask for it again." in response.content.decode()
    assert list((tmp_path / "exports").iterdir()) == []
    assert made(client).status_code == 200
