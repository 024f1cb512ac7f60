"""The desk's progress bars as they are painted, in the light theme and in the dark one."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator

from tests.browser.researching import log_in
from tests.browser.visiting import DESK, NewContext

Colour = tuple[int, ...]


def painted(bar: Locator) -> tuple[Colour, Colour]:
    """The colours of a bar at a quarter and at three quarters of its width."""
    picture = Image.open(BytesIO(bar.screenshot())).convert("RGB")
    found = [
        picture.getpixel((picture.width * quarter // 4, picture.height // 2)) for quarter in (1, 3)
    ]
    first, last = (colour for colour in found if isinstance(colour, tuple))
    return first, last


def is_blue(colour: Colour) -> bool:
    """Whether blue is well above red."""
    return colour[2] > colour[0] + 40


@pytest.mark.slow
def test_bar_is_blue_as_far_as_it_is_full_and_light_beyond(
    live_site: str, new_context: NewContext
) -> None:
    from tests.analysis.studies import complete, launched

    person = log_in(live_site, new_context, DESK)
    page, study = person.page, launched()
    seen = {}
    for n in (0, 10):
        complete(study, n)
        page.goto(f"{live_site}/admin/analysis/look/study/park/next/")
        bar = page.get_by_role("progressbar")
        seen[n] = painted(bar)
        page.evaluate("document.documentElement.classList.add('dark')")
        seen[-n - 1] = painted(bar)
    assert min(*seen[0][0], *seen[0][1]) > 220
    assert seen[10][1] == seen[0][1]
    # In the dark theme a track is dark, and what is full stands out as light.
    assert max(*seen[-1][0], *seen[-1][1]) < 100
    assert min(seen[-11][0]) > 100
    full = [seen[n][place] for n in (10, -11) for place in (0, 1)]
    assert [is_blue(colour) for colour in full] == [True, False, True, False]
    assert [is_blue(colour) for n in (0, -1) for colour in seen[n]] == [False] * 4
    assert person.wrong == []
