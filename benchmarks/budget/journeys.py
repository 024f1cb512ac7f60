"""The requests that are counted: one participant's way through the study, and pages of the desk.

Imported once Django is set up.
"""

from collections.abc import Callable, Iterator, Set
from urllib.parse import urljoin

from django.contrib.auth.models import User
from django.test import Client

from benchmarks.budget.pinned import pin_chance
from benchmarks.budget.visitor import Answered, Visitor, page
from benchmarks.product import ENTRY, STUDY
from experiments.models import Study
from rehearsal.forms import Control, Form, read_form
from responses.models import Participant

Named = tuple[str, Answered]
MOST = 200


def arms() -> tuple[str, ...]:
    """The codes of the arms, in the order of the study."""
    version = Study.objects.get(slug=STUDY).live_version
    if version is None:
        raise RuntimeError("The study was not launched.")
    return tuple(arm.code for arm in version.design.randomisations[0].arms)


def send_until(
    wanted: Set[str], visitor: Callable[[], Visitor], *, at_least: int
) -> tuple[int, dict[str, Answered]]:
    """Sends so many participants, and more until each of the arms was given.

    Returns how many came, and the requests of the last one, who has the last of these arms.
    """
    missing, asked = set(wanted), dict[str, Answered]()
    for number in range(MOST):
        if not missing and number >= at_least:
            return number, asked
        pin_chance(f"participant {Participant.objects.count()}")
        asked = dict(journey(visitor()))
        (given,) = Participant.objects.latest("id").assignments.values()
        missing.discard(given["arm"])
    raise RuntimeError(f"{MOST} participants were not given the arms {sorted(missing)}.")


def journey(visitor: Visitor) -> Iterator[Named]:
    """One participant, from the door to the code; each request with its name.

    On the first page with questions they forget an answer first, look again, and click twice.
    """
    path, refused = ENTRY, False
    answered = visitor.ask("GET", path)
    yield "welcome GET", answered
    while form := read_form(page(answered)):
        to, name = urljoin(path, form.action), form.page
        if name != "welcome" and not refused:
            yield f"{name} POST refused", visitor.ask("POST", to, form.sent({}))
            yield f"{name} GET again", visitor.ask("GET", path)
            refused = True
        fields = form.sent(_answers(form))
        sent = visitor.ask("POST", to, fields)
        if not sent.location:
            raise RuntimeError(f"{name} was answered with {sent.status}.")
        yield f"{name} POST", sent
        if name == "about_you":
            yield f"{name} POST twice", visitor.ask("POST", to, fields)
        path = urljoin(to, sent.location)
        answered = visitor.ask("GET", path)
        yield f"{_code(path)} GET", answered
        if _code(path) == "vignette":
            yield "vignette GET again", visitor.ask("GET", path)


def desk(visitor: Visitor) -> Iterator[Named]:
    """Pages of the desk as a superuser sees them."""
    study = Study.objects.get(slug=STUDY)
    person = Participant.objects.filter(study=study).latest("id").pk
    slug, look = study.slug, "analysis/look"
    for name, address in {
        "first page": "",
        "list of studies": "experiments/study/",
        "study": f"experiments/study/{study.pk}/change/",
        "list of participants": "responses/participant/",
        "participant": f"responses/participant/{person}/change/",
        "monitor": f"responses/participant/watch/{slug}/",
        "next looks": f"{look}/study/{slug}/next/",
        "data quality": f"responses/participant/quality/{slug}/",
        "export": f"export/{slug}/",
        "list of looks": f"{look}/",
        "progress": f"{look}/study/{slug}/",
        "integrity": f"{look}/study/{slug}/integrity/",
        "history of looks": f"{look}/study/{slug}/looks/",
        "departures": f"{look}/deviations/{slug}/",
    }.items():
        answered = visitor.ask("GET", f"/admin/{address}")
        page(answered)
        yield f"desk: {name}", answered


def researcher() -> dict[str, str]:
    """The cookies of a superuser who has logged in."""
    client = Client()
    user, _ = User.objects.get_or_create(username="budget", is_superuser=True, is_staff=True)
    client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _answers(form: Form) -> dict[str, list[str]]:
    """The same for everybody: the first of the options, and a few words."""
    asked = [each for each in form.controls.values() if each.seen]
    return {each.name: [_answer(each)] for each in asked}


def _answer(control: Control) -> str:
    if control.name == "consent":
        return "agree"
    return "A few words." if control.typed else next(filter(None, sorted(control.options)))


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
