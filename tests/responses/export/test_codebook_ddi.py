"""A codebook as DDI-Codebook 2.5: each element has the parts that the schema gives it."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from experiments.design import Design
from experiments.studyfile import parse
from responses.export.codebook.ddi import ddi
from tests.decks import deck_design
from tests.designs import small
from tests.reference.ddi25 import violations
from tests.responses.every_kind import kinds_design
from tests.responses.export.booked import book_of, first_version
from tests.responses.export.rows import completed, enter, launched

STUDIES = Path(__file__).parents[3] / "studies"
SHIPPED = sorted(path for path in STUDIES.glob("*.yaml") if ".truth" not in path.name)


def shipped(path: Path) -> Design:
    design = parse(path.read_text()).design
    assert design is not None
    return design


def test_ddi_of_every_design_is_as_the_schema_says() -> None:
    designs = [small(), kinds_design(), deck_design(), *map(shipped, SHIPPED)]
    assert len(designs) == 6
    for design in designs:
        assert violations(_tree(ddi(first_version(design)))) == []


@pytest.mark.django_db(transaction=True)
def test_ddi_with_counts_is_as_the_schema_says() -> None:
    study = launched()
    completed(study, 1, "money.high", answers={"comment": "-1"})
    completed(study, 2, "none.low", answers={"education": "2", "will1": "7", "gender": "man"})
    enter(study, 3)
    tree = _tree(ddi(book_of(study)))
    assert violations(tree) == []
    assert {each.get("type") for each in tree.iter("{*}sumStat")} == {
        *("vald", "invd", "min", "max", "mean", "stdev")
    }


def test_what_the_schema_does_not_allow_is_found() -> None:
    whole = ddi(first_version(small())).decode()
    wrong = {
        "</citation>": "</citation><dataDscr/>",
        "<titlStmt>": "<titlStmt><IDNo>first</IDNo>",
        ' name="gender"': "",
        ' missing="Y"': ' missing="yes"',
        ' files="participants"': ' files="nowhere"',
        "<catValu>": "<catValu><b/>",
        "<dimensns>": "<dimensns>many",
        ' ID="V_gender"': ' ID="V_mode"',
        ' intrvl="': ' interval="',
        'xml:lang="en"': 'xml:lang="in English"',
    }
    assert [old for old in wrong if not violations(_tree(_broken(whole, old, wrong[old])))] == []


def _broken(whole: str, old: str, new: str) -> bytes:
    assert old in whole
    return whole.replace(old, new, 1).encode()


def _tree(content: bytes) -> Any:
    return etree.fromstring(content)
