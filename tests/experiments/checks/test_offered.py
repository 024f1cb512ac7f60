"""The options that an item offers, also where its scale is not there yet."""

from dataclasses import replace

import pytest

from experiments.checks.offered import answers_of, offered
from tests.changed import changed
from tests.designs import small
from tests.responses.every_kind import kinds_design


@pytest.mark.parametrize(
    ("code", "codes", "answers"),
    [
        ("gender", ["woman", "man", "no_answer"], ["woman", "man"]),
        ("education", ["1", "2", "-9"], ["1", "2"]),
        ("motive1", ["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "5"]),
        ("poles1", ["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "5"]),
        ("some", ["park", "library", "pool", "none"], ["park", "library", "pool", "none"]),
        ("years", ["-9"], []),
        ("place", [], []),
    ],
)
def test_offered_are_the_items_own_options_or_its_scales(
    code: str, codes: list[str], answers: list[str]
) -> None:
    design = kinds_design()
    item = design.item(code)
    assert [option.code for option in offered(design, item)] == codes
    assert [option.code for option in answers_of(design, item)] == answers


@pytest.mark.parametrize("scale", ["", "mtoive"])
def test_offered_is_nothing_where_there_is_no_such_scale(scale: str) -> None:
    item = replace(small().item("motive1"), scale=scale)
    assert (offered(small(), item), answers_of(small(), item)) == ((), ())


def test_offered_on_a_scale_is_never_what_the_item_lists_itself() -> None:
    design = changed(small(), {"pages[1].items[2].options": small().item("gender").options})
    assert offered(design, design.item("motive1")) == small().scale("motive").options
