"""Lists of the desk are called by what is in them, in both languages."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ko"])
def test_lists_are_called_by_what_is_in_them(language: str) -> None:
    client = desk()
    client.cookies["django_language"] = language
    called = dict[str, str]()
    for model in admin.site._registry:
        name = model._meta.label_lower.replace(".", "_")
        answer = client.get(reverse(f"admin:{name}_changelist"))
        # Parts of studies have no list of their own.
        if answer.status_code == 200:
            (title,) = re.findall(r"<title>\s*(.*?)\s*</title>", answer.content.decode(), re.DOTALL)
            called[model._meta.label] = title
    with override(language):
        assert called == {
            label: f"{capfirst(model._meta.verbose_name_plural)} | Coprod"
            for label, model in ((each._meta.label, each) for each in admin.site._registry)
            if label in called
        }
    assert {"responses.Participant", "auth.User", "analysis.ApiToken"} <= called.keys()


@pytest.mark.parametrize(("language", "called"), [("en", "View study"), ("ko", "연구 보기")])
def test_study_that_is_only_read_is_called_so(language: str, called: str) -> None:
    study, client = LiveStudyFactory(slug="park"), desk()
    client.cookies["django_language"] = language
    page = client.get(f"/admin/experiments/study/{study.pk}/change/").content.decode()
    (title,) = re.findall(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)
    assert " ".join(title.split()) == f"park | {called} | Coprod"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 study", "0 participants", "1 user")),
        ("ko", ("연구 1건", "참여자 0명", "사용자 1명")),
    ],
)
def test_rows_are_counted_as_the_language_counts_them(language: str, said: tuple[str, ...]) -> None:
    LiveStudyFactory(slug="park")
    client = desk()
    client.cookies["django_language"] = language
    lists = ("experiments/study", "responses/participant", "auth/user")
    shown = [text_of(client.get(f"/admin/{each}/")) for each in lists]
    assert [told in text for told, text in zip(said, shown, strict=True)] == [True] * 3
