"""Each method that has a list, from the first participant to the replay of the ledger."""

from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest
from django.test import Client

from experiments.design import Design, Method
from experiments.seed import seed_of
from responses.allocation import ListName, list_draws
from responses.models import Allocation, Participant
from responses.verification import verify
from tests.changed import changed
from tests.designs import small
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

PEOPLE = 12


def by_method(method: Method, weight: int) -> Design:
    """`small()` by that method, without strata."""
    design = small()
    arms = tuple(replace(arm, weight=weight) for arm in design.randomisations[0].arms)
    sizes = (4,) if method is Method.PERMUTED_BLOCKS else ()
    step = {"method": method, "arms": arms, "strata": (), "block_sizes": sizes}
    return changed(design, {f"randomisations[0].{name}": each for name, each in step.items()})


@pytest.mark.parametrize(("method", "weight"), [(Method.SIMPLE, 1), (Method.COMPLETE, 3)])
def test_study_is_allocated_by_its_method_and_replays(method: Method, weight: int) -> None:
    study = launched(by_method(method, weight))
    for _ in range(PEOPLE):
        walked(Client(), until="opinion")
    rows = list(Allocation.objects.order_by("position"))
    assert [row.position for row in rows] == list(range(PEOPLE))
    assert {row.probability for row in rows} == {"1/4"}
    if method is Method.COMPLETE:
        assert Counter(row.arm for row in rows) == dict.fromkeys(
            ("none.low", "none.high", "money.low", "money.high"), 3
        )
    found = verify(study, seed_of(study))
    assert found.holds, found.line
    held = Participant.objects.order_by("id").values_list("assignments__main__arm", flat=True)
    assert Counter(held) == Counter(row.arm for row in rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", list(Method))
def test_list_of_another_seed_is_found_under_every_method(method: Method) -> None:
    study = launched(by_method(method, 2))
    for _ in range(8):
        walked(Client(), until="opinion")
    version = Allocation.objects.select_related("version").first()
    assert version
    name = ListName(version.version, version.version.design.randomisations[0], "live", "")
    ours = [draw.arm for draw in islice(list_draws(name, seed_of(study)), 8)]
    others = [draw.arm for draw in islice(list_draws(name, bytes(32)), 8)]
    assert ours != others
    assert not verify(study, bytes(32)).holds
