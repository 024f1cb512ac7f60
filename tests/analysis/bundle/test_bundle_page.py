"""Bundles at the desk: asked for once, made by a worker, said how far they are, and downloaded."""

import hashlib
import os
import re
import signal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html
from pytest_django import Settings

from analysis.bundle.opening import verify_bundle
from analysis.bundle.queueing import GAVE_UP, make_queued_bundle
from analysis.locks import bundle_lock
from analysis.models import Bundle
from responses.models import ExportRecord, ExportStatement, Participant, State
from responses.withdrawal import withdraw
from tests.analysis.bundle.closing import closed, collected
from tests.analysis.test_look_under_failure import database_url, until, worker
from tests.desk import client_of, desk, grant, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/bundle/park/"
ASKED = {"mode": "live", "licence": "cc-by-4.0"}


@pytest.fixture
def kept(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of kept files, of this process and of workers."""
    folder = tmp_path / "exports"
    monkeypatch.setenv("COPROD_EXPORT_ROOT", str(folder))
    settings.EXPORT_ROOT = folder
    return folder


def ask(client: Client, **asked: str) -> Any:
    """The page that follows."""
    return client.post(PAGE, {**ASKED, **asked}, follow=True)


def content(response: Any) -> bytes:
    return b"".join(response)


def test_bundle_is_asked_for_made_and_downloaded(kept: Path, tmp_path: Path) -> None:
    closed()
    client = desk("export_data")

    waiting = text_of(ask(client))
    again = ask(client)
    (bundle,) = Bundle.objects.filter(at_desk=True)
    make_queued_bundle(number=bundle.pk)
    page = client.get(PAGE)
    file = client.get(f"{PAGE}{bundle.pk}/")

    assert "waits for a worker, since " in waiting
    assert "desk/watch." in again.content.decode()
    assert "desk/watch." not in page.content.decode()
    whole = content(file)
    bundle.refresh_from_db()
    assert (bundle.step, bundle.size) == ("made", len(whole))
    assert hashlib.sha256(whole).hexdigest() == bundle.sha256
    assert f"SHA-256 {bundle.sha256}" in text_of(page)
    assert "61 assigned = 60 exported + 1 withdrawn + 0 given again." in text_of(page)
    korean = text_of(client.get(PAGE, headers={"accept-language": "ko"}))
    assert "배정 61 = 내보냄 60 + 철회 1 + 다시 배정 0." in korean
    found = re.search(r'filename="(park_live_[\d-]+_bundle\.zip)"', file["Content-Disposition"])
    assert found
    assert found[1] in text_of(page)
    path = tmp_path / "downloaded.zip"
    path.write_bytes(whole)
    assert verify_bundle(path).problems == ()
    assert ExportStatement.objects.filter(export=bundle.export).count() == 1
    rest = client.get(f"{PAGE}{bundle.pk}/", headers={"Range": "bytes=1000-"})
    assert (rest.status_code, content(rest)) == (206, whole[1000:])


def test_bundle_of_a_running_study_is_refused_with_what_to_do(kept: Path) -> None:
    collected()
    client = desk("export_data")
    response = ask(client)
    assert response.status_code == 409
    refused = "The study is live: while it collects its arms and its seed are secret"
    assert refused in text_of(response)
    assert not Bundle.objects.exists()
    # It is said of what can be done here, and in the reader's words.
    page = text_of(client.get(PAGE))
    assert "Close it first, on its own page. Until then its data can be downloaded" in page
    assert [word in page for word in ("close_study", "--mode", "`export`")] == [False] * 3
    client.cookies["django_language"] = "ko"
    page = text_of(client.get(PAGE))
    assert "연구의 상태는 본 조사입니다. 수집하는 동안에는" in page
    assert "live" not in page


def test_bundle_page_is_for_those_who_may_export(kept: Path) -> None:
    closed()
    codes = [
        desk("view_study").get(PAGE).status_code,
        desk("view_study").post(PAGE, ASKED).status_code,
        desk("export_data").get(PAGE).status_code,
        desk("export_data").post(PAGE, {"mode": "live", "licence": "mine"}).status_code,
        desk("export_data").get("/admin/bundle/lake/").status_code,
    ]
    assert codes == [403, 403, 200, 422, 404]


def test_bundle_is_for_who_asked_for_it_alone(kept: Path) -> None:
    closed()
    ask(desk("export_data"))
    (bundle,) = Bundle.objects.filter(at_desk=True)
    make_queued_bundle(number=bundle.pk)
    other = User.objects.create_user("other", is_staff=True)
    grant(other, "export_data")
    client = client_of(other)
    assert client.get(f"{PAGE}{bundle.pk}/").status_code == 404
    bundle.refresh_from_db()
    assert bundle.sha256 not in client.get(PAGE).content.decode()


def test_bundle_of_a_draft_offers_nothing(kept: Path) -> None:
    StudyFactory(slug="park")
    page = text_of(desk("export_data").get(PAGE))
    assert "This study was never launched" in page
    assert "Make the bundle" not in page


def test_bundle_that_failed_says_why_and_can_be_asked_for_again(kept: Path) -> None:
    closed()
    client = desk("export_data")
    ask(client)
    (first,) = Bundle.objects.filter(at_desk=True)
    kept.write_text("a file is in the place of the folder")
    make_queued_bundle(number=first.pk)
    kept.unlink()
    page = text_of(client.get(PAGE))
    assert "The database or the disk gave out. Ask for it again" in page
    ask(client)
    assert Bundle.objects.filter(at_desk=True).count() == 2


def test_bundle_goes_when_somebody_withdraws(kept: Path) -> None:
    closed()
    client = desk("export_data")
    ask(client)
    (bundle,) = Bundle.objects.filter(at_desk=True)
    make_queued_bundle(number=bundle.pk)
    withdraw(participant_id=Participant.objects.filter(state=State.COMPLETED).latest("id").pk)
    assert [path.name for path in kept.iterdir()] == []
    assert client.get(f"{PAGE}{bundle.pk}/").status_code == 404
    assert "its file is not kept any more" in text_of(client.get(PAGE))


def test_bundle_that_another_worker_makes_is_left_to_it(kept: Path) -> None:
    closed()
    ask(desk("export_data"))
    (bundle,) = Bundle.objects.filter(at_desk=True)
    with bundle_lock(bundle.pk) as mine, bundle_lock(bundle.pk) as theirs:
        assert (mine is None, theirs is None) == (False, True)
        make_queued_bundle(number=bundle.pk)
    bundle.refresh_from_db()
    assert (bundle.step, kept.exists()) == ("waiting", False)


@pytest.mark.slow
def test_bundle_is_begun_anew_when_its_worker_was_killed(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPROD_SWEEP_SECONDS", "0.5")
    closed()
    ask(desk("export_data"))
    step = Bundle.objects.filter(at_desk=True).values_list("step", flat=True)
    with psycopg.connect(database_url()) as other:
        other.execute("LOCK TABLE responses_paradata IN ACCESS EXCLUSIVE MODE")
        with worker(tmp_path / "first") as killed:
            until(lambda: step.get() == "data")
            os.killpg(killed.pid, signal.SIGKILL)
            killed.wait()
    assert not list(kept.glob("*.zip"))
    with worker(tmp_path / "second"):
        until(lambda: step.get() == "made")
    (path,) = kept.glob("*.zip")
    assert verify_bundle(path).problems == ()
    assert ExportRecord.objects.filter(format="bundle").count() == 1
    assert Bundle.objects.get().starts == 2


@pytest.mark.slow
def test_bundle_whose_worker_is_ended_each_time_is_given_up_and_can_be_started_anew(
    kept: Path,
) -> None:
    closed()
    client = desk("export_data")
    ask(client)
    # As the third worker left it.
    Bundle.objects.update(step="looks", starts=3)
    (first,) = Bundle.objects.all()
    assert "step 3 of 4: looks and their plots, since " in text_of(client.get(PAGE))
    assert "This is start 3: the worker before was ended." in text_of(client.get(PAGE))

    make_queued_bundle(number=first.pk)

    first.refresh_from_db()
    assert (first.step, first.starts, first.problem) == ("failed", 3, GAVE_UP)
    page = client.get(PAGE)
    assert "It was begun three times" in text_of(page)
    (form,) = html.fromstring(page.content).xpath("//form[.//button[text()='Start it anew']]")
    assert dict(form.form_values())["mode"] == "live"
    korean = text_of(client.get(PAGE, headers={"accept-language": "ko"}))
    assert "세 번 시작했으나" in korean
    client.post(form.action, dict(form.form_values()))
    second, _first = Bundle.objects.all()
    assert (second.licence, second.starts) == (first.licence, 0)
    make_queued_bundle(number=second.pk)
    second.refresh_from_db()
    assert (second.step, second.starts) == ("made", 1)
