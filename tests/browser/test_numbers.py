"""The desk's tables of numbers on a phone."""

import pytest

from tests.browser.researching import log_in
from tests.browser.visiting import PHONE, NewContext

# The texts of cells that are numbers, each with how many lines it takes; a pseudo-element is none.
LINES = """cells => cells.map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const tops = [...range.getClientRects()].map(each => Math.round(each.top));
  return [cell.textContent.trim(), new Set(tops).size];
}).filter(([text]) => /^[\\d.]+(\\s%)?$/.test(text))"""


def test_numbers_of_the_desk_do_not_break_on_a_phone(
    live_site: str, new_context: NewContext, request: pytest.FixtureRequest
) -> None:
    person = log_in(live_site, new_context, PHONE)
    # Who logs in expects no study yet.
    request.getfixturevalue("kitchen_sink")
    found = []
    for name in ("watch", "quality"):
        person.page.goto(f"{live_site}/admin/responses/participant/{name}/kitchen_sink/")
        found += person.page.eval_on_selector_all("td", LINES)
        assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "600" in {text for text, _ in found}
    assert [text for text, lines in found if lines != 1] == []
    assert person.wrong == []
