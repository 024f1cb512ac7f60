"""A study whose every text means harm: no page, plot or file of it runs anything.

Texts are those of a page of every kind of item, in both languages, with HTML, links that are
scripts, and what Django's templates and plots would read as their own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from django.test import Client
from lxml import etree, html

from experiments.design import Design
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.reading import codebook_of
from responses.models import Participant
from tests.analysis.studies import complete, spend
from tests.analysis.studies import launched as analysed
from tests.desk import desk
from tests.responses.every_kind import kinds_design
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

HARM = (
    "\"'><script>pwned()</script><img src=x onerror=pwned()><svg/onload=pwned()>"
    "[go](javascript:pwned()) [go](data:text/html,pwned) ![x](https://elsewhere.example/x.png) "
    "<a href='javascript:pwned()'>go</a> </textarea></title></style>{% debug %} $\\frac{$"
)
# A launch refuses a brace that is no slot, and a picture from elsewhere.
TEMPLATES = "{{ 7|add:7 }} {{ request.user.password }} {{ settings.SECRET_KEY }}"
PICTURE = "![x](https://elsewhere.example/x.png) "
LAUNCHED = HARM.replace("{% debug %}", "").replace("\\frac{$", "x^$").replace(PICTURE, "")


def spoilt(thing: Any, harm: str) -> Any:
    """The design, or a part of it, with harm at the end of every text in every language."""
    if isinstance(thing, tuple):
        return tuple(spoilt(each, harm) for each in thing)
    if isinstance(thing, Mapping):
        return {language: f"{text} {harm}" for language, text in thing.items()}
    if not is_dataclass(thing):
        return thing
    parts = {each.name: getattr(thing, each.name) for each in fields(thing)}
    inner = (tuple, Mapping)
    return replace(  # type: ignore[type-var]
        thing,
        **{
            name: spoilt(part, harm)
            for name, part in parts.items()
            if is_dataclass(part) or (isinstance(part, inner) and part)
        },
    )


def harmful(content: str) -> list[str]:
    """What of a page would run or ask another site, as a browser reads it."""
    return list(_harm(html.fromstring(content)))


def _harm(tree: Any) -> Iterator[str]:
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        runs = node.get("type", "") not in ("application/json", "importmap")
        if node.tag == "script" and not node.get("src") and runs:
            yield f"script: {node.text}"
        for name, value in node.attrib.items():
            if name.startswith("on"):
                yield f"{name}={value}"
            address = re.sub(r"[\s\x00]", "", value).lower()
            if name in ("href", "src", "action", "formaction", "data", "xlink:href") and (
                address.startswith(("javascript:", "vbscript:", "data:text"))
                or "elsewhere.example" in address
            ):
                yield f"{name}={value}"


def test_participants_pages_of_hostile_texts_run_nothing() -> None:
    study = launched(spoilt(kinds_design(), LAUNCHED))
    found = {}
    for language in ("en", "ko"):
        client = Client()
        for address in ("", "about-study/", "resume/", "withdraw/"):
            page = client.get(f"/s/park/{address}?lang={language}")
            found[address, language] = harmful(page.content.decode())
        walked(client, link=f"/s/park/?lang={language}", until="about")
        Participant.objects.update(language=language)
        for code in study.live_version.design.pages:  # type: ignore[union-attr]
            Participant.objects.update(page=code.code)
            page = client.get(f"/s/park/{code.code}/")
            assert page.status_code == 200, code
            assert "pwned" in page.content.decode()
            found[code.code, language] = harmful(page.content.decode())
    assert found == {key: [] for key in found}


@pytest.fixture
def draft() -> Study:
    return write_rows(design=spoilt(kinds_design(), f"{HARM} {TEMPLATES}"))


def test_desk_shows_hostile_texts_of_a_draft_as_text(draft: Study) -> None:
    lead, found = desk(), {}
    page, people = f"/admin/experiments/study/{draft.pk}", "/admin/responses/participant"
    rows = [("page", each.pk) for each in draft.pages.all()]
    rows += [("factor", draft.factors.all()[0].pk), ("scale", draft.scales.all()[0].pk)]
    rows += [("item", each.pk) for p in draft.pages.all() for each in p.items.all()[:3]]
    codes = [each.code for each in draft.pages.all()]
    addresses = [
        *(f"{page}/{name}/" for name in ("change", "edits", "history", "delete")),
        *(f"/admin/experiments/{model}/{pk}/change/" for model, pk in rows),
        *(f"{people}/preview/park/{code}/?lang={lang}" for code in codes for lang in ("en", "ko")),
        *(f"{people}/preview/park/", f"{people}/arms/park/", "/admin/", "/admin/codebook/park/"),
        *("/admin/power/park/", "/admin/experiments/study/"),
    ]
    for address in addresses:
        response = lead.get(address)
        content = response.content.decode()
        # A draft whose texts have problems has no codebook, and its page says which.
        assert response.status_code == (409 if "codebook" in address else 200), address
        found[address] = harmful(_without_ours(content))
        # Were a text a template, 14 would stand there.
        assert "{{ 7|add:7 }}" in content or "7|add:7" not in content, address
    assert found == {address: [] for address in found}


def _without_ours(content: str) -> str:
    """The page without what unfold and Alpine write into attributes, which no text reaches."""
    return re.sub(r'\s(?:x-on|x-|@|:)[\w.:-]+="[^"]*"', "", content)


def test_looks_plots_and_files_show_hostile_texts_as_text() -> None:
    from tests.designs import small

    study = analysed(_of(small()))
    complete(study, 40)
    look = spend(study, 1)
    lead = desk()
    of_look = f"/admin/analysis/look/{look.pk}"
    pages = (
        f"{of_look}/change/",
        "/admin/analysis/look/study/park/",
        "/admin/analysis/look/study/park/integrity/",
        "/admin/analysis/look/reach/park/",
        "/admin/analysis/look/deviations/park/",
        "/admin/responses/participant/watch/park/",
        f"/admin/responses/participant/{Participant.objects.latest('id').pk}/change/",
        "/admin/export/park/",
        "/admin/codebook/park/",
    )
    found = {}
    for address in pages:
        response = lead.get(address)
        assert response.status_code == 200, address
        found[address] = harmful(_without_ours(response.content.decode()))
    assert found == {address: [] for address in found}
    book = BOOK_FORMATS["html"].write(codebook_of(study)).decode()
    assert "pwned" in book
    assert harmful(book) == []
    plot = lead.get(f"{of_look}/estimates.svg")
    assert plot.status_code == 200
    assert list(_harm(etree.fromstring(plot.content))) == []
    assert plot["Content-Security-Policy"]


def _of(design: Design) -> Design:
    return spoilt(design, LAUNCHED)  # type: ignore[no-any-return]
