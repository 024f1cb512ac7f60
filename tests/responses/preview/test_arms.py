"""The arms side by side: what is marked, measured and told."""

from dataclasses import replace

import pytest

from experiments.models import Level
from experiments.rowwriting import write_rows
from experiments.wording import Concern, ConcernKind
from responses.preview.arms import ARMS_AT_ONCE, matrices
from responses.preview.concern_words import told
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.factories import StudyFactory

ARMS = "/admin/responses/participant/arms/park/"


def test_matrix_holds_every_arm_in_every_language_with_each_factor_marked() -> None:
    (matrix,) = matrices(small(), percent=30)
    assert [(arm.arm, [each.language for each in arm.readings]) for arm in matrix.arms] == [
        (arm, ["en", "ko"]) for arm in ("none.low", "none.high", "money.low", "money.high")
    ]
    reading = matrix.arms[3].readings[0]
    marked = [("1", "You get money."), ("2", "Residents decided.")]
    assert reading.html == "<p>A park.</p>\n" + "".join(
        f'<p><mark class="desk-slot desk-slot-{number}">{text}</mark></p>\n'
        for number, text in marked
    )
    assert reading.measures
    assert (reading.measures.words, reading.measures.characters) == (7, 41)
    assert [(arm, tag) for arm, tag, _ in matrix.lengths()][3:5] == [
        ("money.high", "en"),
        ("none.low", "ko"),
    ]


def test_each_paragraph_of_a_level_is_marked() -> None:
    long = both("One.\n\nTwo *now*.", "하나.\n\n둘.")
    design = changed(small(), {"factors[0].levels[0].text": long})
    html = matrices(design, percent=30)[0].arms[0].readings[0].html
    mark = '<mark class="desk-slot desk-slot-1">'
    assert f"<p>{mark}One.</mark></p>\n<p>{mark}Two <em>now</em>.</mark></p>" in str(html)


def test_arm_leads_to_its_preview_and_that_of_a_deck_to_the_first_draw() -> None:
    asked = [matrices(each, percent=30)[0].arms[2].asked for each in (small(), deck_design())]
    assert asked == [
        "page=story&arm.main=money.low",
        "page=story_1&arm.deck_1=money.low",
    ]


def test_more_arms_than_fit_are_shown_in_turns() -> None:
    design = small()
    level = design.factors[0].levels[0]
    levels = tuple(replace(level, code=f"r{number}") for number in range(ARMS_AT_ONCE))
    arm = design.randomisations[0].arms[0]
    arms = tuple(
        replace(arm, levels=(each.code, tag)) for each in levels for tag in ("low", "high")
    )
    many = changed(design, {"factors[0].levels": levels, "randomisations[0].arms": arms})
    (matrix,) = matrices(many, percent=30, start=ARMS_AT_ONCE)
    assert (matrix.first, matrix.last, matrix.total) == (25, 48, 48)
    assert [each.arm for each in matrix.arms][:2] == ["r12.low", "r12.high"]


def test_every_concern_has_words() -> None:
    concern = Concern(ConcernKind.LENGTH, "a.b", "en", ("x", "y"), "words", 12.4, 'q == "1"')
    kinds = [replace(concern, kind=kind) for kind in ConcernKind]
    assert len({told(each) for each in kinds}) == len(kinds)
    turned = {
        told(replace(concern, kind=kind, measure=measure, amount=amount))
        for kind in (ConcernKind.LENGTH, ConcernKind.GRADE)
        for measure in ("words", "characters")
        for amount in (12.4, -12.4)
    }
    assert len(turned) == 6
    assert told(concern) == "a.b in English has 12% more words than the others."


@pytest.mark.django_db
def test_page_of_the_arms_tells_what_is_missing_and_leads_to_each_arm() -> None:
    client = desk()
    StudyFactory(slug="park")
    page = client.get(f"{ARMS}?percent=30").content.decode()
    assert page.count('class="desk-vignette"') == 8
    assert "?page=story&amp;arm.main=money.high&amp;lang=ko" in page
    assert "Nothing was found." in page
    Level.objects.filter(code="money").update(text={"en": "You get money."})
    page = text_of(client.get(f"{ARMS}?percent=5&start=9999"))
    assert "reward has no text in Korean for money." in page
    assert "money.low in English has 14% more words than the others." in page
    write_rows(design=replace(small(study="other"), randomisations=(), factors=(), pages=()))
    empty = client.get(ARMS.replace("park", "other"))
    assert "No page shows an arm yet." in text_of(empty)
