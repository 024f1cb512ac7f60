"""What participants read is translated, and their language is found."""

from pathlib import PurePosixPath

import pytest
from django.test import Client

from coprod_site.catalogue import catalogued, used_texts
from coprod_site.messages import CATALOGUES
from experiments.models import Status
from responses.language import choose
from tests.responses.studies import launched

# Modules of the room whose words only researchers read; the desk has catalogues of its own.
DESK = {
    *("admin.py", "apps.py", "code_views.py", "correct_at_desk.py", "corrections.py"),
    *("deletion.py", "desk_notices.py", "desk_views.py"),
    *("exclusion_marks.py", "flag_grounds.py", "identities.py", "identity_views.py"),
    *("invitation_views.py", "long_list.py", "marking_views.py", "panel_list.py"),
    *("participant_list.py", "pay_lists.py", "pay_views.py", "quality_views.py"),
    *("remind_views.py", "reminding.py", "retention.py", "sheets.py"),
    *("steps.py", "timeline.py", "verification.py", "watch.py", "withdraw_at_desk.py"),
}
# And their pages among the participants'.
DESK_PAGES = {"codebook.html", "export.html"}


def is_participants(place: str) -> bool:
    """Whether a participant reads what that file says."""
    path = PurePosixPath(place)
    module = path.parent == PurePosixPath("responses") and path.suffix == ".py"
    page = path.is_relative_to("templates/responses")
    return (module and path.name not in DESK) or (page and path.name not in DESK_PAGES)


def test_every_text_of_a_participant_is_in_the_participants_catalogue() -> None:
    known = set(catalogued(CATALOGUES[0], "ko"))
    wanted = [
        each.key
        for each in used_texts()["responses"]
        if any(is_participants(place) for place, _ in each.places)
    ]
    assert len(wanted) > 60
    assert [key for key in wanted if key not in known] == []


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
