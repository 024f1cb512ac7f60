"""Takes the screenshots of docs/screenshots/ anew; no test, so it runs only when it is named.

.venv/bin/python -m pytest tests/browser/screenshots.py
"""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

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
    _save(person, FOLDER / f"{name}-{language}.png")


def _save(person: Visitor, file: Path) -> None:
    """A picture of the screen with 128 colours, which are enough for flat pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(person.page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < 150_000
