"""Connections are killed while people arrive: no position is lost, given twice, or nobody's."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from experiments.design import Design, Method
from experiments.models import Study
from experiments.seed import seed_of
from responses.allocation import Basis, Holder, allocate
from responses.models import Allocation, AllocationHead, Participant
from responses.tokens import token_hash
from responses.verification import verify
from tests.changed import changed
from tests.designs import factors, small
from tests.responses.killing import answered, backends_killed
from tests.responses.ledger import holder_of, list_of, people
from tests.responses.studies import ABOUT, launched

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AT_ONCE = 24
STRATA = ("gender=woman", "gender=man", "gender=no_answer")


def by_minimisation() -> Design:
    """`small()` by a method that looks at its past while the head is locked."""
    step: dict[str, Any] = {"method": Method.MINIMISATION, "strata": (), "block_sizes": ()}
    step |= {"covariates": ("gender",), "coin": 0.8}
    return changed(small(), {f"randomisations[0].{name}": each for name, each in step.items()})


def stands(study: Study, strata: Sequence[str], number: int) -> None:
    """Asserts that everybody has one row, every row somebody, and every list all its positions."""
    rows = list(Allocation.objects.order_by("stratum", "position"))
    heads = dict(AllocationHead.objects.values_list("stratum", "next_position"))
    assert set(heads) == set(strata)
    for stratum, end in heads.items():
        assert [row.position for row in rows if row.stratum == stratum] == list(range(end))
    persons = list(Participant.objects.all())
    held = Counter(link["key"] for each in persons for link in each.assignments.values())
    assert held == Counter(str(row.key) for row in rows)
    assert [len(each.assignments) for each in persons] == [1] * number
    verdict = verify(study, seed_of(study))
    assert verdict.holds, verdict.line


@pytest.mark.parametrize(
    ("design", "strata", "number"),
    [(small(rewards=3), STRATA, 5000), (by_minimisation(), ("",), 1000)],
    ids=["lists", "minimisation"],
)
def test_ledger_is_whole_when_connections_are_killed(
    design: Design, strata: Sequence[str], number: int
) -> None:
    study = launched(design)
    tasks = [
        (holder_of(person), list_of(study, strata[place % len(strata)]), Basis(STRATA[place % 3]))
        for place, person in enumerate(people(study, number))
    ]

    with backends_killed(20261125, pause=0.01) as toll, ThreadPoolExecutor(AT_ONCE) as pool:

        def arrive(task: tuple[Holder, Any, Basis]) -> Any:
            holder, name, basis = task
            return answered(toll, lambda: allocate(holder=holder, name=name, basis=basis))

        told = list(pool.map(arrive, tasks))

    assert toll.killed > 100
    assert toll.failures.count("AdminShutdown") > 50
    stored = Participant.objects.in_bulk()
    assert told == [stored[holder.participant_id].assignments for holder, _, _ in tasks]
    stands(study, strata, number)


def test_whoever_saw_an_arm_has_exactly_that_row() -> None:
    """Through the pages: what each was shown is what the ledger says, however often they asked."""
    study = launched(small(rewards=3))

    with backends_killed(7, pause=0.02) as toll, ThreadPoolExecutor(AT_ONCE) as pool:

        def walk(number: int) -> tuple[str, str]:
            """Enters and sends the page that allocates: the resume code, and the vignette."""
            client = Client()
            welcome = answered(toll, lambda: client.get("/s/park/")).content.decode()
            nonce = welcome.split('name="nonce" value="')[1].split('"')[0]
            consent = {"consent": "agree", "nonce": nonce, "move": "next"}
            answered(toll, lambda: client.post("/s/park/", consent))
            about = {**ABOUT, "gender": ("woman", "man")[number % 2], "move": "next"}
            moved = answered(toll, lambda: client.post("/s/park/about/", about))
            assert moved["Location"] == "/s/park/story/"
            story = answered(toll, lambda: client.get("/s/park/story/")).content.decode()
            return client.cookies["coprod_park"].value, story

        walked = list(pool.map(walk, range(300)))
        # A fast machine is through with them sooner than the killer with as many.
        while toll.killed <= 50 or not toll.failures:
            walked += pool.map(walk, range(len(walked), len(walked) + 20))

    assert toll.killed > 50
    assert toll.failures
    stands(study, STRATA[:2], len(walked))
    for token, story in walked:
        person = Participant.objects.get(token_hash=token_hash(token))
        assert levels_shown(story) == person.assignments["main"]["levels"]
        assert person.exposed_at


def levels_shown(story: str) -> dict[str, str]:
    """The levels whose texts are on the page."""
    return {
        factor.code: level.code
        for factor in factors(rewards=3)
        for level in factor.levels
        if level.text["en"] in story
    }
