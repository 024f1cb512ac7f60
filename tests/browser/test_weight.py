"""How many bytes a phone must fetch, and how many requests it makes, page by page."""

import pytest
from playwright.sync_api import Page

from tests.browser.visiting import NewContext, visitor

# Of what goes over the line, headers included: what a slow line carries in a few seconds.
FIRST_VIEW, LATER_PAGE = 60_000, 20_000


class Weighed:
    """The bytes that a tab fetched, as its network layer counts them."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._note)

    def _note(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def since(self) -> int:
        """The bytes since the last call."""
        taken, self.bytes = self.bytes, 0
        return taken


# Hangul takes more bytes than Latin letters.
@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "ko"])
def test_pages_are_light(survey: str, new_context: NewContext, language: str) -> None:
    person = visitor(new_context, survey, locale=language)
    weighed = Weighed(person.page)
    person.open().page.wait_for_load_state("networkidle")
    first = weighed.since()
    later = {}
    while person.at != "debriefing":
        person.answer().next().page.wait_for_load_state("networkidle")
        later[person.at] = weighed.since()
    assert 0 < first < FIRST_VIEW
    assert {at: size for at, size in later.items() if not 0 < size < LATER_PAGE} == {}
    assert len(later) == 10
