"""Days and times are written one way in both languages, by the 24-hour clock."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

AT = datetime(2026, 11, 27, 16, 18, 17, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_times_are_written_as_in_files_and_reports(language: str) -> None:
    told = {"at": AT, "day": date(2026, 11, 7), "time": AT.time()}
    with override(language):
        page = Template("{{ at }}, {{ day }}, {{ time }}, {{ at|date }}").render(Context(told))
    assert page == "2026-11-27 16:18, 2026-11-07, 16:18, 2026-11-27"
