"""How a cut's scales hold together, beyond alpha."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.consistency import consistency
from analysis.consistency_results import Answered, By
from analysis.consistency_told import groups_table, items_table, omega_table
from analysis.dataset import Dataset
from analysis.results import from_builtins
from analysis.stacking import stacked
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.omega import omega
from analysis.statistics.scales import reliability
from analysis.wording import Wording
from experiments.answers import Answers
from experiments.design import Design
from responses.models import Paradata, Participant
from tests.analysis.hand_made import EXPECTED
from tests.analysis.judging import dealt, judged
from tests.analysis.studies import answers, assignment, complete, launched, spend
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import likert, small


def four_items() -> Design:
    """`small()` whose outcome has four items."""
    design = small()
    place = next(i for i, page in enumerate(design.pages) if page.code == "opinion")
    page = design.pages[place]
    more = (likert("will3", "will"), likert("will4", "will"))
    return changed(design, {f"pages[{place}]": replace(page, items=(*page.items[:2], *more))})


def agreeing(place: int) -> dict[str, str]:
    """Answers to four items that go along with each other; the third was not turned."""
    draw = np.random.default_rng(place)
    level = int(draw.integers(2, 7))
    noise = draw.integers(-1, 2, size=4)
    said = [level, level, 8 - level, level]
    return {f"will{at + 1}": str(np.clip(said[at] + noise[at], 1, 7)) for at in range(4)}


def rows(n: int, design: Design) -> Dataset:
    given = [answers(place) | agreeing(place) for place in range(n)]
    return Dataset(design, given, [{"main": assignment(design, place)} for place in range(n)])


def test_item_that_goes_against_the_others_is_named() -> None:
    data = rows(120, four_items())
    will = consistency(data, ["en"] * 120, [""] * 120)[2]
    assert (will.code, will.part_of) == ("will", "")
    assert will.items.value
    assert [item.suspect for item in will.items.value] == [False, False, True, False]
    assert will.omega.value == omega(data.scale("will"))
    told = items_table(replace(EXPECTED, consistency=(will,)), Wording(data.design, "en"))
    assert [row[-1] for row in told.rows] == ["–", "–", "goes against the others", "–"]


def test_scores_rest_on_all_items_on_half_or_on_too_few() -> None:
    design = four_items()
    given: list[Answers] = [
        {"will1": "1", "will2": "2", "will3": "3", "will4": "4"},
        {"will1": "7", "will2": "6", "will3": None},
        {"will1": "7"},
        {},
    ]
    data = Dataset(design, given, [{}] * 4)
    will = consistency(data, [""] * 4, [""] * 4)[2]
    assert will.answered == Answered(1, 1, 2, mean_all=2.5, mean_half=(2.5 + 6.5) / 2)
    told = omega_table(replace(EXPECTED, consistency=(will,)), Wording(design, "en"))
    assert told.rows[0][2:] == ("1", "1", "2", "2.50", "4.50")


def test_reliability_by_group_needs_thirty_complete_rows() -> None:
    data = rows(100, four_items())
    languages = ["en"] * 60 + ["ko"] * 40
    devices = ["phone"] * 90 + ["desktop"] * 10
    motive, care, will = consistency(data, languages, devices)
    few = {"n": [25, 25, 25, 25, 60, 40, 10, 90]}
    items = data.scale("will")
    assert care.groups == ()
    assert [(g.by, g.group) for g in motive.groups] == [
        *((By.ARM, arm.code) for arm in data.design.randomisations[0].arms),
        *((By.LANGUAGE, "en"), (By.LANGUAGE, "ko")),
        *((By.DEVICE, "desktop"), (By.DEVICE, "phone")),
    ]
    assert [g.reliability.value.n if g.reliability.value else None for g in will.groups] == [
        n if n >= 30 else None for n in few["n"]
    ]
    assert will.groups[4].reliability.value == reliability(items[:60])
    assert will.groups[6].reliability.why_not == NotEstimable(
        Reason.TOO_FEW_ROWS, "10 complete rows; a group needs 30."
    )
    told = groups_table(replace(EXPECTED, consistency=(will,)), Wording(data.design, "en"))
    assert [row[1] for row in told.rows] == [
        *("None · Low", "None · High", "Money · Low", "Money · High"),
        *("language: en", "language: ko", "desktop", "phone"),
    ]


def test_first_vignettes_have_the_language_of_who_judged_them() -> None:
    # The first came to no vignette: the languages of the others must not slip.
    given = [{}, *(judged(place) for place in range(62))]
    data = stacked(deck_design(), given, [{}, *(dealt(place) for place in range(62))])
    will = consistency(data, ["xx", *["en"] * 31, *["ko"] * 31], [""] * 63)[2]
    told = {g.group: g.reliability.value for g in will.groups if g.by is By.LANGUAGE}
    items = data.once("will").scale("will")
    assert told == {"en": reliability(items[:31]), "ko": reliability(items[31:])}


@pytest.mark.django_db
def test_look_reads_languages_and_first_devices_of_its_cut() -> None:
    study = launched()
    complete(study, 40)
    for place, person in enumerate(Participant.objects.order_by("id")):
        for revision, device in ((1, None), (2, "phone"), (3, "desktop")):
            facts = {"device": device} if device and place < 35 else {}
            Paradata.objects.create(
                participant=person, revision=revision, page="about", seconds=1, facts=facts
            )
    spend(study, 1)
    found = from_builtins(spend(study, 2).results).consistency[0].groups
    assert [(g.by, g.group) for g in found[4:]] == [(By.LANGUAGE, "en"), (By.DEVICE, "phone")]
    assert [g.reliability.value.n for g in found[4:] if g.reliability.value] == [40, 35]
