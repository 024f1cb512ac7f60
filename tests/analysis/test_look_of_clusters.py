"""A look at a study whose arms were given to whole clusters."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.found import Found
from analysis.report import report
from analysis.results import Clustering, from_builtins, to_builtins
from analysis.statistics.association import Associations, associations
from analysis.statistics.clustered import (
    clustered_contrast,
    clustered_joint_test,
    clustered_means,
)
from analysis.statistics.estimate import NotEstimable, Reason
from experiments.design import Design, Parameter
from experiments.models import Study
from responses.models import Participant
from tests.analysis.hand_made import EXPECTED
from tests.analysis.studies import complete, launched, spend
from tests.changed import changed
from tests.designs import small

pytestmark = pytest.mark.django_db

SCHOOLS = tuple(f"school{number}" for number in range(12))


def of_schools(**plan: Any) -> Design:
    """`small()` assigned by schools; whatever is changed in its plan."""
    design = small()
    values: dict[str, Any] = {
        "parameters": (Parameter("school", "school", required=True, values=SCHOOLS),),
        "randomisations[0].cluster": "school",
        "randomisations[0].strata": (),
        "randomisations[0].block_sizes": (4,),
        "plan": replace(design.plan, **{"associations": ("education",), "covariates": ()} | plan),
    }
    return changed(design, values)


def pupils(study: Study, n: int, schools: int = len(SCHOOLS)) -> list[Participant]:
    """So many of the schools in turn, whose arms go in turn too."""
    people = complete(study, n)
    for place, person in enumerate(people):
        person.assignments["main"]["cluster"] = f"{place % schools:064x}"
        person.save()
    return people


def test_estimates_of_clusters_take_their_members_to_err_together() -> None:
    study = launched(of_schools())
    people = pupils(study, 20)
    results = from_builtins(spend(study, 1).results)
    cell = [person.assignments["main"]["arm"] for person in people]
    cluster = [person.assignments["main"]["cluster"] for person in people]
    outcome = [sum(int(str(p.answers[i])) for i in ("will1", "will2")) / 2 for p in people]
    cells = [arm.code for arm in of_schools().randomisations[0].arms]
    means = clustered_means(outcome, cell, cells, cluster)
    main, both = results.contrasts
    assert main.rows[0].unadjusted == Found.of(clustered_contrast(means, [-0.5, -0.5, 0.5, 0.5]))
    assert both.joint == Found.of(clustered_joint_test(means, [(1, -1, -1, 1)]))
    assert results.clustering == (Clustering("main", "school", 12),)
    assert [(a.n, a.clusters, a.mean) for a in results.arms] == [
        (5, 3, Found.of(mean)) for mean in means.means
    ]
    schooling = [
        float(code) if isinstance(code := p.answers["education"], str) else np.nan for p in people
    ]
    slopes = associations(
        np.array(outcome), {"education": np.array(schooling)}, cluster=np.array(cluster)
    )
    assert isinstance(slopes, Associations)
    assert results.associations is not None
    assert results.associations.value is not None
    (slope,) = results.associations.value.slopes
    assert slope.slope == Found.of(slopes.associations[0].slope)
    assert results.associations.value.clusters == slopes.clusters


def test_report_says_whose_errors_go_together() -> None:
    study = launched(of_schools())
    pupils(study, 20)
    shown = report(spend(study, 1), "en")
    assert ("Clusters", "12 (school)") in shown.facts
    assert shown.estimates.notes[:2] == (
        "Each contrast averages equally over the levels of the other factors. Least squares on "
        "the arms’ means; Student’s t.",
        "Reward · Voice: CR2 standard errors by 12 clusters (school), for those of a cluster err "
        "together. Degrees of freedom are Satterthwaite’s, joint tests approximate Hotelling’s "
        "(HTZ).",
    )
    tables = {table.code: table for table in shown.tables}
    assert tables["arms"].headers == ("Arm", "n", "Clusters", "Mean", "SE", "Nominal 95% CI")
    assert {row[1:3] for row in tables["arms"].rows} == {("5", "3")}
    assert "CR2 standard errors by 12 clusters" in tables["associations"].notes[0]
    assert "t(7." in shown.conclusions[1]


def test_arm_of_one_cluster_has_a_reason_and_no_p() -> None:
    study = launched(of_schools(covariates=("education",)))
    pupils(study, 20, schools=4)
    look = spend(study, 1)
    results = from_builtins(look.results)
    few = NotEstimable(Reason.TOO_FEW_CLUSTERS, "Cell none.low: All rows are of one cluster.")
    assert results.contrasts[0].rows[0].unadjusted == Found(why_not=few)
    assert [each.crossed for each in results.contrasts] == [None, None]
    assert report(look, "en").conclusions[1] == "Money: not estimable: too few clusters."


def test_few_degrees_of_freedom_are_said() -> None:
    study = launched(of_schools())
    pupils(study, 20, schools=8)
    said = "With fewer than four degrees of freedom a p-value is rough: too few clusters."
    assert said in report(spend(study, 1), "en").estimates.notes


def test_look_that_was_stored_before_there_were_clusters_is_still_read() -> None:
    stored = to_builtins(EXPECTED)
    del stored["clustering"], stored["associations"]["value"]["clusters"]
    for arm in stored["arms"]:
        del arm["clusters"]
    assert from_builtins(stored) == EXPECTED
