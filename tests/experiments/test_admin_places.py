"""Every problem and every warning leads to where it can be mended."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from urllib.parse import urldefrag

import pytest
from django.test import Client
from lxml import html

from coprod_site.embedded import ROOT
from experiments.compiler import write_rows
from experiments.desk.overview import read_overview, told_warnings
from experiments.desk.places import place
from experiments.launch import launch
from experiments.models import Study
from experiments.studyfile import parse
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of

pytestmark = pytest.mark.django_db

# What a study file alone has.
NO_FIELDS = {"format"}


def kitchen_sink() -> Study:
    """The study that has a part of every kind."""
    design = parse((ROOT / "studies" / "kitchen_sink.yaml").read_text()).design
    assert design is not None
    return write_rows(design=design)


def paths(node: object, at: str = "") -> Iterator[str]:
    """Every place in a design: its fields, its lists, and what is in them."""
    if at:
        yield at
    if isinstance(node, tuple) and all(map(is_dataclass, node)):
        for index, each in enumerate(node):
            yield from paths(each, f"{at}[{index}]")
    elif is_dataclass(node):
        for field in fields(node):
            yield from paths(getattr(node, field.name), f"{at}.{field.name}".lstrip("."))


def leads(study: Study) -> dict[str, str]:
    """Where each kind of place that a problem can be at leads, by the first such place."""
    overview = read_overview(study)
    first: dict[str, str] = {}
    for path in paths(overview.design):
        first.setdefault(re.sub(r"\d+", "", path), path)
    return {path: place(overview, path)[0] for path in first.values()}


def dead_ends(client: Client, found: dict[str, str]) -> list[tuple[str, str]]:
    """The paths whose page does not answer or has not what the address points at."""
    pages: dict[str, set[str]] = {}
    for address, _ in map(urldefrag, found.values()):
        if address not in pages:
            response = client.get(address)
            tree = html.fromstring(response.content.decode() or "<p>")
            pages[address] = {"", *tree.xpath("//@id")} if response.status_code == 200 else set()
    return [
        (path, whole)
        for path, whole in found.items()
        if (parts := urldefrag(whole)).fragment not in pages[parts.url]
    ]


def test_every_place_of_a_draft_leads_to_its_field() -> None:
    found = leads(kitchen_sink())
    assert len(found) > 150
    assert dead_ends(desk(), found) == []
    whole = {path for path, address in found.items() if not urldefrag(address).fragment}
    assert {path for path in whole if not path.endswith(("]", "plan"))} == NO_FIELDS


def test_every_place_of_a_live_study_leads_to_its_part() -> None:
    study = kitchen_sink()
    launch(study=study)
    study.refresh_from_db()
    found = leads(study)
    assert dead_ends(desk(), found) == []
    assert {urldefrag(address).url for address in found.values()} == {
        f"/admin/experiments/study/{study.pk}/change/"
    }


def test_every_check_names_what_a_design_has() -> None:
    known = {name for path in leads(kitchen_sink()) for name in re.findall("[a-z_]+", path)}
    named: set[str] = set()
    for file in (ROOT / "experiments" / "checks").glob("*.py"):
        named.update(re.findall(r'f"\{(?:at|item_at)\}\.([a-z_]+)', file.read_text()))
    assert len(named) > 30
    assert named - known == set()


def test_warnings_of_a_draft_are_told_where_they_are_mended() -> None:
    study = write_rows(design=changed(small(), {"question": {}, "plan.smallest_effect": None}))
    plan, pages = study.plan, f"/admin/experiments/study/{study.pk}/"
    factor, scale = study.factors.get(code="voice"), study.scales.get(code="will")
    expected = {
        "question": f"{pages}change/#id_question",
        "plan": f"/admin/experiments/plan/{plan.pk}/change/#id_smallest_effect",
        "factor voice": f"/admin/experiments/factor/{factor.pk}/change/",
        "scale will": f"/admin/experiments/scale/{scale.pk}/change/#id_source",
        "debriefing": f"{pages}change/#id_debriefing",
        "pilot": f"{pages}do/pilot/",
    }
    told = {each.where: each.address for each in told_warnings(read_overview(study))}
    assert told == expected
    client = desk()
    assert dead_ends(client, told) == []
    for address in (f"{pages}change/", f"{pages}do/launch/"):
        response = client.get(address)
        assert "6 things to think over before the launch" in text_of(response)
        assert all(f'href="{each}"' in response.content.decode() for each in expected.values())
