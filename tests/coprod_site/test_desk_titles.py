"""The line at the top of the desk's pages: a study is called by its code as it is written."""

import pytest
from django.test import Client
from lxml import html

from tests.analysis.looking import hand_made_look, report_of

pytestmark = pytest.mark.django_db


def header(client: Client, address: str, language: str = "en") -> str:
    """The line at the top of a page, below the site's own."""
    client.cookies["django_language"] = language
    page = html.fromstring(client.get(address).content.decode())
    parts = page.xpath("//*[contains(@class, 'tracking-tight') and contains(@class, 'truncate')]")
    return " ".join(" › ".join(part.text_content().strip() for part in parts).split())


def test_line_at_the_top_keeps_codes_as_they_are_written(admin_client: Client) -> None:
    look = hand_made_look()
    progress = f"/admin/analysis/look/study/{look.study.slug}/"
    monitor = f"/admin/responses/participant/watch/{look.study.slug}/"
    study = f"/admin/experiments/study/{look.study_id}/change/"
    shown = {
        address: [
            header(admin_client, address, language).split(" › ", 2)[2] for language in ("en", "ko")
        ]
        for address in (progress, monitor, study, report_of(look))
    }
    assert shown == {
        progress: ["Progress of park", "park의 진행"],
        monitor: ["Monitor of park", "park의 현황"],
        # What there are many of has its capital.
        study: ["Experiments › Studies › park", "실험 › 연구 › park"],
        report_of(look): ["Look 1 of 2: A park", "2회 중 1회차: 공원"],
    }
