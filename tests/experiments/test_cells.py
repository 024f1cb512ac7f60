"""The cells of the factorial."""

from experiments.cells import every_cell
from experiments.design import Arm, Level
from tests.changed import changed
from tests.designs import factors, small


def test_every_cell_is_in_the_order_of_codes_and_levels() -> None:
    assert every_cell(factors(3), ("voice", "reward")) == (
        Arm(("low", "none")),
        Arm(("low", "money")),
        Arm(("low", "thanks")),
        Arm(("high", "none")),
        Arm(("high", "money")),
        Arm(("high", "thanks")),
    )


def test_every_cell_of_an_unknown_factor_is_none() -> None:
    assert every_cell(factors(2), ("reward", "vioce")) == ()


def test_every_cell_of_millions_is_none() -> None:
    many = tuple(Level(f"l{number}", {}, {}) for number in range(501))
    design = changed(small(), {"factors[0].levels": many})

    assert every_cell(design.factors, ("reward", "voice")) == ()
