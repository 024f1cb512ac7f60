"""How many cells, and how long a name, the arms of a randomisation can have."""

from typing import Any

import pytest

from experiments.cells import every_cell
from experiments.checks import Problem, problems
from experiments.design import Arm, Factor, Level, Randomisation
from tests.changed import changed, drop
from tests.designs import both, small

TOO_LONG = Problem(
    "randomisations[0].arms[0].levels",
    "The arm's name is longer than 200 characters.",
    "Shorten the codes of its levels.",
)


def test_more_cells_than_any_study_fills_are_refused() -> None:
    many = tuple(Level(f"l{n}", both("L", "수준"), both(f"T{n}", f"글{n}")) for n in range(501))
    arms = tuple(Arm((f"l{n}", voice)) for n in range(501) for voice in ("low", "high"))
    values: dict[str, Any] = {
        "factors[0].levels": many,
        "randomisations[0].arms": arms,
        "randomisations[0].block_sizes": (1002,),
        "plan.contrasts": drop(0),
        "plan.sample_size": 10_000,
        "pages[3].items": drop(2),
    }
    message, remedy = "Its factors make 1002 cells.", "Vary less: 1000 cells at most."
    assert problems(changed(small(), values)) == [
        Problem("randomisations[0].factors", message, remedy)
    ]
    fewer = {"factors[0].levels": many[1:], "randomisations[0].arms": arms[2:]}
    fitting = {**values, **fewer, "randomisations[0].block_sizes": (1000,)}
    assert problems(changed(small(), fitting)) == []


@pytest.mark.parametrize(("length", "expected"), [(200, []), (201, [TOO_LONG])])
def test_name_of_an_arm_has_a_greatest_length(length: int, expected: list[Problem]) -> None:
    codes = [f"f{number}" for number in range(7)]
    longest = [*(["y" * 32] * 6), "y" * (length - 6 * 33)]
    factors = tuple(
        Factor(code, {}, (Level(name, {}, {}), Level("z", {}, {})))
        for code, name in zip(codes, longest, strict=True)
    )
    cells = every_cell(factors, codes)
    steps = (Randomisation("main", tuple(codes), cells, block_sizes=(128,)),)
    found = problems(changed(small(), {"factors": factors, "randomisations": steps}))
    assert [problem for problem in found if problem == TOO_LONG] == expected
