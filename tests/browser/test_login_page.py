"""The page that logs in, in each language, on a desk and on a phone: all of it, frame and all."""

import pytest

from tests.browser.visiting import AXE, DESK, PHONE, NewContext, visitor


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
@pytest.mark.parametrize(("language", "word"), [("en-US", "Log in"), ("ko-KR", "로그인")])
def test_login_has_no_barriers_and_fits(
    live_site: str,
    new_context: NewContext,
    language: str,
    word: str,
    viewport: dict[str, int],
) -> None:
    person = visitor(new_context, f"{live_site}/admin/", locale=language, viewport=viewport).open()
    page = person.page
    assert page.get_by_role("button", name=word).is_visible()
    assert AXE.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
