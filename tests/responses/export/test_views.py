"""The desk's export page and its downloads."""

import os
import re
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from experiments.models import Status, Study
from responses.export.kept import KEPT_SECONDS, drop_old_exports
from responses.models import ExportRecord, ExportStatement, Mode, Participant
from responses.tasks import drop_exports
from tests.desk import client_of, grant, take, text_of
from tests.responses.export.reading import export
from tests.responses.export.rows import completed, enter, launched
from tests.responses.export.test_text_formats import written

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/export/park/"
ASKED = {"mode": "live", "format": "csv", "table": "participants", "language": "en", "guard": "on"}


def desk(*permissions: str, staff: bool = True) -> Client:
    """A client that somebody with these permissions is logged in to."""
    user = User.objects.create_user("hana", is_staff=staff)
    grant(user, *permissions)
    return client_of(user)


def recorded() -> list[tuple[object, ...]]:
    return list(ExportRecord.objects.values_list("mode", "unblinded", "reason", "actor"))


def body(response: HttpResponseBase) -> str:
    return b"".join(response).decode()


def made(client: Client, **asked: Any) -> Any:
    """What follows when a file is asked for: the file, or the page that says why there is none."""
    return client.post(PAGE, {**ASKED, **asked}, follow=True)


@pytest.fixture
def study(settings: Settings, tmp_path: Path) -> Study:
    settings.EXPORT_ROOT = tmp_path / "exports"
    study = launched()
    completed(study, 1, "money.high", answers={"comment": "공원 =)"})
    return study


def test_download_is_the_blinded_file_with_its_length(study: Study) -> None:
    response = made(desk("export_data"))
    text = body(response)
    assert recorded() == [("live", False, "", "hana")]
    assert text == export(study)
    (record,) = ExportRecord.objects.filter(actor="hana")
    assert response.redirect_chain == [(f"{PAGE}{record.pk}/", 303)]
    names = ("Content-Type", "Content-Length", "Content-Disposition", "Accept-Ranges")
    assert (response.status_code, *(response.headers[name] for name in names)) == (
        200,
        "text/csv; charset=utf-8; header=present",
        str(len(text.encode())),
        f'attachment; filename="park_live_{timezone.now():%Y-%m-%d}.csv"',
        "bytes",
    )
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "options", "name"),
    [
        ({"table": "answers", "format": "tsv"}, {}, "park_live_answers_{}.tsv"),
        ({"format": "qualtrics", "language": "ko"}, {"language": "ko"}, "park_live_{}.csv"),
        ({"bom": "on", "guard": ""}, {"bom": True, "guard": False}, "park_live_{}.csv"),
        ({"table": "answers", "format": "jsonl"}, {}, "park_live_{}.jsonl"),
    ],
)
def test_download_is_the_table_and_format_asked_for(
    study: Study, asked: dict[str, str], options: dict[str, Any], name: str
) -> None:
    response = made(desk("export_data"), **asked)
    chosen = {**ASKED, **asked}
    assert body(response) == written(study, chosen["format"], chosen["table"], **options).decode()
    file_name = name.format(f"{timezone.now():%Y-%m-%d}")
    assert f'filename="{file_name}"' in response.headers["Content-Disposition"]


def test_download_gives_the_mode_asked_for(study: Study) -> None:
    enter(study, 2, mode=Mode.PILOT)
    response = made(desk("export_data"), mode="pilot")
    assert 'filename="park_pilot_' in response.headers["Content-Disposition"]
    assert body(response) == export(study, Mode.PILOT)


def test_download_that_broke_off_goes_on(study: Study) -> None:
    client = desk("export_data")
    whole = made(client)
    text, address = body(whole).encode(), whole.redirect_chain[0][0]
    tag, size = whole.headers["ETag"], len(text)
    enter(study, 2)  # what comes later is in another file
    rest = client.get(address, headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status_code, body(rest).encode()) == (206, text[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert rest.headers["Content-Length"] == str(size - 100)
    changed = client.get(address, headers={"Range": "bytes=100-", "If-Range": '"another"'})
    assert (changed.status_code, body(changed).encode()) == (200, text)
    beyond = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")


def test_download_holds_no_connection_while_it_is_sent(study: Study) -> None:
    response = made(desk("export_data"))
    assert connection.connection is None
    response.close()


def test_file_is_for_who_made_it_and_the_site_alone(study: Study, tmp_path: Path) -> None:
    address = made(desk("export_data")).redirect_chain[0][0]
    (file,) = (tmp_path / "exports").iterdir()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)]
    assert modes == [0o600, 0o700]
    User.objects.create_superuser("minsu")
    other = Client()
    other.force_login(User.objects.get(username="minsu"))
    assert other.get(address).status_code == 404


def test_file_is_kept_for_a_day(study: Study, tmp_path: Path) -> None:
    client = desk("export_data")
    address = made(client).redirect_chain[0][0]
    (file,) = (tmp_path / "exports").iterdir()
    assert (drop_old_exports(), address in client.get(PAGE).content.decode()) == (0, True)
    old = time.time() - KEPT_SECONDS - 1
    os.utime(file, (old, old))
    gone = client.get(address)
    assert (gone.status_code, "files are kept for a day" in gone.content.decode()) == (404, True)
    drop_exports()
    assert list((tmp_path / "exports").iterdir()) == []


@pytest.mark.parametrize("participants", [1, 3])
def test_making_a_file_runs_eighteen_statements(
    participants: int, study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, participants + 1):
        enter(study, number)
    client = desk("export_data")
    # Session, user, memberships, study; then BEGIN, versions, record, COMMIT; then for the
    # flags the pages' medians, the people, the version, what changed. Erasures before and after.
    with django_assert_num_queries(18):
        client.post(PAGE, ASKED)


@pytest.mark.parametrize("participants", [1, 3])
def test_page_runs_eight_statements(
    participants: int, study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk("export_data")
    for number in range(2, participants + 1):
        enter(study, number)
        client.post(PAGE, ASKED)
    # Session, user, memberships, study, own permissions, participants by mode, versions, own files.
    with django_assert_num_queries(8):
        page = client.get(PAGE)
    counted = f"Version 1, live: {participants} entered = {participants} consented + 0 refused"
    assert (counted in text_of(page)) == (participants > 1)


def test_post_with_a_reason_unblinds(study: Study) -> None:
    client = desk("export_data", "unblind_export")
    text = body(made(client, unblind="on", reason="The board asked."))
    assert recorded() == [("live", True, "The board asked.", "hana")]
    assert text == export(study, reason="To compare.")
    assert ",money.high," in text


def test_post_without_a_reason_is_refused(study: Study) -> None:
    response = made(desk("export_data", "unblind_export"), unblind="on", reason=" ")
    assert response.status_code == 422
    assert "Unblinding needs a reason" in response.content.decode()
    assert recorded() == []


def test_unblinded_file_needs_the_permission_at_any_time(study: Study) -> None:
    client = desk("export_data", "unblind_export")
    address = made(client, unblind="on", reason="The board asked.").redirect_chain[0][0]
    take(User.objects.get(), "unblind_export")
    assert client.get(address).status_code == 403


def test_post_needs_the_permission_to_unblind(study: Study) -> None:
    response = made(desk("export_data"), unblind="on", reason="The board asked.")
    assert (response.status_code, recorded()) == (403, [])


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}1/"])
def test_export_needs_its_permission(address: str, study: Study) -> None:
    response = desk("unblind_export").get(address)
    assert (response.status_code, recorded()) == (403, [])


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}1/"])
def test_export_sends_strangers_to_the_login(address: str, study: Study) -> None:
    response = Client().get(address)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/admin/login/?next={address}",
    )
    assert recorded() == []


def test_post_without_a_token_is_refused(study: Study) -> None:
    user = User.objects.create_superuser("hana")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert (client.post(PAGE, ASKED).status_code, recorded()) == (403, [])


def test_download_of_what_is_unknown_is_refused(study: Study) -> None:
    client = desk("export_data")
    assert [
        client.post("/admin/export/nowhere/", ASKED).status_code,
        client.get("/admin/export/nowhere/").status_code,
        client.get(f"{PAGE}{2**70}/").status_code,
        *(made(client, **{name: "none"}).status_code for name in ("mode", "format", "table")),
        client.put(PAGE).status_code,
    ] == [404, 404, 404, 422, 422, 422, 405]
    assert recorded() == []


def test_download_that_breaks_off_is_a_page_and_no_file(study: Study, tmp_path: Path) -> None:
    Study.objects.update(status=Status.CLOSED)
    enter(study, 2, assignments={"main": {"probability": "1/zero"}})
    response = made(desk("export_data"))
    assert response.status_code == 503
    assert "The file could not be made" in response.content.decode()
    assert "Content-Disposition" not in response.headers
    assert list((tmp_path / "exports").iterdir()) == []


def test_page_counts_each_mode_and_offers_no_unblinding_without_the_permission(
    study: Study,
) -> None:
    enter(study, 2, mode=Mode.PILOT)
    text = desk("export_data").get(PAGE).content.decode()
    assert re.findall(r"(\d+) participant", text) == ["1", "1", "0"]
    assert 'id="unblind"' not in text


@pytest.mark.parametrize(("status", "offered"), [(Status.LIVE, True), (Status.CLOSED, False)])
def test_page_offers_unblinding_while_the_study_collects(
    status: Status, offered: bool, study: Study
) -> None:
    Study.objects.update(status=status)
    text = desk("export_data", "unblind_export").get(PAGE).content.decode()
    assert ('id="unblind"' in text) is offered


def test_page_of_a_study_that_was_never_launched_offers_nothing() -> None:
    Study.objects.create(slug="park", languages=["en"])
    client = desk("export_data")
    text = client.get(PAGE).content.decode()
    assert '<form method="post" action="/admin/export' not in text
    assert "was never launched" in text
    assert client.post(PAGE, ASKED).status_code == 422


def test_page_says_who_is_missing_and_makes_no_file(study: Study, tmp_path: Path) -> None:
    Participant.objects.filter(study=study).update(assignments={})
    response = made(desk("export_data"))
    assert response.status_code == 500
    told = "No file was made, since it would not hold everybody. Version 1: the ledger has 1 rows"
    assert told in response.content.decode()
    assert list((tmp_path / "exports").iterdir()) == []
    assert not ExportStatement.objects.exists()
