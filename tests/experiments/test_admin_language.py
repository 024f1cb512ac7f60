"""The desk speaks the browser's language, or the one that was chosen; so do its fields' names."""

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from experiments.differences import differences
from experiments.in_words import in_words
from experiments.itemtable import read_table
from experiments.models import Study
from responses.desk_notices import DeskNotice, desk_notice
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9"}


def test_desk_speaks_what_the_browser_asks_for() -> None:
    client, study = desk(), StudyFactory(slug="park")
    page = client.get(f"/admin/experiments/study/{study.pk}/change/", headers=KOREAN)
    assert '<html lang="ko"' in page.content.decode()
    text = text_of(page)
    told = ("요인 추가", "페이지 추가", "척도 추가", "개시를 막는 것이 없습니다.", "사전 등록")
    assert [words for words in told if words not in text] == []
    form = client.get(f"/admin/experiments/factor/add/?study={study.pk}", headers=KOREAN)
    assert [label for label in ("코드", "수준") if label not in text_of(form)] == []


def test_language_that_was_chosen_is_kept_for_the_desk_alone() -> None:
    client = Client()
    assert "Log in" in text_of(client.get("/admin/login/"))
    chosen = client.post("/admin/language/", {"language": "ko", "next": "/admin/login/"})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/admin/login/")
    assert client.cookies["django_language"]["path"] == "/admin/"
    page = text_of(client.get("/admin/login/"))
    assert ("로그인" in page, "Log in" in page) == (True, False)
    elsewhere = client.post("/admin/language/", {"language": "ko", "next": "//elsewhere.org/"})
    assert elsewhere.headers["Location"] == "/"


def test_what_goes_wrong_at_the_desk_is_told_in_the_language_it_is_read_in(
    rf: RequestFactory,
) -> None:
    """The browser's or the one that was chosen, also before or after any middleware."""
    told: dict[str, tuple[str, dict[str, str]]] = {
        "Too many pages are being computed": ("Back to the desk", {}),
        "계산 중인 페이지가 너무 많습니다": ("관리 화면으로 돌아가기", KOREAN),
    }
    for title, (back, headers) in told.items():
        page = desk_notice(rf.get("/admin/x/", headers=headers), DeskNotice.BUSY).content.decode()
        assert (f"<h1>{title}</h1>" in page, back in page) == (True, True)
    client = desk()
    client.post("/admin/language/", {"language": "ko", "next": "/admin/"})
    missing = client.get("/admin/experiments/factor/999/change/").content.decode()
    assert ('<html lang="ko"' in missing, "페이지를 찾을 수 없습니다" in missing) == (True, True)


def test_what_pure_rooms_say_is_in_korean_too() -> None:
    """Faults of a pasted table and the words of a difference; the values in them stay."""
    new = changed(small(), {"paradata": False, "pages[3].items[0].shown_if": "age > 17"})
    tables = (read_table("code,text_xx\n1a,b\n", ("en", "ko")), read_table("code\n1a", ("en",)))
    told = [fault for table in tables for fault in table.faults]
    with override("ko"):
        assert [in_words(each) for each in told] == [
            "1행: text_xx 열은 없습니다. 쓸 수 있는 열: code, kind, scale, subscale, reverse, "
            "required, measure, source, text_en, text_ko, left_en, left_ko, right_en, right_ko.",
            "2행: 코드가 될 수 없습니다: 1a. 소문자로 시작하고 그 뒤에 영문자, 숫자, _를 쓰십시오.",
        ]
        found = [
            (in_words(each.place), in_words(each.before), each.after)
            for each in differences(small(), new)
        ]
        assert found == [
            ("페이지 opinion, 문항 will1, 보이는 조건", "–", "age > 17"),
            ("파라데이터", "예", "no"),
        ]


def test_what_django_says_at_the_desk_is_worded_as_the_desk_words_it() -> None:
    client = desk()
    gone = client.get("/admin/experiments/study/999/change/", headers=KOREAN, follow=True)
    told = "연구 가운데 ID가 “999”인 것이 없습니다. 삭제되었을 수 있습니다."
    assert told in text_of(gone)
    password = text_of(client.get("/admin/password_change/", headers=KOREAN))
    told = "지금까지 쓰던 비밀번호를 입력한 뒤, 잘못 입력하지 않도록 새 비밀번호를 두 번"
    assert told in password
    accounts = text_of(client.get("/admin/auth/user/", {"q": "nobody"}, headers=KOREAN))
    assert ("사용자(들)" in accounts, "결과 0건 (전체 1건)" in accounts) == (False, True)
    form = client.get("/admin/auth/user/add/", headers=KOREAN).content.decode()
    assert ("저장하고 하나 더 추가" in form, "다른 이름으로" in form) == (True, False)
    wrong = {"username": "researcher", "password": "wrong"}
    login = text_of(Client().post("/admin/login/", wrong, headers=KOREAN))
    assert "사용자 이름 및 비밀번호를 바르게 입력하십시오" in login


def test_what_a_study_was_set_to_is_told_in_words_of_the_desks_language() -> None:
    study = StudyFactory(slug="park")
    page = text_of(desk().get(f"/admin/experiments/study/{study.pk}/change/", headers=KOREAN))
    told = ("공개 패널 초대", "삭제 묻기", "순열 블록, 요인 reward, voice", "주의 점검: 2")
    assert [words for words in told if words not in page] == []
    codes = ("likert", "consent", "permuted", "random", "fixed")
    assert [code for code in codes if f" {code} " in page] == []


def test_list_of_studies_has_the_titles_of_the_desks_language() -> None:
    study, client = StudyFactory(slug="park"), desk()
    titles = {"en": "The park", "ko": "공원"}
    Study.objects.filter(pk=study.pk).update(title=titles)
    address = "/admin/experiments/study/"
    assert "The park" in text_of(client.get(address))
    korean = text_of(client.get(address, headers=KOREAN))
    assert ("공원" in korean, "The park" in korean) == (True, False)
