"""The coin towards arms that are short of completes, for studies that opt into it."""

from collections import Counter

import pytest
from django.test import Client

from experiments.design import Design, Method
from experiments.models import Study
from experiments.seed import seed_of
from responses.models import Allocation, Participant
from responses.verification import Verdict, verify
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import tampered
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

PEOPLE = 12


def toward_completes(coin: float = 1.0) -> Design:
    """`small()` by that method; a coin of 1 always takes an arm that has fewest completes."""
    values = {"method": Method.TOWARD_COMPLETES, "strata": (), "block_sizes": (), "coin": coin}
    return changed(small(), {f"randomisations[0].{name}": each for name, each in values.items()})


def completed(people: int, coin: float = 1.0) -> Study:
    study = launched(toward_completes(coin))
    for _ in range(people):
        client = Client()
        walked(client)
    return study


def test_each_newcomer_goes_where_completes_are_fewest() -> None:
    study = completed(PEOPLE)
    arms = [arm.code for arm in toward_completes().randomisations[0].arms]
    counts: Counter[str] = Counter()
    for row in Allocation.objects.order_by("position"):
        assert row.covariates == "&".join(f"{arm}={counts[arm]}" for arm in arms)
        fewest = [arm for arm in arms if counts[arm] == min(counts[each] for each in arms)]
        assert row.arm in fewest
        assert row.probability == f"1/{len(fewest)}".replace("1/1", "1")
        counts[row.arm] += 1
    assert counts == dict.fromkeys(arms, 3)
    line = f"{PEOPLE} allocations in 1 lists replay; {PEOPLE} are linked to participants."
    assert verify(study, seed_of(study)) == Verdict(True, line)


def test_coin_leaves_every_arm_its_chance_which_is_stated() -> None:
    study = completed(5, coin=0.7)
    probabilities = list(
        Allocation.objects.order_by("position").values_list("probability", flat=True)
    )
    assert probabilities[0] == "1/4"
    # Three arms tie: 0.7 and what is left of the others' 0.1 is shared; or the fourth gets 0.1.
    assert set(probabilities[1:2]) <= {"3/10", "1/10"}
    assert verify(study, seed_of(study)).holds


def test_withdrawal_takes_its_complete_away_and_replays() -> None:
    study = completed(4)
    withdraw(participant_id=Participant.objects.order_by("id")[1].pk)
    walked(Client())
    last = Allocation.objects.order_by("-position")[0]
    assert sorted(part.split("=")[1] for part in last.covariates.split("&")) == ["0", "1", "1", "1"]
    assert verify(study, seed_of(study)).holds


@pytest.mark.django_db(transaction=True)
def test_counts_that_can_not_have_been_are_found() -> None:
    study = completed(3)
    tampered(
        "UPDATE responses_allocation SET covariates ="
        " 'none.low=9&none.high=0&money.low=0&money.high=0' WHERE position = 2"
    )
    line = (
        "Version 1, main, live, position 2: it counts more completes than there were participants."
    )
    assert verify(study, seed_of(study)) == Verdict(False, line)
