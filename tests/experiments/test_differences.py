"""What differs between two designs, for people."""

from dataclasses import replace
from typing import Any

import pytest

from experiments.changes import Kind
from experiments.design import Arm, Ending, Image, Multiplicity, Outcome, Parameter
from experiments.differences import Difference, differences
from experiments.worddiff import Fate, Piece
from tests.changed import add, changed, drop
from tests.designs import both, likert, small


def test_differences_of_the_same_design_are_none() -> None:
    assert differences(small(), small()) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"plan.alpha": 0.01}, ["changed plan, alpha: 0.05 → 0.01"]),
        ({"plan.sample_size": 300}, ["changed plan, sample size: 40 → 300"]),
        ({"paradata": False}, ["changed paradata: yes → no"]),
        ({"plan.multiplicity": Multiplicity.NONE}, ["changed plan, multiplicity: holm → none"]),
        ({"title.ko": "숲"}, ["changed title (ko): [-공원-]{+숲+}"]),
        ({"title.de": "Ein Park"}, ["added title (de): Ein Park"]),
        ({"languages": ()}, ["changed languages: en, ko → –"]),
        (
            {"pages[3].items": add(likert("will3", "will"))},
            ["added page opinion, item will3: Statement will3"],
        ),
        (
            {"pages[3].items[0].shown_if": "age > 17"},
            ["changed page opinion, item will1, shown if: – → age > 17"],
        ),
        (
            {"pages[3].items": lambda items: (items[1], items[0], *items[2:])},
            [
                "moved page opinion, items: "
                "will1, will2, noticed, comment → will2, will1, noticed, comment"
            ],
        ),
        (
            {"randomisations[0].arms[0]": Arm(("none", "low"), 2)},
            ["changed randomisation main, arm none.low, weight: 1 → 2"],
        ),
        (
            {"randomisations[0].arms": drop(0)},
            ["removed randomisation main, arm none.low"],
        ),
        (
            {"randomisations[0].factors": ("reward",)},
            ["changed randomisation main, factors: reward, voice → reward"],
        ),
        (
            {"images": (Image("map", "image/png", "A" * 4000),)},
            ["added picture map"],
        ),
        (
            {"endings": (Ending(Outcome.COMPLETED, both("Thanks", "감사")),)},
            ["added ending completed: Thanks"],
        ),
        ({"parameters": add(Parameter("wave", "w"))}, ["added parameter wave"]),
    ],
)
def test_differences_say_place_before_and_after(
    values: dict[str, Any], expected: list[str]
) -> None:
    assert list(map(str, differences(small(), changed(small(), values)))) == expected


def test_differences_mark_the_words_of_a_text() -> None:
    old = changed(small(), {"pages[2].body.en": "The city plans a park. Come."})
    new = changed(old, {"pages[2].body.en": "The city plans a new pond. Come."})
    assert differences(old, new) == (
        Difference(
            Kind.CHANGED,
            "page story, body",
            "The city plans a park. Come.",
            "The city plans a new pond. Come.",
            "en",
            (
                Piece(Fate.SAME, "The city plans a "),
                Piece(Fate.GONE, "park. "),
                Piece(Fate.NEW, "new pond. "),
                Piece(Fate.SAME, "Come."),
            ),
        ),
    )


def test_differences_tell_a_picture_by_its_size_and_a_part_that_went_by_its_text() -> None:
    picture = Image("map", "image/png", "A" * 4000)
    old = replace(small(), images=(picture,))
    new = replace(small(), images=(replace(picture, data="B" * 40_000),), pages=small().pages[1:])
    assert list(map(str, differences(old, new))) == [
        "removed page welcome: Welcome",
        "changed picture map, data: a picture of 3 KB → a picture of 30 KB",
    ]
