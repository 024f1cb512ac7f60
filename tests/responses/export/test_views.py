"""The desk's export page and its download."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import FileResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from experiments.models import Status, Study
from responses.export.views import export_view
from responses.models import ExportRecord, Mode
from tests.responses.export.reading import export
from tests.responses.export.rows import completed, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, CSV = "/admin/export/park/", "/admin/export/park.csv"


def desk(*permissions: str, staff: bool = True) -> Client:
    """A client that somebody with these permissions is logged in to."""
    user = User.objects.create_user("hana", is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def recorded() -> list[tuple[object, ...]]:
    return list(ExportRecord.objects.values_list("mode", "unblinded", "reason", "actor"))


def body(response: object) -> str:
    assert isinstance(response, FileResponse)
    return b"".join(response).decode()


@pytest.fixture
def study() -> Study:
    study = launched()
    completed(study, 1, "money.high", answers={"comment": "공원 =)"})
    return study


def test_download_is_the_blinded_file_with_its_length(study: Study) -> None:
    response = desk("export_data").get(CSV)
    text = body(response)
    assert recorded() == [("live", False, "", "hana")]
    assert text == export(study)
    assert (
        response.status_code,
        dict(response.headers) | {"Expires": "", "Last-Modified": ""},
    ) == (
        200,
        dict(response.headers)
        | {
            "Content-Type": "text/csv; charset=utf-8; header=present",
            "Content-Length": str(len(text.encode())),
            "Content-Disposition": (
                f'attachment; filename="park_live_{timezone.now():%Y-%m-%d}.csv"'
            ),
            "Expires": "",
            "Last-Modified": "",
        },
    )
    assert "no-store" in response.headers["Cache-Control"]


def test_download_gives_the_mode_asked_for(study: Study) -> None:
    enter(study, 2, mode=Mode.PILOT)
    response = desk("export_data").get(CSV, {"mode": "pilot"})
    assert 'filename="park_pilot_' in response.headers["Content-Disposition"]
    assert body(response) == export(study, Mode.PILOT)


def test_download_holds_no_connection_while_it_is_sent(study: Study) -> None:
    response = desk("export_data").get(CSV)
    assert connection.connection is None
    response.close()


def test_download_that_is_left_leaves_no_file(study: Study, rf: RequestFactory) -> None:
    request = rf.get(CSV)
    request.user = User.objects.create_superuser("hana")
    response = export_view(request, "park")
    assert isinstance(response, FileResponse)
    file = response.file_to_stream
    assert file is not None
    response.close()
    assert file.closed


@pytest.mark.parametrize("participants", [1, 3])
def test_download_runs_thirteen_statements(
    participants: int, study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, participants + 1):
        enter(study, number)
    client = desk("export_data")
    # Session, user, two of permissions, study; then BEGIN, versions, record, COMMIT; then for the
    # flags the pages' medians, the people, the version, what changed.
    with django_assert_num_queries(13):
        response = client.get(CSV)
    response.close()


@pytest.mark.parametrize("participants", [1, 3])
def test_page_runs_seven_statements(
    participants: int, study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, participants + 1):
        enter(study, number)
    client = desk("export_data")
    # Session, user, two of permissions, study, participants by mode, versions.
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_post_with_a_reason_unblinds(study: Study) -> None:
    client = desk("export_data", "unblind_export")
    text = body(client.post(CSV, {"mode": "live", "reason": "The board asked."}))
    assert recorded() == [("live", True, "The board asked.", "hana")]
    assert text == export(study, reason="To compare.")
    assert ",money.high," in text


def test_post_without_a_reason_is_refused(study: Study) -> None:
    response = desk("export_data", "unblind_export").post(CSV, {"reason": " "})
    assert response.status_code == 400
    assert "Unblinding needs a reason" in response.content.decode()
    assert recorded() == []


def test_post_needs_the_permission_to_unblind(study: Study) -> None:
    response = desk("export_data").post(CSV, {"reason": "The board asked."})
    assert (response.status_code, recorded()) == (403, [])


@pytest.mark.parametrize("address", [PAGE, CSV])
def test_export_needs_its_permission(address: str, study: Study) -> None:
    response = desk("unblind_export").get(address)
    assert (response.status_code, recorded()) == (403, [])


@pytest.mark.parametrize("address", [PAGE, CSV])
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
    response = client.post(CSV, {"reason": "The board asked."})
    assert (response.status_code, recorded()) == (403, [])


def test_download_of_an_unknown_study_or_mode_is_refused(study: Study) -> None:
    client = desk("export_data")
    assert [
        client.get("/admin/export/nowhere.csv").status_code,
        client.get("/admin/export/nowhere/").status_code,
        client.get(CSV, {"mode": "all"}).status_code,
        client.put(CSV).status_code,
    ] == [404, 404, 400, 405]
    assert recorded() == []


def test_download_that_breaks_off_is_a_page_and_no_file(study: Study) -> None:
    Study.objects.update(status=Status.CLOSED)
    enter(study, 2, assignments={"main": {"probability": "1/zero"}})
    response = desk("export_data").get(CSV)
    assert response.status_code == 503
    assert "The file could not be made" in response.content.decode()
    assert "Content-Disposition" not in response.headers


def links(text: str) -> list[str]:
    return re.findall(r'href="(/admin/export/[^"]+)"', text)


def test_page_links_each_mode_and_offers_no_unblinding_without_the_permission(
    study: Study,
) -> None:
    enter(study, 2, mode=Mode.PILOT)
    text = desk("export_data").get(PAGE).content.decode()
    assert links(text) == [f"{CSV}?mode={mode}" for mode in ("live", "pilot", "rehearsal")]
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
    assert links(text) == []
    assert "was never launched" in text
    assert client.get(CSV).status_code == 400
