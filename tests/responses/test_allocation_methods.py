"""Each method that has a list, from the first participant to the replay of the ledger."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from experiments.design import Design, Method
from experiments.models import Study
from experiments.randomisation import Tally, next_draw
from experiments.seed import seed_of
from responses.ledger.lists import ListName, draws
from responses.models import Allocation, AllocationHead, Participant
from responses.verification import verify
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import tampered
from tests.responses.studies import ABOUT, entered, launched, sent, walked

pytestmark = pytest.mark.django_db

PEOPLE = 12
# So few places of a list are the same under two seeds once in millions.
OF_ANOTHER_SEED = 20


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
@pytest.mark.parametrize("method", [Method.PERMUTED_BLOCKS, Method.SIMPLE, Method.COMPLETE])
def test_list_of_another_seed_is_found_under_every_method(method: Method) -> None:
    study = launched(by_method(method, 2))
    for _ in range(OF_ANOTHER_SEED):
        walked(Client(), until="opinion")
    version = Allocation.objects.select_related("version").first()
    assert version
    name = ListName(version.version, version.version.design.randomisations[0], "live", "")
    ours, others = (
        [draw.arm for draw in islice(draws(name, seed), OF_ANOTHER_SEED)]
        for seed in (seed_of(study), bytes(32))
    )
    assert ours != others
    assert not verify(study, bytes(32)).holds


def by_minimisation() -> Design:
    """`small()` that keeps gender and schooling in balance."""
    step: dict[str, Any] = {"method": Method.MINIMISATION, "strata": (), "block_sizes": ()}
    step |= {"covariates": ("gender", "education"), "covariate_weights": (2, 1), "coin": 0.9}
    return changed(small(), {f"randomisations[0].{name}": each for name, each in step.items()})


def answers(number: int) -> dict[str, str]:
    return {"gender": ("woman", "man", "no_answer")[number % 3], "education": str(1 + number % 2)}


def minimised(people: int) -> Study:
    """A study by minimisation that so many people have been allocated in."""
    study = launched(by_minimisation())
    for number in range(people):
        client = Client()
        entered(client)
        assert sent(client, "about", {**ABOUT, **answers(number)}) == "story"
    return study


def test_minimisation_replays_and_states_its_exact_probabilities() -> None:
    study = minimised(PEOPLE)
    step = by_minimisation().randomisations[0]
    rows = list(Allocation.objects.order_by("position").select_related("version"))
    seed = ListName(rows[0].version, step, "live", "").seed(seed_of(study))
    tally, expected = Tally(4), []
    for number in range(PEOPLE):
        profile = answers(number)
        arm, chance = next_draw(step, seed, number, tally, profile)
        tally = tally.with_(profile, arm)
        told = f"gender={profile['gender']}&education={profile['education']}"
        expected.append((number, step.arms[arm].code, str(chance), told))
    found = [(row.position, row.arm, row.probability, row.covariates) for row in rows]
    assert found == expected
    assert AllocationHead.objects.get().tally == tally.as_json()
    # The first is drawn as by weight; then the coin decides, or shares out among ties.
    assert [row.probability for row in rows][:1] == ["1/4"]
    assert len({row.probability for row in rows}) > 1
    verdict = verify(study, seed_of(study))
    assert verdict.holds, verdict.line


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("column", "value", "line"),
    [
        ("arm", "'money.low'", "the ledger says"),
        ("covariates", "'gender=man&education=2'", ""),
        ("covariates", "'rubbish'", "what it was drawn by can't be read"),
        ("probability", "'1/2'", "the ledger says"),
    ],
)
def test_edited_row_of_minimisation_is_found(column: str, value: str, line: str) -> None:
    study = minimised(6)
    changed_rows = tampered(
        f"UPDATE responses_allocation SET {column} = {value} WHERE position = 2 AND"
        f" {column} <> {value}"
    )
    verdict = verify(study, seed_of(study))
    assert verdict.holds is (changed_rows == 0), verdict.line
    assert line in verdict.line or not changed_rows


@pytest.mark.django_db(transaction=True)
def test_minimisation_is_exact_under_concurrency() -> None:
    study = launched(by_minimisation())
    clients = [Client() for _ in range(16)]
    for client in clients:
        entered(client)

    def send(number: int) -> str:
        try:
            return sent(clients[number], "about", {**ABOUT, **answers(number)})
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(send, range(16))) == ["story"] * 16
    positions = Allocation.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(16))
    verdict = verify(study, seed_of(study))
    assert verdict.holds, verdict.line
