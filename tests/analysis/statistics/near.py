"""Numbers that are equal but for rounding, inside results that are compared whole."""

from typing import Any

import pytest

# Two ways through the same formula in double precision part by some hundred epsilons; p and
# interval limits multiply that by the statistic.
ROUNDING = 1e-8


def near(value: float, *, rel: float = ROUNDING) -> Any:
    """The value, equal to whatever lies within rounding of it."""
    return pytest.approx(value, rel=rel, abs=1e-12)
