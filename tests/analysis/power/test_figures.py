"""Where the lines of the plots of power lie."""

from analysis.power.analytic import Asked, power_by_n
from analysis.power.counts import share
from analysis.power.figures import LooksPlot, Path, Whisker, looks_plot, size_plot
from analysis.reach import Assumed
from analysis.reach_figures import Tick
from tests.analysis.power.test_analytic import answers, two_arms
from tests.designs import small


def test_curve_of_power_goes_through_its_points_and_marks_what_is_asked() -> None:
    told = power_by_n(two_arms(), Assumed(), Asked(200, power=0.8, effect=0.4))
    found = size_plot(told.points, answers(told, "money_vs_none"), ["All"], 200, 0.8)
    assert found is not None
    assert (found.n, found.wished) == (260.5, 52.8)
    (curve,) = found.curves
    assert (curve.dash, curve.label, curve.points.count(",")) == ("", "All", len(told.points))
    nothing = power_by_n(small(), Assumed(), Asked(40))
    assert size_plot(nothing.points, answers(nothing, "money_vs_none"), ["", ""], 40, 0.8) is None


def test_looks_are_points_with_intervals_and_one_look_is_no_plot() -> None:
    path = [share(0, 100), share(50, 100)]
    found = looks_plot([path], ["Money"], [50, 100])
    first, last = found.paths[0].whiskers if found else ()
    assert found == LooksPlot(
        paths=(Path("Money", "", f"{first.x},{first.y} {last.x},{last.y}", (first, last)),),
        x_ticks=(Tick(211.5, "50"), Tick(374.9, "100")),
        y_ticks=tuple(Tick(round(224 - 42.8 * at, 1), f"{at / 5:.1f}") for at in range(6)),
    )
    assert (first, last.y) == (Whisker(211.5, 224.0, 216.1, 224.0), 117.0)
    assert looks_plot([path[:1]], ["Money"], [100]) is None
