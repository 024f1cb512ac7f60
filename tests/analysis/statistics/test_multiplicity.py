import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.multiplicity import Adjusted, benjamini_hochberg, holm
from tests.analysis.statistics.near import near

PS = st.lists(st.floats(0, 1), min_size=1, max_size=12)
NONE = NotEstimable(Reason.NO_ROWS, "Nobody.")


def near_all(values: list[float]) -> list[float]:
    return [near(each) for each in values]


@settings(max_examples=40)
@given(PS)
def test_adjusted_p_are_the_definitions_written_out(p: list[float]) -> None:
    size, ordered = len(p), sorted(p)
    steps = [min(1.0, max((size - j) * ordered[j] for j in range(at + 1))) for at in range(size)]
    assert sorted(each for each in holm(p).p if isinstance(each, float)) == near_all(steps)
    rates = [min(size * ordered[j] / (j + 1) for j in range(at, size)) for at in range(size)]
    found = benjamini_hochberg(p)
    assert sorted(each for each in found.p if isinstance(each, float)) == near_all(rates)


@settings(max_examples=40)
@given(PS)
def test_adjusted_p_go_with_their_hypotheses(p: list[float]) -> None:
    for method in (holm, benjamini_hochberg):
        assert method(p[::-1]).p == method(p).p[::-1]


def test_hypothesis_without_a_p_keeps_its_reason_and_its_place_in_the_family() -> None:
    assert holm([0.01, NONE, 0.03]) == Adjusted(
        (near(0.03), NONE, near(0.06)), (True, False, False), 0.05
    )
    assert benjamini_hochberg([0.01, NONE, 0.03]) == Adjusted(
        (near(0.03), NONE, near(0.045)), (True, False, True), 0.05
    )


def test_adjusted_p_of_no_hypothesis_are_none() -> None:
    assert holm([]) == Adjusted((), (), 0.05)
    assert benjamini_hochberg([]) == Adjusted((), (), 0.05)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_is_an_error(p: float) -> None:
    with pytest.raises(ValueError, match="is no p-value"):
        holm([0.5, p])


def test_alpha_lies_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        holm([0.5], alpha=1)
