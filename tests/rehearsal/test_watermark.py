"""Everything that shows data of a rehearsal says that it does."""

import pytest
from django.test import Client

from analysis.bundle.looks import report_file
from analysis.figure_views import figures_of, plotted
from analysis.look import run_look
from analysis.look_lines import look_title
from analysis.models import Look
from analysis.redo import seen
from analysis.wording import Wording
from experiments.models import Study
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.making import book_file_name, make_codebook
from responses.models import Mode, Participant
from responses.tallies import fold_tallies
from tests.analysis.studies import complete, launched
from tests.desk import desk

pytestmark = pytest.mark.django_db

SAID = "Rehearsal: nobody here is real."


def spent(study: Study, mode: Mode) -> Look:
    complete(study, 20, mode=mode)
    look = run_look(study_id=study.pk, mode=mode, number=1)
    assert look is not None
    return look


def addresses(mode: Mode, look: Look) -> list[str]:
    """The pages of the desk that show data of that mode alone."""
    people, looks = "/admin/responses/participant/", "/admin/analysis/look/"
    person = Participant.objects.filter(mode=mode)[0].pk
    return [
        f"{people}quality/park/?mode={mode}",
        f"{people}?mode__exact={mode}",
        f"{people}{person}/change/",
        f"{people}withdraw/{person}/",
        f"{people}mark/park/?people={person}",
        f"{looks}{look.pk}/change/",
        f"{looks}study/park/looks/?mode={mode}",
        f"{looks}study/park/looks/order/?mode={mode}",
        f"{looks}study/park/integrity/?mode={mode}",
    ]


def shown(client: Client, address: str) -> int:
    """How often the page says that it shows a rehearsal."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode().count(SAID)


def test_pages_of_a_rehearsal_say_so_and_no_others_do() -> None:
    study, client = launched(), desk()
    looks = {mode: spent(study, mode) for mode in (Mode.LIVE, Mode.REHEARSAL)}
    fold_tallies()
    for mode, look in looks.items():
        found = {address: shown(client, address) for address in addresses(mode, look)}
        assert found == dict.fromkeys(found, int(mode == Mode.REHEARSAL))
    # On these each mode has a part of its own.
    for address in (
        "/admin/responses/participant/watch/park/",
        "/admin/analysis/look/study/park/",
    ):
        assert shown(client, address) == 1


@pytest.mark.slow
def test_plots_and_reports_of_a_rehearsal_say_so() -> None:
    study = launched()
    live, look = spent(study, Mode.LIVE), spent(study, Mode.REHEARSAL)
    for name, _said in figures_of(seen(look), Wording(look.version.written, "en")):
        drawn = plotted(look, name, "svg").decode()
        assert '<title id="title">REHEARSAL: ' in drawn
        # And across it.
        assert drawn.count("REHEARSAL") > 1
    assert "REHEARSAL" not in plotted(live, "flow", "svg").decode()
    # What the title of a PDF is written in hangs on its characters.
    pdf = plotted(look, "flow", "pdf")
    assert any("REHEARSAL: ".encode(code) in pdf for code in ("ascii", "utf-16-be"))
    assert look_title(look, "park") == "Rehearsal. Look 1 of 2: park"
    assert SAID in report_file(look).decode()
    assert SAID not in report_file(live).decode()


@pytest.mark.django_db(transaction=True)  # a codebook is read by a connection of its own
def test_codebooks_of_a_rehearsal_say_so_in_their_titles_and_on_their_pages() -> None:
    study, client = launched(), desk()
    for mode in (Mode.LIVE, Mode.REHEARSAL):
        complete(study, 2, mode=mode)
        marked = mode == Mode.REHEARSAL
        book = make_codebook(study=study, mode=mode, actor="kim", format_name="html")
        for name, each in BOOK_FORMATS.items():
            content = each.write(book).decode()
            assert ("(rehearsal)" in content) is (marked and name != "csv"), name
            assert (SAID in content) is (marked and name == "html"), name
            assert book_file_name(book, name).startswith(f"park_{mode}_codebook")
        page = client.post("/admin/codebook/park/", {"format": "page", "mode": mode})
        assert page.content.decode().count(SAID) == int(marked)
