"""Takes the screenshots of docs/screenshots/ anew; no test, so it runs only when it is named.

.venv/bin/python -m pytest tests/browser/screenshots.py
"""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.researching import log_in
from tests.browser.visiting import DESK, PHONE, NewContext, Visitor, visitor

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SHOTS = [
    ("desk-consent", "en", DESK, "coproduction"),
    ("desk-willingness", "ko", DESK, "willingness"),
    ("phone-questions", "en", PHONE, "motivation_1"),
    ("phone-vignette", "ko", PHONE, "scenario"),
    ("phone-faults", "ko", PHONE, "about_you"),
    ("phone-completion", "en", PHONE, "debriefing"),
]


@pytest.mark.parametrize(("name", "language", "viewport", "until"), SHOTS)
def test_screenshot(
    survey: str,
    new_context: NewContext,
    name: str,
    language: str,
    viewport: dict[str, int],
    until: str,
) -> None:
    settings = {"locale": language, "viewport": viewport, "device_scale_factor": 1.5}
    person = visitor(new_context, survey, **settings).open()
    while person.at != until:
        person.answer(3 if person.at.startswith("motivation") else 0).next()
    if name == "phone-faults":
        person.next()
    elif until in ("willingness", "motivation_1"):
        person.answer(3)
        person.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    save(person, FOLDER / f"{name}-{language}.png")


def save(person: Visitor, file: Path) -> None:
    """A picture of the screen with 128 colours, which are enough for flat pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(person.page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < 150_000


def test_screenshots_of_power(live_site: str, new_context: NewContext) -> None:
    from analysis.models import Simulation
    from analysis.power.queueing import go_on
    from experiments.rowwriting import write_rows
    from tests.analysis.test_reach import shipped

    person = log_in(live_site, new_context, DESK)
    write_rows(design=shipped())
    page = person.page
    page.goto(f"{live_site}/admin/power/coproduction/")
    page.locator("#section-1").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#section-1').scrollIntoView()")
    save(person, FOLDER / "desk-power-en.png")
    for name, typed in {"n": "1297", "repeats": "400", "seed": "1", "mean": "4.8"}.items():
        page.fill(f"#simulated_{name}", typed)
    page.get_by_role("button", name="Simulate").click()
    page.get_by_text("0 of 400 studies so far.").wait_for()
    go_on(number=Simulation.objects.get().pk, seconds=600)
    page.get_by_text("All 400 studies were simulated.").wait_for()
    page.evaluate("document.querySelector('#found').scrollIntoView()")
    save(person, FOLDER / "desk-simulation-en.png")
