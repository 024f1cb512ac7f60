"""What minimisation needs, and what has no meaning for other methods."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from experiments.checks.problem import Problem
from experiments.design import Distance, Method
from tests.changed import changed
from tests.designs import small

STEP = "randomisations[0]"
MINIMISED: dict[str, Any] = {
    f"{STEP}.method": Method.MINIMISATION,
    f"{STEP}.block_sizes": (),
    f"{STEP}.strata": (),
    f"{STEP}.covariates": ("gender", "education"),
}
EARLIER = "Ask it on a page before the first vignette that shows these factors."


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"covariate_weights": (2, 1), "distance": Distance.VARIANCE, "coin": 1.0}, []),
        ({"coin": 0.25, "strata": ("attention",)}, []),
        (
            {"covariates": ()},
            [
                (
                    "covariates",
                    "Minimisation has no covariates to balance.",
                    "Name items that are asked before the vignette, or parameters with values.",
                )
            ],
        ),
        (
            {"covariates": ("noticed",)},
            [("covariates[0]", "noticed is asked too late to allocate by.", EARLIER)],
        ),
        (
            {"covariates": ("comment",)},
            [
                (
                    "covariates[0]",
                    "comment is of kind text.",
                    "Name an item of which one option is chosen.",
                )
            ],
        ),
        (
            {"covariates": ("gender",), "pages[1].max_seconds": 60},
            [
                (
                    "covariates[0]",
                    "gender may be left empty when the time of its page is up.",
                    "Ask it on a page without max_seconds.",
                )
            ],
        ),
        (
            {"covariate_weights": (1,)},
            [
                (
                    "covariate_weights",
                    "There are 1 weights for 2 covariates.",
                    "Give one for each, or none at all.",
                )
            ],
        ),
        (
            {"covariate_weights": (0, 101)},
            [
                (
                    "covariate_weights",
                    "A covariate counts too little or much.",
                    "Give weights from 1 to 100.",
                )
            ],
        ),
        *(
            (
                {"coin": coin},
                [
                    (
                        "coin",
                        f"The coin {coin} is no probability that favours an arm.",
                        "Give one from 0.25 to 1, such as 0.8.",
                    )
                ],
            )
            for coin in (0.2, 1.5)
        ),
        (
            {"block_sizes": (4,)},
            [
                (
                    "block_sizes",
                    "The method minimisation draws no blocks.",
                    "Take the sizes out, or use permuted_blocks.",
                )
            ],
        ),
        (
            {"method": Method.SIMPLE},
            [
                (
                    "covariates",
                    "The method simple balances no covariates.",
                    "Take them out, or use minimisation.",
                )
            ],
        ),
    ],
)
def test_problems_of_minimisation_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    own = {name if "[" in name else f"{STEP}.{name}": value for name, value in values.items()}
    found = problems(changed(small(), MINIMISED | own))
    assert found == [Problem(f"{STEP}.{path}", *said) for path, *said in expected]
