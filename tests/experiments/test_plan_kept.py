"""A plan that says everything keeps it in rows and in a file; one that says little stays short."""

from dataclasses import MISSING, fields, replace

import pytest

from experiments.compiler import read_rows, write_rows
from experiments.design import (
    Contrast,
    Design,
    Direction,
    Equivalence,
    Estimator,
    Exclusion,
    Family,
    Monitoring,
    Multiplicity,
    Plan,
    Spending,
    StandardErrors,
    Stopping,
    digest,
)
from experiments.studyfile import dump, parse
from tests.designs import small

PLAN = replace(
    small().plan,
    alpha=0.04,
    spending=Spending.POWER,
    spending_parameter=2.5,
    monitoring=Monitoring.ANYTIME,
    estimator=Estimator.LIN,
    standard_errors=StandardErrors.HC3,
    multiplicity=Multiplicity.NONE,
    outcome_sd=1.25,
    equivalence=Equivalence.REPEATED_INTERVAL,
    equivalence_alpha=0.025,
    equivalence_multiplicity=Multiplicity.HOLM,
    futility=0.2,
    harm_level=0.01,
    harm_direction=Direction.HIGHER,
    stopping=Stopping.PAUSE,
    replan_at=0.25,
    most_participants=80,
    exclusions=(Exclusion.FAILED_ATTENTION,),
    post_treatment_exclusions=("noticed",),
)


def everything() -> Design:
    """A design whose plan has no field at its default, with a contrast of each family."""
    contrasts = tuple(
        replace(small().plan.contrasts[0], code=family.value, family=family) for family in Family
    )
    return replace(small(), plan=replace(PLAN, contrasts=contrasts))


def test_plan_of_these_tests_has_no_field_at_its_default() -> None:
    held = {field.name for field in fields(Plan) if field.default is not MISSING}
    assert {name for name in held if getattr(PLAN, name) == getattr(Plan, name)} == set()


@pytest.mark.django_db
def test_rows_keep_a_plan_that_says_everything() -> None:
    assert read_rows(write_rows(design=everything())) == everything()


def test_file_keeps_a_plan_that_says_everything() -> None:
    design = parse(dump(everything())).design
    assert design == everything()
    # 80 and 80.0 are equal, but not in the design's JSON.
    assert digest(design) == digest(everything())


def test_file_of_a_plan_says_only_what_is_no_default() -> None:
    contrast = Contrast("money", {"en": "Money"}, factor="reward", level="money", against="none")
    text = dump(replace(small(), plan=Plan("will", 40, (contrast,))))
    assert text[text.index("plan:") :] == (
        "plan:\n"
        "  outcome: will\n"
        "  sample_size: 40\n"
        "  contrasts:\n"
        "    - code: money\n"
        "      label:\n"
        "        en: Money\n"
        "      factor: reward\n"
        "      level: money\n"
        "      against: none\n"
        "parameters: []\n"
    )
