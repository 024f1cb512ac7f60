"""What was planted, as the plan asks for it, against figures of an export."""

import math
from pathlib import Path

from coprod_site.embedded import ROOT
from experiments.studyfile import parse
from rehearsal.findings import Finding, findings, planted_slope
from rehearsal.truth import Trait, Truth
from tests.designs import small

STUDY = Path(ROOT) / "studies" / "coproduction.yaml"


def test_planted_slope_is_that_of_scores() -> None:
    design = parse(STUDY.read_bytes()).design
    assert design
    truth = Truth(
        traits={"psm": Trait(3.6, 0.5, 0.81), "wtc": Trait(4.4, 1.25, 0.9025)},
        correlations={"psm*wtc": 0.4},
        # A tenth of a point for each step.
        slopes={"wtc": {f"education.{number}": number / 10 for number in range(1, 6)}},
    )
    # 0.4 √(0.81 × 0.9025) × 1.25 / 0.5
    assert math.isclose(planted_slope(design, truth, "psm"), 0.855)
    assert math.isclose(planted_slope(design, truth, "education"), 0.1)
    assert planted_slope(design, truth, "income") == 0


def test_findings_of_an_export_are_of_those_who_completed() -> None:
    truth = Truth(
        traits={"motive": Trait(3.0, 1.0), "will": Trait(4.0, 1.0)},
        shares={"gender": {"woman": 0.5}, "no_such_item": {"x": 1.0}},
    )
    answers = [("woman", "2"), ("woman", "4"), ("man", "3"), ("", "")]
    rows = [{"state": "completed", "gender": g, "motive": m, "will": "7"} for g, m in answers]
    rows += [{"state": "answering", "gender": "man", "motive": "5", "will": "1"}] * 9
    mean, share = findings(small(), truth, None, rows)
    assert (mean.kind, mean.code, mean.planted, mean.look) == ("mean", "motive", 3.0, False)
    # 3 ± 1.96 / √3
    assert [round(each, 4) for each in (mean.found or 0, mean.low, mean.high)] == [
        *(3.0, 1.8684, 4.1316)
    ]
    # R 4.3, prop.test(2, 3, correct = FALSE)$conf.int
    assert (share.kind, share.code, share.of, share.planted) == ("share", "gender", "woman", 0.5)
    assert [round(each, 4) for each in (share.found or 0, share.low, share.high)] == [
        *(0.6667, 0.2077, 0.9385)
    ]
    assert (mean.recovered, share.recovered) == (True, True)
    assert Finding("mean", "motive", "", 3.0).recovered is None
