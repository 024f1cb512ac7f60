"""What differs between two designs: which parts, by their codes."""

from dataclasses import replace
from typing import Any

import pytest

from experiments.changes import found_changes
from experiments.design import Arm, Design, Family, Limit, Multiplicity, Quota
from tests.changed import add, changed, drop
from tests.designs import likert, small


def changes(old: Design, new: Design) -> tuple[str, ...]:
    """What became of which part."""
    return tuple(f"{each.kind} {'.'.join(each.path)}" for each in found_changes(old, new))


def quota(women: int, everybody: int) -> Quota:
    """Places for women, and for everybody."""
    return Quota("women", ("gender",), (Limit(("woman",), women), Limit((), everybody)))


def test_changed_places_are_told_by_their_cells() -> None:
    before, after = (changed(small(), {"quotas": (quota(n, 9),)}) for n in (2, 3))
    assert changes(before, after) == ("changed quotas.women.limits.woman.places",)


def test_changes_of_the_same_design_are_none() -> None:
    assert changes(small(), small()) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"plan.alpha": 0.01}, ("changed plan.alpha",)),
        ({"title.ko": "숲"}, ("changed title.ko",)),
        ({"title.de": "Ein Park"}, ("added title.de",)),
        ({"languages": ("ko", "en")}, ("changed languages",)),
        ({"languages": ()}, ("changed languages",)),
        ({"pages[3].items": add(likert("will3", "will"))}, ("added pages.opinion.items.will3",)),
        ({"pages[1].items": drop(4)}, ("removed pages.about.items.attention",)),
        (
            {"pages[1].items[4].code": "care_check"},
            ("removed pages.about.items.attention", "added pages.about.items.care_check"),
        ),
        (
            {"pages[3].items": lambda items: (items[1], items[0], *items[2:])},
            ("moved pages.opinion.items",),
        ),
        (
            {"randomisations[0].arms[0]": Arm(("none", "low"), 2)},
            ("changed randomisations.main.arms.none.low.weight",),
        ),
        ({"randomisations[0].arms": drop(0)}, ("removed randomisations.main.arms.none.low",)),
        ({"plan.smallest_effect": None}, ("changed plan.smallest_effect",)),
        ({"plan.futility": 0.1}, ("changed plan.futility",)),
        ({"plan.multiplicity": Multiplicity.NONE}, ("changed plan.multiplicity",)),
        (
            {"plan.contrasts[1].family": Family.SECONDARY},
            ("changed plan.contrasts.reward_by_voice.family",),
        ),
        ({"quotas": (quota(2, 3),)}, ("added quotas.women",)),
    ],
)
def test_changes_name_what_changed(values: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert changes(small(), changed(small(), values)) == expected


def test_changes_from_nothing_name_whole_parts() -> None:
    bare: Design = replace(small(), pages=(), scales=())

    assert changes(bare, small()) == (
        "added scales.motive",
        "added scales.will",
        "added pages.welcome",
        "added pages.about",
        "added pages.story",
        "added pages.opinion",
        "added pages.thanks",
    )
