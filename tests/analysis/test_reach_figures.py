from analysis.reach import DRIFTS
from analysis.reach_figures import Interval, IntervalPlot, Tick, interval_plot, power_plot


def test_interval_plot_places_intervals_around_nil_with_the_band() -> None:
    plot = interval_plot([[1.0, 0.5]], ["1", "2"], 0.5)
    assert plot == IntervalPlot(
        zero=117,
        band=(67.5, 99.0),
        intervals=(Interval(133, 17.9, 216.1, 3.5), Interval(303, 67.5, 166.5, 3.5)),
        x_ticks=(Tick(133, "1"), Tick(303, "2")),
        y_ticks=(
            Tick(117, "0.0"),
            Tick(67.5, "0.5"),
            Tick(166.5, "−0.5"),
            Tick(17.9, "1.0"),
            Tick(216.1, "−1.0"),
        ),
    )


def test_interval_plot_without_a_smallest_effect_has_no_band() -> None:
    assert interval_plot([[1.0]], ["1"], None).band is None


def test_power_plot_ends_where_the_last_look_finds_nearly_all() -> None:
    rising = [drift / DRIFTS[-1] for drift in DRIFTS]
    plot = power_plot([[0.0] * len(DRIFTS), rising], ["1", "2"], 0.1, 0.2)
    first, last = plot.curves
    assert last.points.split()[0] == "48.0,224.0"
    assert last.points.split()[-1] == "388.0,10.0"
    assert (last.dash, first.dash) == ("", "7 3")
    assert [tick.label for tick in plot.x_ticks] == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert plot.smallest == 171.6
    assert power_plot([rising], ["1"], 0.1, 0.6).smallest is None
