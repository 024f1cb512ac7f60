"""What goes wrong at the desk is told in the desk's words, to those who may know."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from lxml import html

from experiments.models import DesignVersion, Study
from responses.error_pages import server_error
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db


def move(study: Study, name: str) -> str:
    return f"/admin/experiments/study/{study.pk}/do/{name}/"


def test_errors_at_the_desk_are_told_in_its_words(rf: RequestFactory) -> None:
    client, other = desk(), desk("view_look")
    many = {f"a{number}": "1" for number in range(3000)}
    forged = Client(enforce_csrf_checks=True)
    imports = "/admin/experiments/study/import/"
    garbled = client.post(imports, b"x", content_type="multipart/form-data")
    found: dict[str, tuple[int, HttpResponseBase]] = {
        "This request can't be read": (400, garbled),
        "The form holds too much": (400, client.post("/admin/experiments/study/add/", many)),
        "Your account may not open this page": (403, other.get(imports)),
        "The form was not accepted": (403, forged.post("/admin/login/", {"username": "x"})),
        "There is no such page": (404, client.get("/admin/experiments/factor/999/change/")),
        "Something went wrong on the server": (
            500,
            server_error(rf.post("/admin/x/", {"a": "secret"})),
        ),
    }
    for title, (status, response) in found.items():
        assert isinstance(response, HttpResponse)
        page = text_of(response)
        assert response.status_code == status
        assert title in page
        assert 'href="/admin/">Back to the desk</a>' in response.content.decode()
        for participants in ("What you have sent so far is saved", "survey", "secret"):
            assert participants not in page


def test_file_beyond_the_limit_is_told_in_the_desks_words() -> None:
    file = SimpleUploadedFile("study.yaml", b"x" * 3_000_000)
    response = desk().post("/admin/experiments/study/import/", {"file": file})
    assert response.status_code == 422
    assert "The file was not read" in text_of(response)


@pytest.mark.django_db(transaction=True)
def test_one_of_four_simultaneous_launches_is_made_and_recorded() -> None:
    study = StudyFactory(slug="park")
    clients = [desk() for _ in range(4)]

    def launch(client: Client) -> str:
        try:
            return text_of(client.post(move(study, "launch"), follow=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(launch, clients))
    assert sum("park is launched, on version 1." in page for page in pages) == 1
    assert sum("park is live, so that can't be done now." in page for page in pages) == 3
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Launch, version 1"]


def test_version_without_changes_is_not_launched_and_not_recorded() -> None:
    client, study = desk(), LiveStudyFactory(slug="park")
    for response in (
        client.get(move(study, "version"), follow=True),
        client.post(move(study, "version"), {"reason": "None."}, follow=True),
    ):
        page = text_of(response)
        assert "There is nothing to launch: park is as in version 1." in page
        assert "is launched" not in page
    assert (LogEntry.objects.count(), DesignVersion.objects.count()) == (0, 1)


def test_history_tells_version_and_reason() -> None:
    client, study = desk(), LiveStudyFactory(slug="park")
    study.scales.update(source="Elsewhere")
    client.post(move(study, "version"), {"reason": "A source was wrong."})
    assert [entry.change_message for entry in LogEntry.objects.all()] == [
        "Launch new version, version 2: A source was wrong."
    ]


def test_nobody_is_offered_a_page_that_refuses_them() -> None:
    study = LiveStudyFactory(slug="park")
    pages = ("/admin/", "/admin/experiments/study/", f"/admin/experiments/study/{study.pk}/change/")
    later = ("/admin/export/park/", "/participant/watch/park/", "/look/study/park/")

    def offered(*rights: str) -> list[list[bool]]:
        client = desk("view_study", *rights)
        shown = [client.get(page).content.decode() for page in pages]
        return [[address in page for page in shown] for address in later]

    assert offered() == [[False] * 3] * 3
    everywhere = [True] * 3
    assert offered("view_participant", "view_look", "export_data") == [
        everywhere,
        everywhere,
        [True, False, False],
    ]
    counts = desk("view_study", "view_participant").get("/admin/responses/participant/watch/park/")
    assert "/admin/export/park/" not in counts.content.decode()
    assert "/look/study/park/" not in counts.content.decode()


def test_account_without_rights_does_not_learn_where_a_study_stands() -> None:
    study = LiveStudyFactory(slug="park")
    client = desk("view_look")
    for response in (
        client.post(f"/admin/experiments/study/{study.pk}/change/", {"slug": "x"}),
        client.post(move(study, "close")),
    ):
        assert response.status_code == 403
        assert "park" not in response.content.decode()
    assert "park" not in text_of(client.get("/admin/"))


@pytest.mark.parametrize(
    "asked",
    [
        "responses/participant/?mode__exact=%00",
        "responses/participant/?state__exact=a%00b",
        "responses/exportrecord/?mode__exact=%00",
        "analysis/look/?mode__exact=%00",
        "experiments/study/?q=%00",
    ],
)
def test_list_asked_for_a_nul_is_a_bad_request(asked: str) -> None:
    response = desk().get(f"/admin/{asked}")
    assert response.status_code == 400
    assert "This request can't be read" in text_of(response)


@pytest.mark.parametrize(
    ("language", "label", "told"),
    [
        ("en", "Short name", "There is a study park already; take another name."),
        ("ko", "짧은 이름", "park: 이미 있는 연구입니다. 다른 이름을 쓰십시오."),
    ],
)
def test_short_name_of_a_study_is_called_so_also_where_another_has_it(
    language: str, label: str, told: str
) -> None:
    StudyFactory(slug="park")
    client = desk()
    client.cookies["django_language"] = language
    response = client.post(
        "/admin/experiments/study/add/", {"slug": "park", "languages": "en", "title_en": "A park"}
    )
    page = html.fromstring(response.content.decode())
    assert str(page.xpath("string(//label[@for='id_slug'])")).strip().startswith(label)
    assert told in text_of(response)
    assert "Slug" not in text_of(response)
