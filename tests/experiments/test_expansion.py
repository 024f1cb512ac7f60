"""A written design as participants meet it."""

from dataclasses import replace

import pytest

from experiments.checks import problems
from experiments.design import ItemKind, Page
from experiments.expansion import Dealt, dealt, expanded
from experiments.logic import renamed
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small


def test_design_without_decks_and_parts_stays_as_it_is() -> None:
    assert expanded(small()) == small()


def test_deck_is_dealt_out() -> None:
    written = deck_design()
    assert problems(written) == []
    design = expanded(written)
    assert [page.code for page in design.pages] == [
        *("welcome", "about", "story_1", "opinion_1", "story_2", "opinion_2", "thanks")
    ]
    assert [step.code for step in design.randomisations] == ["deck_1", "deck_2"]
    assert [step.factors for step in design.randomisations] == [
        ("reward_1", "voice_1"),
        ("reward_2", "voice_2"),
    ]
    assert [factor.code for factor in design.factors] == [
        *("reward_1", "reward_2", "voice_1", "voice_2")
    ]
    assert design.factors[1].label == {"en": "Reward (2)", "ko": "보상 (2)"}
    assert design.factors[1].levels == written.factors[0].levels
    assert [scale.code for scale in design.scales] == ["motive", "will_1", "will_2"]
    assert design.page("story_2").title == {"en": "A story (2/2)", "ko": "이야기 (2/2)"}
    assert design.page("opinion_2").title == written.page("opinion").title
    assert design.page("story_2").body["en"] == "A park.\n\n{reward_2}\n\n{voice_2}"
    assert [(i.code, i.scale, i.checks_factor) for i in design.page("opinion_2").items] == [
        ("will1_2", "will_2", ""),
        ("will2_2", "will_2", ""),
        ("noticed_2", "", "reward_2"),
        ("comment_2", "", ""),
    ]
    # What is asked once keeps its name and its place.
    assert design.page("about") == written.page("about")
    assert design.plan == written.plan


def test_conditions_and_slots_of_repeated_pages_follow_the_draw() -> None:
    def asking(page: Page) -> Page:
        why = replace(
            page.items[3],
            code="why",
            kind=ItemKind.SHORT_TEXT,
            text={"en": "Why {will1} with {reward}, {education}?", "ko": "왜 {will1} {reward}?"},
            shown_if='will1 > 4 and gender == "woman" and reward == "none"',
        )
        return replace(page, items=(*page.items, why), shown_if='voice == "low"')

    design = expanded(changed(deck_design(), {"pages[3]": asking}))
    page = design.page("opinion_2")
    assert page.shown_if == 'voice_2 == "low"'
    assert page.items[-1].shown_if == ('will1_2 > 4 and gender == "woman" and reward_2 == "none"')
    assert page.items[-1].text["en"] == "Why {will1_2} with {reward_2}, {education}?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('will1=="will1"', 'will1_2=="will1"'),
        ("not answered(will1)", "not answered(will1_2)"),
        ("will1 in ['1','2'] or x>1", "will1_2 in ['1','2'] or x>1"),
        ("will11 > 1", "will11 > 1"),
        ("", ""),
    ],
)
def test_renaming_leaves_texts_in_quotes_alone(text: str, expected: str) -> None:
    assert renamed(text, {"will1": "will1_2"}) == expected


def test_pages_with_levels_are_for_those_who_are_assigned() -> None:
    design = changed(
        small(),
        {"randomisations[0].assign_if": 'gender == "woman"', "pages[2].shown_if": "motive1 > 1"},
    )
    pages = expanded(design).pages
    assert [page.shown_if for page in pages] == [
        *("", "", '(motive1 > 1) and (gender == "woman")', "", "")
    ]


def test_draws_are_named_after_their_deck() -> None:
    design = deck_design()
    deck = design.randomisations[0]
    assert dealt(design) == {"deck_1": Dealt(deck, 1), "deck_2": Dealt(deck, 2)}
