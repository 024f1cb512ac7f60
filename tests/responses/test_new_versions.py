"""A running study whose weights, arms or method change: new lists, and old rows still replay."""

from typing import Any

import pytest
from django.test import Client

from experiments.compiler import write_rows
from experiments.design import Arm, Method
from experiments.launch import launch
from experiments.models import Study
from experiments.seed import seed_of
from responses.models import Allocation, Participant
from responses.verification import Verdict, verify
from tests.changed import changed
from tests.designs import both, small
from tests.responses.ledger import tampered
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent

STEP = "randomisations[0]"
CHANGES: dict[str, dict[str, Any]] = {
    "weights": {f"{STEP}.arms[3].weight": 3, f"{STEP}.block_sizes": (6,)},
    "arms": {
        f"{STEP}.arms": (Arm(("none",)), Arm(("money",))),
        f"{STEP}.block_sizes": (2,),
        "factors": lambda factors: factors[:1],
        f"{STEP}.factors": ("reward",),
        "pages[2].body": both("{reward}", "{reward}"),
        "plan.contrasts": lambda contrasts: contrasts[:1],
    },
    "method": {f"{STEP}.method": Method.SIMPLE, f"{STEP}.block_sizes": ()},
}


def finished(client: Client) -> None:
    sent(client, "about", ABOUT)
    client.get("/s/park/story/")
    sent(client, "story", {})
    client.get("/s/park/opinion/")
    sent(client, "opinion", OPINION)


def relaunched(change: str) -> tuple[Study, Client]:
    """A study that changed after three were allocated, and somebody who had begun before that."""
    study = launched()
    for _ in range(3):
        client = Client()
        entered(client)
        finished(client)
    waiting = Client()
    entered(waiting)
    write_rows(design=changed(small(), CHANGES[change]))
    launch(study=study, reason="The money arm fills too slowly.")
    return Study.objects.get(pk=study.pk), waiting


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_changed_randomisation_starts_new_lists_and_old_rows_replay(change: str) -> None:
    study, waiting = relaunched(change)
    # Who began on a version finishes on it, and on its list.
    finished(waiting)
    for _ in range(3):
        client = Client()
        entered(client)
        finished(client)
    rows = Allocation.objects.order_by("version__number", "position")
    assert list(rows.values_list("version__number", "position")) == [
        *((1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1), (2, 2))
    ]
    assert {row.probability for row in rows if row.version.number == 1} == {"1/4"}
    line = "7 allocations in 2 lists replay; 7 are linked to participants."
    assert verify(study, seed_of(study)) == Verdict(True, line)
    assert list(Participant.objects.order_by("id").values_list("version__number", flat=True)) == [
        *(1, 1, 1, 1, 2, 2, 2)
    ]


@pytest.mark.django_db(transaction=True)
def test_old_row_is_held_against_its_own_design() -> None:
    study, _ = relaunched("weights")
    tampered("UPDATE responses_allocation SET probability = '1/6' WHERE position = 1")
    told = "Version 1, main, live, gender=woman, position 1: the ledger says"
    verdict = verify(study, seed_of(study))
    assert (verdict.holds, verdict.line.startswith(told)) == (False, True), verdict.line
