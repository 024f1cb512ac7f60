"""Study files at the desk: import and download."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coprod_site.embedded import ROOT
from experiments.models import Membership, Study
from experiments.studyfile import dump, parse
from experiments.studyrows import read_rows
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/experiments/study/import/"


def sent(client: Client, content: str | bytes) -> Any:
    """What the desk shows of the file: what it would change."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(ADDRESS, {"file": SimpleUploadedFile("study.yaml", data)})


def applied(client: Client, shown: Any, **options: Any) -> Any:
    """What comes of it if that is applied."""
    said = shown.context["shown"]
    return client.post(ADDRESS, {"content": said.content, "seen": said.seen}, **options)


def test_study_that_ships_comes_in_and_goes_out_as_it_is() -> None:
    client = desk()
    file = (ROOT / "studies" / "coproduction.yaml").read_bytes()
    shown = sent(client, file)
    assert not Study.objects.exists()
    response = applied(client, shown)
    study = Study.objects.get()
    assert response["Location"] == f"/admin/experiments/study/{study.pk}/change/"
    out = client.get(f"/admin/experiments/study/{study.pk}/file/")
    assert out.content.decode() == dump(read_rows(study))
    assert out["Content-Disposition"] == 'attachment; filename="coproduction.yaml"'
    assert "This changes nothing in coproduction" in text_of(sent(client, out.content))
    assert study.history.count() == 1
    assert client.get(f"/admin/experiments/study/{study.pk}/file/").content == out.content


def test_every_problem_of_a_file_is_listed_by_line() -> None:
    file = dump(small()).replace("study: park", "study: Park") + "nonsense: 1\n"
    response = sent(desk(), file)
    page = text_of(response)
    assert response.status_code == 422
    problems = parse(file).problems
    assert f"The file was not read: {len(problems)} problems" in page
    assert len(problems) >= 2
    # On a narrow screen, where the head of the table is hidden, each cell says what it is.
    assert response.content.decode().count('data-label="What to do"') == len(problems)
    for problem in problems:
        assert f"{problem.line} {problem.path} {problem.message} {problem.remedy}" in page
    assert not Study.objects.exists()


@pytest.mark.parametrize(("old", "more"), [("sample_size: 40", True), ("study: park", False)])
def test_list_of_a_file_that_can_not_be_read_whole_says_that_more_may_come(
    old: str, more: bool
) -> None:
    response = sent(desk(), dump(small()).replace(old, f"{old.partition(':')[0]}: A"))
    assert response.status_code == 422
    assert ("Once this is mended the rest of the file can be checked" in text_of(response)) is more


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a: [", b"x" * 1_100_000])
def test_file_that_is_none_is_told_and_nothing_breaks(content: bytes) -> None:
    response = sent(desk(), content)
    assert response.status_code == 422
    assert not Study.objects.exists()


def test_study_that_is_there_is_changed_once_the_difference_was_seen() -> None:
    client = desk()
    study = StudyFactory(slug="park")
    file = dump(changed(small(), {"plan.alpha": 0.01}))
    shown = sent(client, file)
    assert "What this changes in park" in text_of(shown)
    assert "changed plan, alpha 0.05 → 0.01" in text_of(shown)
    assert read_rows(Study.objects.get()) == small()
    study.scales.update(source="Elsewhere")
    late = applied(client, shown)
    assert late.status_code == 409
    assert "Somebody changed park meanwhile" in text_of(late)
    assert "motive, source" in text_of(late)
    applied(client, late)
    assert read_rows(Study.objects.get()) == changed(small(), {"plan.alpha": 0.01})
    assert list(study.history.values_list("made_by", "way")) == [
        ("researcher", "import"),
        ("", "found"),
    ]


@pytest.mark.parametrize("content", ["", "?", "AAAA", "YTogWw=="])
def test_file_that_comes_back_garbled_is_told(content: str) -> None:
    response = desk().post(ADDRESS, {"content": content})
    assert response.status_code == 422
    assert not Study.objects.exists()


def test_file_of_another_study_is_told_on_the_page_of_a_study() -> None:
    client = desk()
    StudyFactory(slug="park")
    page = text_of(client.get(f"{ADDRESS}?study=park"))
    assert "The study file of park as it stands" in page
    data = SimpleUploadedFile("study.yaml", dump(small(study="pond")).encode())
    page = text_of(client.post(f"{ADDRESS}?study=park", {"file": data}))
    assert "The file is of pond, not of park" in page
    assert "This makes a new study, pond" in page


def test_draft_with_problems_comes_in_with_a_list_of_them() -> None:
    client = desk()
    file = dump(small()).replace("A story", '" "')
    page = text_of(applied(client, sent(client, file), follow=True))
    assert "1 problem keeps it from being launched; it is listed below." in page
    assert "The text in en is blank." in page


def test_import_needs_the_right_to_add_a_study_or_to_change_that_one() -> None:
    StudyFactory(slug="park")
    other, new = dump(small(study="park")), dump(small(study="pond"))
    editor = desk("change_study")
    assert editor.get(ADDRESS).status_code == 200
    assert [sent(editor, file).status_code for file in (other, new)] == [200, 403]
    maker = desk("add_study")
    assert [sent(maker, file).status_code for file in (other, new)] == [403, 200]
    assert applied(maker, sent(maker, new)).status_code == 302
    member = Membership.objects.get(study__slug="pond")
    assert (member.user.username, member.role.name) == ("assistant", "owner")
    reader = desk("view_study")
    assert reader.get(ADDRESS).status_code == 403
    assert sent(reader, new).status_code == 403
