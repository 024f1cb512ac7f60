"""Takes the screenshots of docs/researcher-guide.md anew; no test, so it runs only when named.

.venv/bin/python -m pytest tests/browser/guide_screenshots.py
"""

import pytest
from django.db.models import F
from django.test import Client

from tests.browser.researching import imported, log_in
from tests.browser.screenshots import FOLDER, save
from tests.browser.visiting import DESK, NewContext, Visitor

# What of a page stands at the top of its picture, if not the page's own top.
BUILDING = {
    "map": ("experiments/study/{study}/change/", ""),
    "library": ("experiments/study/{study}/library/?of=coproduction", ""),
    "paste": ("experiments/study/paste/{page}/", ""),
    "vignette": ("experiments/page/{vignette}/change/", "#id_body_en"),
    "arms": ("responses/participant/arms/coproduction/", ""),
    "preview": ("responses/participant/preview/coproduction/?page=scenario", ""),
    "preregistration": ("experiments/study/{study}/preregistration/", ""),
    "members": ("experiments/study/{study}/members/", ""),
    "launch": ("experiments/study/{study}/do/launch/", ""),
}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_guide_to_building(live_site: str, new_context: NewContext, language: str) -> None:
    from experiments.models import Study

    person = log_in(live_site, new_context, DESK)
    imported(person)
    study = Study.objects.get()
    keys = {
        "study": study.pk,
        "page": study.pages.get(code="closing").pk,
        "vignette": study.pages.get(code="scenario").pk,
    }
    _speak(person, language)
    for name, (address, top) in BUILDING.items():
        if language == "en" or name in ("map", "arms"):
            _shot(person, live_site, address.format(**keys), f"guide-{name}-{language}", top)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_guide_to_rehearsing(live_site: str, new_context: NewContext, language: str) -> None:
    from tests.analysis.studies import launched

    person = log_in(live_site, new_context, DESK)
    launched()
    _speak(person, language)
    _shot(person, live_site, "rehearsal/park/", f"guide-rehearsal-{language}", "")


def test_guide_to_watching_and_reading(live_site: str, new_context: NewContext) -> None:
    from analysis.look import run_look
    from responses.models import Participant
    from tests.analysis.studies import complete, launched
    from tests.responses.studies import walked

    person = log_in(live_site, new_context, DESK)
    study = launched()
    complete(study, 24)
    # Nobody served them the vignette, and the monitor would show completes who never saw it.
    Participant.objects.update(exposed_at=F("consented_at"))
    for until in ("thanks", "opinion", "about", "thanks"):
        walked(Client(headers={"user-agent": "iPhone Mobile"}), until=until)
    look = run_look(study_id=study.pk, mode="live", number=1)
    assert look is not None
    walker = Participant.objects.latest("pk").pk
    for name, address, top in (
        ("monitor", "responses/participant/watch/park/", ""),
        ("participant", f"responses/participant/{walker}/change/", ".desk-timeline"),
        ("report", f"analysis/look/{look.pk}/change/", ""),
        ("deviations", "analysis/look/deviations/park/", ""),
        ("data", "export/park/", ""),
    ):
        _shot(person, live_site, address, f"guide-{name}-en", top)


def _speak(person: Visitor, language: str) -> None:
    """Chooses the desk's language by the menu's own form."""
    form = f"form:has(input[name=language][value={language}])"
    with person.page.expect_navigation():
        person.page.evaluate("form => document.querySelector(form).submit()", form)


def _shot(person: Visitor, site: str, address: str, name: str, top: str) -> None:
    page = person.page
    page.goto(f"{site}/admin/{address}")
    page.wait_for_load_state("networkidle")
    if top:
        page.evaluate("at => document.querySelector(at).scrollIntoView()", top)
    save(person, FOLDER / f"{name}.png")
