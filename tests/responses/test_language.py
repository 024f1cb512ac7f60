"""What participants read is translated, and their language is found."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation.template import templatize

from experiments.models import Status
from responses.language import choose
from tests.responses.studies import launched

ROOT = Path(__file__).resolve().parents[2]
APPS = ("analysis", "coprod_site", "experiments", "rehearsal", "responses")
# Modules whose words only researchers read; the desk has catalogues of its own.
DESK = (
    *("admin.py", "apps.py", "code_views.py", "desk_notices.py", "desk_views.py"),
    *("exclusion_marks.py", "flag_grounds.py", "identity_views.py", "invitation_views.py"),
    *("marking_views.py", "panel_list.py", "participant_list.py", "pay_lists.py", "pay_views.py"),
    *("quality_views.py", "remind_views.py", "reminding.py", "sheets.py", "steps.py"),
    *("timeline.py", "watch.py", "withdraw_at_desk.py"),
)
# And their pages among the participants'.
DESK_PAGES = ("codebook.html", "export.html")
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def korean() -> Catalog:
    with (ROOT / "locale/ko/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="ko")


def texts(path: Path) -> list[str]:
    """The English texts that a module or a template asks a translation of."""
    source = path.read_text()
    if path.suffix == ".html":
        # Django's own extraction turns tags into calls; only their indentation is no Python.
        lines = templatize(source, origin=str(path)).splitlines()
        source = "\n".join(line.strip() for line in lines)
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    return [message if isinstance(message, str) else message[0] for _, message, _, _ in found]


def sources() -> list[Path]:
    """Every module and template of ours."""
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [*modules, *(ROOT / "templates").rglob("*.html")]


def participants_texts() -> list[str]:
    modules = [path for path in (ROOT / "responses").glob("*.py") if path.name not in DESK]
    pages = (ROOT / "templates/responses").rglob("*.html")
    paths = [*modules, *(page for page in pages if page.name not in DESK_PAGES)]
    return [text for path in paths for text in texts(path)]


def test_every_text_of_a_participant_is_in_korean() -> None:
    catalog = korean()
    wanted = participants_texts()
    assert len(wanted) > 60
    assert [text for text in wanted if not (catalog.get(text) and catalog[text].string)] == []


def test_no_korean_text_is_unsure_or_left_over() -> None:
    used = {text for path in sources() for text in texts(path)}
    entries = [message for message in korean() if message.id]
    assert [message.id for message in entries if message.fuzzy] == []
    ids = [message.id if isinstance(message.id, str) else message.id[0] for message in entries]
    assert [text for text in ids if text not in used] == []


def test_korean_texts_have_the_placeholders_of_the_english_ones() -> None:
    def placeholders(text: Any) -> set[str]:
        return set(PLACEHOLDER.findall("".join(text) if isinstance(text, tuple) else text))

    entries = [message for message in korean() if message.id]
    wrong = [m.id for m in entries if placeholders(m.id) != placeholders(m.string)]
    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        ("ko", "en", "ko"),
        ("", "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("xx", "de,en;q=0.5", "en"),
        ("", "de", "en"),
        ("", "*", "en"),
    ],
)
def test_language_is_the_asked_one_else_the_browsers_else_the_first(
    asked: str, accepted: str, chosen: str
) -> None:
    assert choose(("en", "ko"), asked, accepted) == chosen


@pytest.mark.django_db
def test_notice_is_in_the_language_of_the_link(client: Client) -> None:
    launched(status=Status.PAUSED)
    page = client.get("/s/park/?lang=ko", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="ko"' in page
    assert "설문조사를 잠시 멈추었습니다" in page
