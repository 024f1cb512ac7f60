"""The cells of a report's tables: what was found as numbers, or the reason in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.found import Found, T
from analysis.results import Spread
from analysis.statistics.effects import CellMean
from analysis.statistics.estimate import Estimate, JointTest
from analysis.statistics.scales import Reliability
from analysis.wording import reason


@dataclass(frozen=True)
class Table:
    """A table: its first column names the rows; `notes` stand below it."""

    code: str
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def labelled(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Each row's name, and its other cells each with its header, for narrow screens."""
        return tuple(
            (name, tuple(zip(self.headers[1:], cells, strict=True))) for name, *cells in self.rows
        )


@dataclass(frozen=True)
class Section:
    """Tables that belong together."""

    code: str
    title: str
    tables: tuple[Table, ...]


def cells(found: Found[T], show: Callable[[T], tuple[str, ...]], width: int) -> tuple[str, ...]:
    """The cells of a value; the reason in words and dashes where there is none."""
    if found.value is not None:
        return show(found.value)
    why = reason(found.why_not) if found.why_not else ""
    return (why, *("–",) * (width - 1))


def estimate_cells(value: Estimate) -> tuple[str, ...]:
    """b, its interval, its p."""
    p = apa.p_value(value.p).removeprefix("= ")
    return apa.number(value.estimate), apa.interval(value.low, value.high), p


def joint_cells(value: JointTest) -> tuple[str, ...]:
    """F, its degrees of freedom, its p."""
    p = apa.p_value(value.p).removeprefix("= ")
    return (
        apa.number(value.statistic),
        f"{value.df_numerator}, {apa.degrees(value.df_denominator)}",
        p,
    )


def mean_cells(value: CellMean) -> tuple[str, ...]:
    """Mean, standard error, interval."""
    return apa.number(value.mean), apa.number(value.se), apa.interval(value.low, value.high)


def reliability_cells(value: Reliability) -> tuple[str, ...]:
    """Items, rows, alpha, interval."""
    interval = f"[{apa.fraction(value.low)}, {apa.fraction(value.high)}]"
    return f"{value.items}", f"{value.n}", apa.fraction(value.alpha), interval


def spread_line(spread: Spread) -> str:
    """n, mean and standard deviation in one line."""
    if spread.mean is None or spread.sd is None:
        return _("n = %(n)s, too few for a mean") % {"n": spread.n}
    return _("n = %(n)s, M = %(mean)s, SD = %(sd)s") % {
        "n": spread.n,
        "mean": apa.number(spread.mean),
        "sd": apa.number(spread.sd),
    }
