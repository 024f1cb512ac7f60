"""What is announced of the estimates' errors where rows are not independent."""

from dataclasses import replace

from experiments.design import Arm, Randomisation
from experiments.preregistration import preregistration
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.experiments.test_preregistration import section

CR2 = (
    "CR2 standard errors (Bell & McCaffrey 2002) by {unit}, tested by Student’s t with "
    "Satterthwaite’s degrees of freedom, several together by the approximate Hotelling test (HTZ; "
    "Pustejovsky & Tipton 2018)"
)


def test_estimates_of_clusters_say_so() -> None:
    values = {"randomisations[0].cluster": "school", "randomisations[0].arms[0].weight": 0}
    text = preregistration(changed(small(), values))
    tests = section(text, "Contrasts and their tests")
    assert "averaged equally over the levels of `voice` with which both have an arm." in tests
    assert "tested together by the approximate Hotelling test." in tests
    assert tests.endswith(
        f"Contrasts are weighted sums of the arms’ means with {CR2.format(unit='`school`')}. "
        "The unadjusted estimate is the announced test."
    )
    assert "on all of these with CR2 standard errors by `school`; nobody" in text


def test_estimates_of_vignettes_say_so() -> None:
    tests = section(preregistration(deck_design(deck_size=4)), "Contrasts and their tests")
    assert tests.endswith(
        "The rows are vignettes, for `will` is asked for each that a participant judged. "
        f"Contrasts are weighted sums of the arms’ means with {CR2.format(unit='participant')}. "
        "Contrasts within `deck` are told by a model of main effects for its cells’ means. "
        "The unadjusted estimate is the announced test."
    )


def test_estimates_of_each_randomisation_are_told_where_they_differ() -> None:
    plan = small().plan
    colour = replace(small().factor("voice"), code="colour")
    painted = replace(plan.contrasts[0], factor="colour", level="high", against="low", code="c")
    paint = Randomisation("paint", ("colour",), (Arm(("low",)), Arm(("high",))))
    design = replace(
        changed(small(), {"randomisations[0].cluster": "school"}),
        plan=replace(plan, contrasts=(*plan.contrasts, painted)),
        factors=(*small().factors, colour),
    )
    design = replace(design, randomisations=(*design.randomisations, paint))
    tests = section(preregistration(design), "Contrasts and their tests")
    assert (
        "Contrasts are weighted sums of the arms’ means. Those of `reward` and `voice`: "
        f"{CR2.format(unit='`school`')}. Those of `colour`: HC2 standard errors"
    ) in tests
