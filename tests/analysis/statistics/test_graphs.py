from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.graphs import EPSILON, Graph, gatekeeping, graph, graph_test
from analysis.statistics.multiplicity import Adjusted, holm
from tests.analysis.statistics.near import near

# Whole thousandths: no two of them times a weight are equal but for rounding.
PS = st.integers(0, 1000).map(lambda n: n / 1000)


@st.composite
def graphs(draw: Any) -> Graph:
    size = draw(st.integers(1, 4))
    parts = st.lists(st.integers(0, 4), min_size=size, max_size=size)
    weights = draw(parts)
    rows = [[0 if k == at else part for k, part in enumerate(draw(parts))] for at in range(size)]
    share = [[Fraction(part, max(sum(row), 1)) for part in row] for row in [weights, *rows]]
    return graph([str(at) for at in range(size)], share[0], share[1:])


def by_closure(drawn: Graph, p: list[float]) -> tuple[float, ...]:
    """Adjusted p from all intersections: the largest of min p / weight over those that hold j."""
    size, found = len(p), [0.0] * len(p)
    for many in range(1, size + 1):
        for members in combinations(range(size), many):
            left = drawn
            for place in set(range(size)) - set(members):
                left = left.without(place)
            weighed = [p[j] / float(w) for j in members if (w := left.weights[j]) > 0]
            for j in members:
                found[j] = max(found[j], min(weighed, default=1.0))
    return tuple(min(each, 1.0) for each in found)


@settings(max_examples=40)
@given(drawn=graphs(), p=st.lists(PS, min_size=4, max_size=4))
def test_graph_is_the_closed_test_of_its_intersections(drawn: Graph, p: list[float]) -> None:
    p = p[: len(drawn.hypotheses)]
    assert graph_test(drawn, p).p == tuple(near(each) for each in by_closure(drawn, p))


@settings(max_examples=40)
@given(st.lists(PS, min_size=1, max_size=6))
def test_one_family_is_holms_test(p: list[float]) -> None:
    found = graph_test(gatekeeping([str(at) for at in range(len(p))]), p)
    assert found.p == tuple(near(each) for each in holm(p).p if isinstance(each, float))


@settings(max_examples=40)
@given(st.lists(PS, min_size=3, max_size=3))
def test_families_of_one_are_a_fixed_sequence(p: list[float]) -> None:
    expected = tuple(near(max(p[: at + 1])) for at in range(3))
    assert graph_test(gatekeeping("a", "b", "c"), p).p == expected


@settings(max_examples=40)
@given(first=st.lists(PS, min_size=3, max_size=3), second=st.lists(PS, min_size=2, max_size=2))
def test_second_family_is_tested_by_holm_once_all_of_the_first_is_rejected(
    first: list[float], second: list[float]
) -> None:
    gate, after = holm(first).p, holm(second).p
    highest = max(each for each in gate if isinstance(each, float))
    expected = [near(max(highest, each)) for each in after if isinstance(each, float)]
    assert graph_test(gatekeeping("abc", "de"), [*first, *second]).p[3:] == tuple(expected)


def test_second_family_stays_shut_for_any_p_while_the_first_is_open() -> None:
    found = graph_test(gatekeeping("ab", "c"), [0.001, 0.06, 0.0])
    assert found == Adjusted((near(0.002), 0.06, 0.06), (True, False, False), 0.05)


def test_graph_closes_up_behind_a_rejected_hypothesis() -> None:
    assert gatekeeping("ab", "c").without(0) == Graph(
        ("a", "b", "c"),
        (Fraction(0), 1 - EPSILON / 2, EPSILON / 2),
        ((Fraction(0),) * 3, (Fraction(0), Fraction(0), Fraction(1)), (Fraction(0),) * 3),
    )


def test_hypothesis_without_a_p_keeps_its_reason_and_its_alpha() -> None:
    none = NotEstimable(Reason.NO_ROWS, "Nobody.")
    assert graph_test(gatekeeping("ab"), [0.03, none]) == Adjusted(
        (near(0.06), none), (False,) * 2, 0.05
    )


def test_floats_are_read_as_simple_fractions() -> None:
    third = 0.3333333333
    assert graph("abc", [third] * 3, [[0] * 3] * 3).weights == (Fraction(1, 3),) * 3


@pytest.mark.parametrize(
    ("weights", "transitions", "message"),
    [
        ([0.6, 0.5], [[0, 1], [1, 0]], "sum to 1"),
        ([0.5, 0.5], [[0, 1.5], [1, 0]], "sum to 1"),
        ([0.5, -0.5], [[0, 1], [1, 0]], "lie above 0"),
        ([0.5, 0.5], [[0.5, 0.5], [1, 0]], "hand its alpha to itself"),
        ([0.5, 0.5], [[0, 1]], "as many weights and transitions"),
    ],
)
def test_graph_that_cannot_be_is_refused(
    weights: list[float], transitions: list[list[float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        graph("ab", weights, transitions)


def test_graph_test_wants_a_p_for_each_hypothesis() -> None:
    with pytest.raises(ValueError, match="1 p-values for 2 hypotheses"):
        graph_test(gatekeeping("ab"), [0.1])
    with pytest.raises(ValueError, match="A family needs a hypothesis"):
        gatekeeping("ab", "")
