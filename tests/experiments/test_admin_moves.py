"""Launching, pausing, resuming and closing from the desk; versions; accounts; the policy."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from experiments.checks import problems
from experiments.compiler import write_rows
from experiments.models import DesignVersion, Page, Plan, Status, Study
from experiments.studyrows import read_rows
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory, PilotStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db


def move(study: Study, name: str) -> str:
    return f"/admin/experiments/study/{study.pk}/do/{name}/"


def watch(study: Study) -> str:
    return f"/admin/responses/participant/watch/{study.slug}/"


def test_launch_says_what_will_happen_and_asking_changes_nothing() -> None:
    client, study = desk(), StudyFactory(slug="park")
    page = text_of(client.get(move(study, "launch")))
    assert "frozen as version 1: 4 arms, in en, ko." in page
    assert "Its SHA-256 is published now, the seed itself when the study closes." in page
    assert "The plan asks for 40 eligible completes; looks are run at 50%, 100% of them." in page
    assert Study.objects.get().status == Status.DRAFT
    assert not DesignVersion.objects.exists()


def test_study_goes_through_its_life_at_the_desk() -> None:
    client, study = desk(), StudyFactory(slug="park")
    reached = []
    for name in ("pilot", "launch", "pause", "resume", "close"):
        assert client.get(move(study, name)).status_code == 200
        response = client.post(move(study, name))
        assert (response.status_code, response["Location"]) == (302, watch(study))
        reached.append(Study.objects.get().status)
    assert reached == ["pilot", "live", "paused", "live", "closed"]
    page = text_of(client.get(f"/admin/experiments/study/{study.pk}/change/"))
    assert Study.objects.get().seed_revealed in page
    assert "park is closed, and stays as it is." in page
    history = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(history) == [
        "Launch pilot, version 1",
        "Launch, version 2",
        "Pause",
        "Resume",
        "Close study",
    ]


def test_launch_lists_every_reason_why_not() -> None:
    client, study = desk(), StudyFactory(slug="park")
    Page.objects.filter(code="thanks").delete()
    Plan.objects.filter(study=study).delete()
    before = Study.objects.values().get()
    reasons = [problem.message for problem in problems(read_rows(study))]
    assert len(reasons) > 2
    for response in (client.get(move(study, "launch")), client.post(move(study, "launch"))):
        page = response.content.decode()
        for reason in reasons:
            assert escape(reason) in page
        assert f"/admin/experiments/plan/add/?study={study.pk}" in page
        assert "<button" not in page.split('id="heading"')[1].split("</section>")[0]
    assert response.status_code == 409
    assert Study.objects.values().get() == before


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (StudyFactory, ("pause", "resume", "close", "version")),
        (PilotStudyFactory, ("pause", "resume", "close", "version")),
        (LiveStudyFactory, ("pilot", "launch", "resume")),
    ],
)
def test_move_that_is_not_possible_is_refused_with_words(
    make: Callable[..., Study], names: tuple[str, ...]
) -> None:
    client, study = desk(), make()
    status = Study.objects.get().status
    for name in (*names, "nonsense"):
        response = client.post(move(study, name), follow=True)
        assert "so that can't be done now." in text_of(response)
    assert Study.objects.get().status == status


def test_changed_rows_of_a_live_study_are_launched_with_a_reason() -> None:
    client, study = desk(), LiveStudyFactory(slug="park")
    changed = replace(small(), title=both("A better park", "더 나은 공원"))
    write_rows(design=changed)
    page = text_of(client.get(f"/admin/experiments/study/{study.pk}/change/"))
    assert "differs from the version in force" in page
    asked = text_of(client.get(move(study, "version")))
    assert "changed title (en) A better park" in asked
    refused = client.post(move(study, "version"), {"reason": " "})
    assert refused.status_code == 409
    assert "give the reason for a new version" in text_of(refused)
    client.post(move(study, "version"), {"reason": "A typing error."})
    assert list(DesignVersion.objects.values_list("number", "reason")) == [
        (1, ""),
        (2, "A typing error."),
    ]


def test_version_is_read_and_downloaded_byte_for_byte() -> None:
    client = desk()
    LiveStudyFactory(slug="park")
    version = DesignVersion.objects.get()
    address = f"/admin/experiments/designversion/{version.pk}/"
    assert version.digest in text_of(client.get(f"{address}change/"))
    assert client.post(f"{address}change/", {"number": 9}).status_code == 403
    file = client.get(f"{address}design.json")
    assert hashlib.sha256(file.content).hexdigest() == version.digest
    assert file["Content-Disposition"] == 'attachment; filename="park_v1.json"'
    nowhere = f"/admin/experiments/designversion/{version.pk + 1}/design.json"
    assert client.get(nowhere).status_code == 404


@pytest.mark.parametrize("studies", [1, 3])
def test_version_list_costs_the_same_however_long(
    studies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    for _ in range(studies):
        LiveStudyFactory()
    with django_assert_num_queries(6):
        client.get("/admin/experiments/designversion/")


def test_accounts_are_listed_and_added() -> None:
    client = desk()
    response = client.post(
        "/admin/auth/user/add/",
        {
            "username": "assistant",
            "usable_password": "true",
            "password1": "long-enough-4-it",
            "password2": "long-enough-4-it",
        },
    )
    assert response.status_code == 302, text_of(response)
    assert User.objects.filter(username="assistant").exists()
    assert "assistant" in text_of(client.get("/admin/auth/user/"))


def test_policy_of_the_desk_relaxes_two_directives_and_participants_pages_none(
    client: Client,
) -> None:
    LiveStudyFactory(slug="park")
    strict = client.get("/s/park/").headers["Content-Security-Policy"]
    relaxed = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in strict
    parts = {part.strip() for part in relaxed.split(";")}
    assert parts - {part.strip() for part in strict.split(";")} == {
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
    }


def test_form_that_was_open_before_the_launch_is_told_that_it_was_not_saved() -> None:
    client, study = desk(), LiveStudyFactory(slug="park")
    page = study.pages.first()
    assert page is not None
    said = "Your change was not saved. park collects answers, so its parts can only be read here."
    home = f"/admin/experiments/study/{study.pk}/"
    lost = [
        (f"{home}change/", {"title_en": "Late"}),
        (f"/admin/experiments/page/{page.pk}/change/", {"title_en": "Late"}),
        (f"/admin/experiments/page/add/?study={study.pk}", {"code": "late"}),
        (f"/admin/experiments/page/{page.pk}/delete/", {"post": "yes"}),
        (f"{home}order/", {"model": "page", "row": str(page.pk), "to": "up"}),
        (f"{home}library/", {"scale": "psm"}),
        (f"/admin/experiments/study/paste/{page.pk}/", {"table": "late"}),
    ]
    for address, sent in lost:
        assert said in text_of(client.post(address, sent, follow=True))
    page_told = text_of(client.get(f"/admin/experiments/page/{page.pk}/change/", follow=True))
    assert "collects answers" in page_told
    assert "was not saved" not in page_told
