"""How long a vignette is by arm and language, beside the field in which it is written."""

import json

import pytest
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.desk.vignette_words import ArmWords, vignette_of
from experiments.vignette import count_words, slotted
from tests.changed import changed
from tests.designs import both, small
from tests.desk import desk
from tests.factories import StudyFactory


def test_pieces_of_a_text_are_its_slots_and_what_is_between() -> None:
    assert slotted("A {reward}, and { voice }") == (
        ("A ", False),
        ("{reward}", True),
        (", and ", False),
        ("{ voice }", True),
    )
    assert slotted("") == ()


def test_marks_alone_are_no_words() -> None:
    assert count_words("# A *park* — 공원 3 \n\n- ...") == 4


def test_words_are_counted_in_every_arm_and_language() -> None:
    levels = both("You get all the money.", "돈을 모두 받습니다.")
    vignette = vignette_of(changed(small(), {"factors[0].levels[1].text": levels}), "story")
    assert vignette.arms == (
        ArmWords("none.low", (("en", 8), ("ko", 5))),
        ArmWords("none.high", (("en", 7), ("ko", 5))),
        ArmWords("money.low", (("en", 10), ("ko", 6))),
        ArmWords("money.high", (("en", 9), ("ko", 6))),
    )
    assert vignette.known["arms"][3] == {"reward": "money", "voice": "high"}


@pytest.mark.django_db
def test_page_of_a_vignette_counts_and_marks(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study, client = StudyFactory(slug="park"), desk()
    address = f"/admin/experiments/page/{study.pages.get(code='story').pk}/change/"
    client.get(address)
    with django_assert_num_queries(41):
        response = client.get(address)
    tree = html.fromstring(response.content.decode())
    assert tree.xpath("//*[@data-slots='en']/mark/text()") == ["{reward}", "{voice}"]
    cells = {
        row.findtext("th/code"): [cell.text for cell in row.findall("td")]
        for row in tree.xpath("//tr[@data-arm]")
    }
    assert cells["none.low"] == ["8", "5"]
    known = json.loads(tree.get_element_by_id("vignette-known").text)
    assert len(known["arms"]) == 4
    other = f"/admin/experiments/page/{study.pages.get(code='about').pk}/change/"
    assert "vignette-known" not in client.get(other).content.decode()
