"""Designs of every way to be assigned, and people for them."""

from dataclasses import replace
from typing import Any

from experiments.design import Design, Method, Parameter
from rehearsal.truth import Clusters, Leaving, Style, Trait, Truth
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small

SCHOOLS = tuple(f"school{number}" for number in range(8))
TRUTH = Truth(
    traits={"motive": Trait(3.4, 0.8, 0.6), "will": Trait(4.2, 1.2, 0.7)},
    correlations={"motive*will": 0.4},
    effects={"will": {"reward.money": 0.5}},
    styles={Style.CARELESS: 0.05},
    refusing=0.05,
    leaving=Leaving(each=0.05, levels={"reward.money": 2.0}, back=0.3),
    duplicates=0.03,
    clusters={"school": Clusters(len(SCHOOLS), 0.1)},
)


def stepped(**step: Any) -> Design:
    """`small()` with its randomisation changed."""
    return changed(small(), {f"randomisations[0].{name}": each for name, each in step.items()})


def clustered() -> Design:
    """`small()` assigned by schools."""
    design = stepped(cluster="school", strata=(), block_sizes=(4,))
    return replace(
        design, parameters=(Parameter("school", "school", required=True, values=SCHOOLS),)
    )


def minimised() -> Design:
    """`small()` that keeps gender and schooling in balance."""
    step: dict[str, Any] = {"method": Method.MINIMISATION, "strata": (), "block_sizes": ()}
    return stepped(**step, covariates=("gender", "education"), covariate_weights=(2, 1))


def toward_completes() -> Design:
    """`small()` by the coin towards arms short of completes."""
    return stepped(method=Method.TOWARD_COMPLETES, block_sizes=())


def conditional() -> Design:
    """`small()` whose arms women alone are given, and whose page is shown to who is educated."""
    return changed(
        stepped(assign_if="gender == 'woman'"), {"pages[3].shown_if": "education == '2'"}
    )


BY_NAME = {
    "strata": small(),
    "deck": deck_design(),
    "clusters": clustered(),
    "minimised": minimised(),
    "conditions": conditional(),
}
