"""A look at a study in which everybody judged several vignettes."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from analysis.found import Found
from analysis.progress import progress_of
from analysis.report import report
from analysis.results import Clustering, from_builtins
from analysis.statistics.clustered import clustered_contrast, clustered_means
from experiments.design import Arm, Design
from tests.analysis.judging import ARMS, cards, judged, judges
from tests.analysis.studies import launched, spend
from tests.changed import changed
from tests.decks import deck_design

pytestmark = pytest.mark.django_db


def judging() -> Design:
    """`deck_design()` without covariates."""
    design = deck_design()
    plan = replace(design.plan, covariates=(), associations=("education",))
    return changed(design, {"plan": plan})


def test_vignettes_of_a_participant_err_together() -> None:
    study = launched(judging())
    judges(study, 20)
    results = from_builtins(spend(study, 1).results)
    rows = [(at, draw, arm) for at in range(20) for draw, arm in enumerate(cards(at), start=1)]
    outcome = [
        sum(int(str(judged(at)[f"{code}_{draw}"])) for code in ("will1", "will2")) / 2
        for at, draw, _ in rows
    ]
    means = clustered_means(outcome, [arm for *_, arm in rows], ARMS, [f"{at}" for at, *_ in rows])
    (contrast,) = results.contrasts
    found = clustered_contrast(means, [-0.5, -0.5, 0.5, 0.5])
    assert contrast.rows[0].unadjusted == Found.of(found)
    assert (results.n, results.vignettes, results.without_arm) == (20, 40, {"deck": 0})
    assert results.bounds[-1].fraction == 0.5
    assert results.clustering == (Clustering("deck", "", 20),)
    assert [(arm.n, arm.clusters, arm.mean) for arm in results.arms] == [
        (n, n, Found.of(mean)) for n, mean in zip(means.counts, means.means, strict=True)
    ]
    assert results.associations is not None
    assert results.associations.value is not None
    assert results.associations.value.clusters == results.associations.value.n / 2


def test_report_says_how_many_judged_how_many() -> None:
    study = launched(judging())
    judges(study, 20)
    shown = report(spend(study, 1), "en")
    facts = dict(shown.facts)
    assert (facts["Participants analysed"], facts["Vignettes analysed"]) == ("20", "40")
    assert facts["Clusters"] == "20 (participants, each with the vignettes they judged)"
    assert shown.estimates.notes[1].startswith("Reward · Voice: CR2 standard errors by 20 clusters")
    tables = {table.code: table for table in shown.tables}
    assert tables["arms"].caption == "Vignettes and mean outcome per arm"
    assert tables["arms"].headers[:3] == ("Arm", "Vignettes", "Participants")
    assert tables["scales"].notes[1].startswith("What is asked for each vignette is taken from")
    assert tables["checks"].notes == (
        "Where a check is asked for each vignette, n counts vignettes.",
    )


def test_progress_pools_the_outcome_of_all_vignettes() -> None:
    study = launched(judging())
    judges(study, 3)
    assert progress_of(study)[0].pooled.startswith("n = 6, M = ")


def test_deck_of_some_cells_says_by_which_model_it_tells() -> None:
    arms = (Arm(("none", "low")), Arm(("money", "high")), Arm(("none", "high")))
    study = launched(
        changed(judging(), {"randomisations[0].arms": arms, "randomisations[0].deck_size": 3})
    )
    judges(study, 20)
    look = spend(study, 1)
    (contrast,) = from_builtins(look.results).contrasts
    value = contrast.rows[0].unadjusted.value
    means = {arm.arm: arm.mean.value for arm in from_builtins(look.results).arms}
    money, none = means["money.high"], means["none.high"]
    assert value
    assert money
    assert none
    assert value.estimate == pytest.approx(money.mean - none.mean)
    assert report(look, "en").estimates.notes[1] == (
        "Reward · Voice: the deck holds some cells, and contrasts are told by main effects alone."
    )


def test_pages_of_such_a_look_are_shown(admin_client: Client) -> None:
    study = launched(judging())
    judges(study, 20)
    look = spend(study, 1)
    page = admin_client.get(reverse("admin:analysis_look_change", args=[look.pk]))
    assert "20 (participants, each with the vignettes they judged)" in page.content.decode()
    figure = admin_client.get(reverse("admin:analysis_look_figure", args=[look.pk, "estimates"]))
    assert "not distinguishable from zero" in figure.content.decode()
