"""All participants of a cluster get one arm, which is drawn when the first of them comes."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from django.db import connection
from django.test import Client

from experiments.design import Design, Parameter
from experiments.models import Status, Study
from experiments.seed import seed_of
from responses import tokens
from responses.arrival import entry_link
from responses.ledger.lists import ListName, draws
from responses.models import Allocation, AllocationHead, Participant
from responses.verification import Verdict, verify
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import tampered
from tests.responses.studies import ABOUT, entered, launched, sent

pytestmark = pytest.mark.django_db

SCHOOLS = ("north", "south", "east", "west")


def clustered() -> Design:
    """`small()` assigned by schools, in blocks of four of them."""
    return changed(
        small(),
        {
            "parameters": (Parameter("school", "school", required=True, values=SCHOOLS),),
            "randomisations[0].cluster": "school",
            "randomisations[0].strata": (),
            "randomisations[0].block_sizes": (4,),
        },
    )


def pupil(school: str) -> Participant:
    """Somebody of a school who has come to the vignette."""
    client = Client()
    token = entered(client, link=f"/s/park/?school={school}")
    sent(client, "about", ABOUT)
    return Participant.objects.get(token_hash=tokens.token_hash(token))


def cluster(study: Study, school: str) -> str:
    return "cluster=" + tokens.cluster_hash(study.pk, "school", school).hex()


def test_pupils_of_a_school_share_the_arm_that_its_first_one_drew() -> None:
    study = launched(clustered())
    came = ("north", "south", "north", "east", "north", "south", "west")
    pupils = [pupil(school) for school in came]
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    order = ("north", "south", "east", "west")
    drawn = islice(draws(ListName(version, step, "live", ""), seed_of(study)), 4)
    arms = {school: step.arms[draw.arm].code for school, draw in zip(order, drawn, strict=True)}
    assert [each.assignments["main"]["arm"] for each in pupils] == [arms[each] for each in came]
    found = Allocation.objects.order_by("id").values_list(
        "stratum", "position", "covariates", "arm"
    )
    ledger, met = [], dict.fromkeys(SCHOOLS, 0)
    for school in came:
        if not met[school]:
            place = order.index(school)
            ledger.append(("", place, cluster(study, school), arms[school]))
        ledger.append((cluster(study, school), met[school], "", arms[school]))
        met[school] += 1
    told = found.values_list("stratum", "position", "covariates", "arm")
    assert list(told) == ledger
    assert {row.probability for row in Allocation.objects.all()} == {"1/4"}
    assert pupils[0].assignments["main"]["cluster"] == cluster(study, "north")[8:]
    line = (
        "11 allocations in 5 lists replay; 7 are linked to participants, 4 are those of clusters."
    )
    assert verify(study, seed_of(study)) == Verdict(True, line)


def test_test_run_without_a_school_is_one_cluster() -> None:
    study = launched(clustered(), status=Status.PILOT)
    for more in ("", "&school=nowhere", "&school=north"):
        client = Client()
        entered(client, link=f"{entry_link('park', 'pilot')}{more}")
        assert sent(client, "about", ABOUT) == "story"
    found = Allocation.objects.exclude(stratum="").order_by("id")
    none, north = cluster(study, ""), cluster(study, "north")
    assert list(found.values_list("stratum", "position")) == [(none, 0), (none, 1), (north, 0)]
    assert verify(study, seed_of(study)).holds


def test_no_row_of_the_ledger_names_a_school() -> None:
    study = launched(clustered())
    pupil("north")
    said = str(list(Allocation.objects.values())) + str(list(AllocationHead.objects.values()))
    assert "north" not in said
    assert verify(study, seed_of(study)).holds


def test_withdrawal_of_the_first_pupil_leaves_the_school_its_arm() -> None:
    study = launched(clustered())
    first = pupil("north")
    arm = first.assignments["main"]["arm"]
    withdraw(participant_id=first.pk)
    assert pupil("north").assignments["main"]["arm"] == arm
    line = (
        "3 allocations in 2 lists replay; 1 are linked to participants, "
        "1 were cut off by withdrawals, 1 are those of clusters."
    )
    assert verify(study, seed_of(study)) == Verdict(True, line)


@pytest.mark.django_db(transaction=True)
def test_school_that_comes_at_once_draws_one_arm() -> None:
    study = launched(clustered())

    def come(number: int) -> str:
        try:
            return str(pupil(SCHOOLS[number % 4]).assignments["main"]["arm"])
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        arms = list(pool.map(come, range(24)))
    by_school = [set(arms[place::4]) for place in range(4)]
    assert [len(each) for each in by_school] == [1, 1, 1, 1]
    assert len(set.union(*by_school)) == 4
    assert verify(study, seed_of(study)).holds
    assert Allocation.objects.filter(stratum="").count() == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "line"),
    [
        (
            "UPDATE responses_allocation SET arm = CASE arm WHEN 'none.low' THEN 'money.low'"
            " ELSE 'none.low' END WHERE stratum <> '' AND position = 1",
            "the ledger says (0, ",
        ),
        (
            "UPDATE responses_allocation SET covariates = (SELECT covariates FROM"
            " responses_allocation WHERE stratum = '' AND position = 0)"
            " WHERE stratum = '' AND position = 1",
            "Version 1, main, live, position 1: it names no cluster, or one that has its row",
        ),
        (
            "UPDATE responses_allocation SET covariates = 'cluster=no' WHERE stratum = ''"
            " AND position = 1",
            "position 1: the chain of digests breaks.",
        ),
    ],
    ids=["arm", "twice", "renamed"],
)
def test_tampering_with_clusters_is_found(statement: str, line: str) -> None:
    study = launched(clustered())
    for school in ("north", "south", "north"):
        pupil(school)
    tampered(statement)
    verdict = verify(study, seed_of(study))
    assert (verdict.holds, line in verdict.line) == (False, True), verdict.line
