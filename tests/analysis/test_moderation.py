"""What goes along with the plan's scales, and whether contrasts differ with them."""

from dataclasses import replace

import numpy as np

from analysis.dataset import Dataset
from analysis.moderation import moderation
from analysis.moderation_told import moderation_table
from analysis.results import Adjustment
from analysis.stacking import stacked
from analysis.statistics.association import Associations, associations
from analysis.statistics.estimate import Reason
from analysis.statistics.moderation import moderations
from analysis.wording import Wording
from experiments.design import Design, Subscale
from tests.analysis.hand_made import EXPECTED
from tests.analysis.judging import dealt, judged
from tests.analysis.studies import answers, assignment
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small

ADJUSTED = Adjustment(("motive", "education", "gender=man"), ())
ARMS = ("none.low", "none.high", "money.low", "money.high")


def two_subscales() -> Design:
    """`small()` whose scale of motives has two subscales of one item each."""
    design = small()
    zeal = Subscale("zeal", both("Zeal", "열의"))
    place = next(i for i, page in enumerate(design.pages) if page.code == "about")
    return changed(
        design,
        {
            "scales[0].subscales": (*design.scales[0].subscales, zeal),
            f"pages[{place}].items[3].subscale": "zeal",
            "plan.associations": ("motive", "education"),
        },
    )


def rows(design: Design, n: int = 120) -> Dataset:
    given = [answers(place) for place in range(n)]
    return Dataset(design, given, [{"main": assignment(design, place)} for place in range(n)])


def slopes(found: Associations, *names: str) -> list[object]:
    told = {each.predictor: each.slope for each in found.associations}
    return [told[name] for name in names]


def test_total_and_subscales_have_a_regression_each_with_the_other_covariates() -> None:
    data = rows(two_subscales())
    (found,) = moderation(data, ADJUSTED)
    others = data.columns(["education"]) | {"gender=man": data.columns(["gender"])["gender=man"]}
    total = associations(data.outcome, data.columns(["motive"]) | others)
    parts = associations(data.outcome, data.columns(["care", "zeal"]) | others)
    assert isinstance(total, Associations)
    assert isinstance(parts, Associations)
    assert found.total.value
    assert found.subscales
    assert found.subscales.value
    assert [each.slope.value for each in found.total.value.slopes] == slopes(total, "motive")
    assert [each.slope.value for each in found.subscales.value.slopes] == slopes(
        parts, "care", "zeal"
    )
    assert found.total.value.covariates == ("education", "gender=man")
    assert (found.total.value.n, found.total.value.missing) == (total.n, total.missing)


def test_primary_main_effects_are_moderated_and_the_report_says_by_how_much() -> None:
    data = rows(two_subscales())
    (found,) = moderation(data, ADJUSTED)
    (moderator,) = data.columns(["motive"]).values()
    (expected,) = moderations(
        data.outcome, data.arms("main"), ARMS, np.asarray(moderator), [[-0.5, -0.5, 0.5, 0.5]]
    )
    assert [(each.code, each.difference.value) for each in found.moderated] == [
        ("money_vs_none", expected)
    ]
    words = Wording(data.design, "en")
    told = moderation_table(replace(EXPECTED, moderation=(found,)), words)
    assert [row[:2] for row in told.rows] == [
        ("Motive", "total"),
        ("Motive", "subscale: Care"),
        ("Motive", "subscale: Zeal"),
        ("Motive", "Money: differs"),
    ]
    assert moderation_table(EXPECTED, words).rows == ()


def test_vignettes_have_clustered_slopes_and_a_reason_for_moderation() -> None:
    places = range(24)
    data = stacked(deck_design(), [judged(p) for p in places], [dealt(p) for p in places])
    found = moderation(data, Adjustment((), ()))[0]
    assert found.total.value
    assert (found.total.value.n, found.total.value.clusters) == (48, 24)
    why = found.moderated[0].difference.why_not
    assert why
    assert why.reason is Reason.ROWS_TOGETHER
