"""The twin of a run: one person at a time as the site moves them, and all of them at once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.dataset import source_items
from analysis.stacking import stacked
from experiments.design import Design, Limit, Quota
from experiments.randomisation import stratum_name
from experiments.seed import seed_of
from rehearsal.lists import Lists
from rehearsal.population import Population
from rehearsal.replicate_data import dataset
from rehearsal.twin import Journey, Setting, Twin, states
from rehearsal.twin_looks import differing, eligible, looks, planned_cuttings
from rehearsal.walk import walked
from responses.allocation import Basis, ListName, allocate
from responses.coded import ABSENT
from responses.models import Mode
from tests.decks import deck_design
from tests.designs import small
from tests.rehearsal.many_designs import BY_NAME, TRUTH, clustered, minimised, toward_completes
from tests.responses.ledger import holder_of, people
from tests.responses.studies import launched

SEED = b"a seed"


def journeys(design: Design, folk: Population) -> list[Journey]:
    twin = Twin(design, folk, Setting(SEED))
    return twin.walk(twin.comings())


@pytest.mark.parametrize("design", BY_NAME.values(), ids=BY_NAME)
def test_one_at_a_time_and_all_at_once_come_to_the_same(design: Design) -> None:
    folk = Population(design, TRUTH, 120, (8, 1))
    found, whole = journeys(design, folk), walked(design, folk, SEED)
    counting = eligible(folk.met, found)
    assert [each.person for each in counting] == whole.order.tolist()
    assert len({each.state for each in found}) > 2
    for each in found:
        arms = {
            code: column.codes[column.places[each.person]]
            for code, column in whole.arms.items()
            if column.places[each.person] != ABSENT
        }
        assert {code: held["arm"] for code, held in each.assignments.items()} == arms
    one = stacked(design, [j.counted for j in counting], [j.assignments for j in counting])
    all_of_them = dataset(whole, whole.order)
    np.testing.assert_array_equal(one.outcome, all_of_them.outcome)
    for code in design.plan.covariates:
        assert source_items(design, code)
        ours, theirs = one.columns([code]), all_of_them.columns([code])
        assert ours.keys() == theirs.keys()
        for name, column in ours.items():
            np.testing.assert_array_equal(np.asarray(column), np.asarray(theirs[name]))


def test_order_of_a_run_gives_its_arms_and_its_looks() -> None:
    folk = Population(small(), TRUTH, 90, 5)
    twin = Twin(small(), folk, Setting(SEED))
    moves = [person for person in twin.comings() if twin.move(person)]
    again = Twin(small(), folk, Setting(SEED)).walk(moves)
    first = [*twin.journeys.values()]
    assert sorted(first, key=lambda each: each.person) == again
    counting = eligible(twin.design, again)
    cuttings = planned_cuttings(small(), again)
    assert [cutting.n for cutting in cuttings] == [20, 40]
    one, other = ([*looks(small(), counting, cuttings)] for _ in range(2))
    assert [differing(*pair) for pair in zip(one, other, strict=True)] == [(), ()]
    assert one[1].decision is not None
    assert one[1].decision.last
    # In another order others have come to the first look.
    late = Twin(small(), folk, Setting(SEED)).walk(person for _ in range(9) for person in range(90))
    other = [*looks(small(), eligible(twin.design, late), cuttings)]
    assert "contrasts" in differing(one[0], other[0])


def test_quota_without_a_place_ends_the_study_before_an_arm_is_given() -> None:
    design = replace(small(), quotas=(Quota("women", ("gender",), (Limit(("woman",), 5),)),))
    folk = Population(design, TRUTH, 60, 3)
    found = journeys(design, folk)
    full = [each for each in found if each.state == "quota_full"]
    women = [each for each in found if each.answers.get("gender") == "woman" and each.assignments]
    assert (len(women), states(found)["quota_full"]) == (5, len(full))
    assert all(not each.assignments for each in full)


def ledgered(design: Design) -> list[dict[str, Any]]:
    """What a real ledger gives to twelve, in turn of two strata and three clusters."""
    study = launched(design)
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    found = []
    for place, person in enumerate(people(study, 12)):
        codes = answers(place)
        name = ListName(version, step, Mode.LIVE, stratum_name(step.strata, codes))
        cluster = f"{place % 3:064x}" if step.cluster else ""
        basis = Basis(stratum_name(step.covariates, codes), cluster)
        given = allocate(holder=holder_of(person), name=name, basis=basis)
        assert given
        found.append({code: _without_key(held) for code, held in given.items()})
    lists = Lists(design, seed_of(study), version=version.number, mode="live")
    assert found == [
        lists.take(step, answers(place), cluster=f"{place % 3:064x}" if step.cluster else "")
        for place in range(12)
    ]
    return found


def answers(place: int) -> dict[str, str | None]:
    return {"gender": ("woman", "man")[place % 2], "education": str(1 + place // 2 % 2)}


def _without_key(held: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "key"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "design",
    [small(), deck_design(), clustered(), minimised(), toward_completes()],
    ids=["strata", "deck", "clusters", "minimised", "completes"],
)
def test_lists_give_what_the_ledger_gives(design: Design) -> None:
    found = ledgered(design)
    assert len({held["arm"] for each in found for held in each.values()}) > 1
