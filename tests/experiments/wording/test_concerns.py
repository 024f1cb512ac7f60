"""What is told of arms whose wording differs by more than the treatment."""

from typing import Any

import pytest

from coprod_site.embedded import ROOT
from experiments.design import Design
from experiments.studyfile import parse
from experiments.wording import Concern, ConcernKind, concerns, treated_pages, wording
from tests.changed import changed, without
from tests.decks import deck_design
from tests.designs import both, small

MONEY = "factors[0].levels[1].text"
LONG = "You get money. " * 4


def found(design: Design, percent: float = 30) -> tuple[Concern, ...]:
    """The concerns about the first page that shows an arm."""
    return concerns(design, wording(design, treated_pages(design)[0]), percent=percent)


def test_shipped_study_raises_no_concern() -> None:
    design = parse((ROOT / "studies" / "coproduction.yaml").read_text()).design
    assert design
    assert (found(design, percent=3), found(small())) == ((), ())


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({MONEY: without("ko")}, [Concern(ConcernKind.NO_LEVEL, "reward", "ko", ("money",))]),
        ({"pages[2].body": without("ko")}, [Concern(ConcernKind.NO_TEXT, "story", "ko")]),
        (
            {f"{MONEY}.ko": "보상: none."},
            [Concern(ConcernKind.IDLE, "reward", "ko", ("none", "money"))],
        ),
        (
            {f"{MONEY}.ko": "You get money."},
            [Concern(ConcernKind.UNTRANSLATED, "reward.money", parts=("en", "ko"))],
        ),
        (
            {"pages[2].body.ko": "공원.\n\n{voice}"},
            [Concern(ConcernKind.NO_SLOT, "reward", "ko", ("en",))],
        ),
        (
            {"pages[3].items[0].shown_if": 'reward == "money"'},
            [Concern(ConcernKind.CONDITION, "will1", condition='reward == "money"')],
        ),
    ],
)
def test_each_concern_is_told(change: dict[str, Any], wanted: list[Concern]) -> None:
    assert list(found(changed(small(), change), percent=60)) == wanted


def test_arm_is_held_against_the_median_of_the_others() -> None:
    told = found(changed(small(rewards=3), {f"{MONEY}.en": LONG}))
    # 17 and 16 words; the others' median is 8. Of characters 85 and 82; the others' is 40.
    assert [(each.kind, each.subject, each.measure, round(each.amount)) for each in told] == [
        (ConcernKind.LENGTH, "money.low", "words", 112),
        (ConcernKind.LENGTH, "money.high", "characters", 105),
    ]


def test_arm_that_is_harder_to_read_is_told_where_texts_are_long_enough() -> None:
    hard = "Municipal administrators remunerate participating residents proportionately. " * 9
    change = {f"{MONEY}.en": hard}
    assert {each.kind for each in found(changed(small(), change), percent=9999)} == set()
    change["pages[2].body.en"] = "We walk in the park. " * 20 + "{reward} {voice}"
    told = found(changed(small(), change), percent=9999)
    assert {(each.kind, each.subject, each.amount > 0) for each in told} == {
        (ConcernKind.GRADE, "money.low", True),
        (ConcernKind.GRADE, "money.high", True),
        (ConcernKind.GRADE, "none.low", False),
        (ConcernKind.GRADE, "none.high", False),
    }


def test_two_levels_of_three_that_read_the_same_are_told() -> None:
    thanks = "factors[0].levels[2].text.en"
    told = found(changed(small(rewards=3), {thanks: "You get  money."}))
    assert told == (Concern(ConcernKind.SAME, "reward", "en", ("money", "thanks")),)


def test_every_text_that_shows_an_arm_is_measured_beside_the_body() -> None:
    asked = "pages[3].items[1].text"
    design = changed(small(), {asked: both("Would {reward} help?", "{reward} 도움이 됩니까?")})
    story, opinion = treated_pages(changed(design, {"pages[2].title": both("{voice}", "{voice}")}))
    assert story.body["en"] == "{voice}\n\nA park.\n\n{reward}\n\n{voice}"
    assert opinion.body == both("Would {reward} help?", "{reward} 도움이 됩니까?")
    (_, lacking) = treated_pages(changed(design, {asked: without("ko")}))
    assert set(lacking.body) == {"en"}


def test_arms_of_a_deck_are_those_that_it_deals_from() -> None:
    design = deck_design()
    assert [arm.arm for arm in wording(design, treated_pages(design)[0]).arms] == [
        *("none.low", "none.high", "money.low", "money.high"),
    ]
