"""Simulations at the desk: ordered, gone on with batch by batch, cancelled, shown, downloaded."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analysis.locks import simulation_lock
from analysis.models import Simulation, SimulationBatch, SimulationEnd
from analysis.power import ordering
from analysis.power.assumptions import Assumptions
from analysis.power.instrument import UnreachableError
from analysis.power.ordering import cancel_simulation, order_simulation
from analysis.power.queueing import go_on, next_simulation, unfinished_simulations
from analysis.power.runs import run_of
from analysis.power.simulating import simulated
from experiments.design import Method, digest
from experiments.models import Item, Study
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from experiments.studyrows import read_rows
from tests.analysis.looking import main, text
from tests.analysis.test_reach_page import planned
from tests.decks import deck_design
from tests.desk import desk, form_of, text_of

pytestmark = pytest.mark.django_db

PARK = "/admin/power/park/"
ASSUMED = Assumptions(n=60, mean=4.0, sd=1.2, effects={"reward.money": 0.9})


def ordered(study: Study, **given: Any) -> Simulation:
    """Seven studies in batches of three."""
    settled = {"assumed": ASSUMED, "repeats": 7, "seed": 3, "actor": "researcher", **given}
    simulation = order_simulation(study=study, design=read_rows(study), **settled)
    return simulation


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> Study:
    """A draft; three of its studies make a batch."""
    monkeypatch.setattr(ordering, "DRAWN_TOGETHER", 200)
    return write_rows(design=planned())


def test_simulation_goes_on_batch_by_batch_and_finds_what_one_run_would(study: Study) -> None:
    simulation = ordered(study)
    whole = simulated(read_rows(study), ASSUMED, 3, range(7))
    for done in (1, 2, 3):
        go_on(number=simulation.pk, seconds=0)
        assert simulation.done.count() == done
    run = run_of(simulation)
    assert run.counts is not None
    assert replace(run.counts, contrasts={}) == replace(whole, contrasts={})
    assert {c: each.rejected for c, each in run.counts.contrasts.items()} == {
        c: each.rejected for c, each in whole.contrasts.items()
    }
    assert run.end is not None
    assert (run.end.kind, run.done, run.simulation.design_digest) == (
        "done",
        7,
        digest(read_rows(study)),
    )
    assert not unfinished_simulations().exists()
    go_on(number=simulation.pk, seconds=600)
    assert simulation.done.count() == 3


def test_simulations_take_turns(study: Study) -> None:
    first, second = ordered(study), ordered(study)
    # What was ordered of a draft that is deleted goes on all the same.
    study.delete()
    turns = []
    while (number := next_simulation()) is not None:
        go_on(number=number, seconds=0)
        turns.append(number)
    assert turns == [first.pk, second.pk] * 3


def test_simulation_that_is_cancelled_or_held_by_another_goes_on_no_more(study: Study) -> None:
    simulation = ordered(study)
    with simulation_lock(simulation.pk) as mine:
        go_on(number=simulation.pk, seconds=0)
    assert (mine is None, simulation.done.count()) == (False, 0)
    go_on(number=simulation.pk, seconds=0)
    cancel_simulation(simulation=simulation, actor="researcher")
    again = cancel_simulation(simulation=simulation, actor="other")
    go_on(number=simulation.pk, seconds=600)
    assert (simulation.done.count(), again.kind, again.actor) == (1, "cancelled", "researcher")


def test_simulation_that_fails_says_why_and_is_not_tried_again(study: Study) -> None:
    simulation = ordered(study)
    broken = Simulation.objects.create(
        **{
            each.attname: getattr(simulation, each.attname)
            for each in Simulation._meta.concrete_fields
            if each.attname not in ("id", "assumed")
        },
        assumed=simulation.assumed | {"mean": 9.0},
    )
    with pytest.raises(UnreachableError):
        go_on(number=broken.pk)
    end = SimulationEnd.objects.get(simulation=broken)
    assert end.kind == "failed"
    assert "UnreachableError: mean" in end.problem
    assert list(unfinished_simulations()) == [simulation]
    assert "It failed after 0 of 7 studies" in text(desk(), f"{PARK}{broken.pk}/")


def test_simulation_is_never_edited(study: Study) -> None:
    simulation = ordered(study, repeats=3)
    go_on(number=simulation.pk, seconds=600)
    for table in ("simulation", "simulationbatch", "simulationend"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE analysis_{table} SET id = id")


REFUSED = (
    ({"repeats": 20_001}, "At most 20,000 studies of at most 20,000 participants"),
    (
        {"repeats": 20_000, "assumed": replace(ASSUMED, n=2000, loss=0.5)},
        "20,000 studies of 2,000 participants each would take too long: of so many participants "
        "at most 7,500 studies can be simulated",
    ),
    (
        {"assumed": replace(ASSUMED, loss=0.8, losses={"reward.money": 0.2, "voice.high": -0.9})},
        "some arm would lose −.10 of its participants and some 1.00: each must lose from 0 to .9.",
    ),
    (
        {"assumed": replace(ASSUMED, effects={"reward.money": 4.0})},
        "The mean of some arm lies beyond the ends of the outcome’s scale",
    ),
    ({"assumed": replace(ASSUMED, sd=3.5)}, "can’t have this standard deviation: take"),
    ({"assumed": replace(ASSUMED, reliability=0.9999)}, "and this reliability together"),
    ({"assumed": replace(ASSUMED, covariate_reliability=0.9999)}, "The items of motive can’t"),
)


def test_what_can_not_be_simulated_is_refused_in_words(study: Study) -> None:
    for changed, said in REFUSED:
        with pytest.raises(Refused, match=re.escape(said)):
            ordered(study, **changed)
    assert not Simulation.objects.exists()


def test_more_than_some_at_once_and_long_minimisation_are_refused(study: Study) -> None:
    for _ in range(ordering.MOST_AT_ONCE):
        ordered(study)
    with pytest.raises(Refused, match="3 simulations of this study are under way already"):
        ordered(study)
    design = planned()
    step = replace(design.randomisations[0], method=Method.MINIMISATION, covariates=("gender",))
    slow = replace(design, randomisations=(replace(step, strata=(), block_sizes=()),))
    with pytest.raises(Refused, match="at most 3,000 studies"):
        order_simulation(
            study=study,
            design=slow,
            assumed=replace(ASSUMED, n=1000),
            repeats=5000,
            actor="researcher",
        )


def test_desk_orders_follows_cancels_and_downloads(study: Study) -> None:
    client = desk()
    sent = form_of(client.get(PARK), "simulate")
    assert (sent["n"], sent["sd"], sent["mean"], sent["effect_1"]) == (
        ["400"],
        ["1.0"],
        ["4.0"],
        ["0.3"],
    )
    typed = {**sent, "n": "60", "repeats": "20", "seed": "3", "effect_1": "0.9", "slope_1": "0.4"}
    page = client.post(f"{PARK}simulate/", typed, follow=True)
    (simulation,) = Simulation.objects.all()
    assert "0 of 20 studies so far. A worker goes on with it" in text_of(page)
    assert "desk/watch." in page.content.decode()
    go_on(number=simulation.pk, seconds=600)
    address = f"{PARK}{simulation.pk}/"
    shown = text(client, address)
    for part in (
        "All 20 studies were simulated.",
        "Effect of Money 0.90",
        "Correlation of Motive with the outcome 0.40",
        "Contrast In truth Rejected Mean estimate at the end",
        "Money 0.900",
        "At least one primary hypothesis is rejected",
        f"Digest of the design {simulation.design_digest}",
    ):
        assert part in shown
    assert "style=" not in main(client, address)
    assert main(client, address).count("<circle") == 4
    assert "20 of 20 studies of 60 participants, done" in text(client, PARK)
    told = json.loads(client.get(f"{address}json/").content)
    assert (told["seed"], told["counts"]["studies"], told["true_contrasts"]["money_vs_none"]) == (
        3,
        20,
        [0.9],
    )
    assert told["shares"]["contrasts"]["money_vs_none"]["rejected"]["of"] == 20
    Item.objects.filter(code="will1").update(reverse=True)
    assert "The study has changed since" in text(client, address)
    other = ordered(study, repeats=20)
    cancelled = client.post(f"{PARK}{other.pk}/cancel/", follow=True)
    assert "Cancelled by researcher after 0 of 20 studies." in text_of(cancelled)


def test_desk_says_what_is_wrong_with_what_was_typed(study: Study) -> None:
    client = desk()
    sent = form_of(client.get(PARK), "simulate")
    wrong = {**sent, "n": "5", "loss": "1", "slope_1": "0.8", "slope_2": "0.8"}
    refused = client.post(f"{PARK}simulate/", wrong)
    shown = text_of(refused)
    assert refused.status_code == 422
    assert "Ensure this value is greater than or equal to 10." in shown
    assert "the squares of their correlations must come to at most .95" in shown
    refused = client.post(f"{PARK}simulate/", {**sent, "effect_1": "4"})
    assert refused.status_code == 409
    assert "lies beyond the ends of the outcome’s scale" in text_of(refused)
    assert not Simulation.objects.exists()


def test_design_that_can_not_be_simulated_is_offered_no_form() -> None:
    step = planned().randomisations[0]
    write_rows(
        design=replace(planned(), randomisations=(replace(step, assign_if="gender == 'man'"),))
    )
    client = desk()
    assert "Not everybody is drawn by main." in text(client, PARK)
    assert client.post(f"{PARK}simulate/", {}).status_code == 409


def test_deck_is_simulated_with_what_judgements_share(study: Study) -> None:
    study.delete()
    plan = replace(deck_design().plan, sample_size=60, outcome_sd=1.2, smallest_effect=0.3)
    write_rows(design=replace(deck_design(), study="park", plan=plan))
    client = desk()
    sent = form_of(client.get(PARK), "simulate")
    assert (sent["between_people"], "between_clusters" in sent, "loss_1" in sent) == (
        ["0.5"],
        False,
        False,
    )
    client.post(f"{PARK}simulate/", sent | {"n": "40", "repeats": "20", "between_people": "0.7"})
    simulation = Simulation.objects.get()
    assert (simulation.assumed["between_people"], simulation.together) == (0.7, 1)
    go_on(number=simulation.pk, seconds=0)
    shown = text(client, f"{PARK}{simulation.pk}/")
    assert "Shared by a person’s judgements 0.70" in shown


def test_ordering_and_cancelling_are_for_who_may_change_the_study(study: Study) -> None:
    simulation = ordered(study)
    address = f"{PARK}{simulation.pk}/"
    client = desk("view_study")
    codes = [
        client.get(address).status_code,
        client.get(f"{address}json/").status_code,
        client.post(f"{address}cancel/").status_code,
        client.post(f"{PARK}simulate/", {}).status_code,
        client.get(f"{PARK}{simulation.pk + 1}/").status_code,
        Client().get(address).status_code,
    ]
    assert codes == [200, 200, 403, 403, 404, 302]
    assert "Cancel the simulation" not in text(client, address)
    assert "Who may change the study can order a simulation." in text(client, PARK)
    assert desk("view_study", "change_study").post(f"{address}cancel/").status_code == 303


def test_pages_take_a_fixed_number_of_statements(
    study: Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = desk()
    for batches in (1, 3):
        simulation = ordered(study)
        for _ in range(batches):
            go_on(number=simulation.pk, seconds=0)
        # Session, account, study, version, simulations; 17 for the study's rows.
        with django_assert_num_queries(22):
            client.get(PARK)
        # The simulation, its batches and its end besides.
        with django_assert_num_queries(24):
            client.get(f"{PARK}{simulation.pk}/")
    assert SimulationBatch.objects.count() == 4
