"""The numbers of a look's plots as tables, for those who read them and for those who can't see."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.figure_data import (
    arm_steps,
    arms_flow,
    bars,
    courses,
    flow_steps,
    limits,
    looks_so_far,
    names_of,
    paths,
)
from analysis.look_figures import ArmSteps, Bars, Course, Limit, Path, Step
from analysis.models import Look
from analysis.results import Results
from analysis.wording import Wording
from experiments.design import Monitoring


def figure_tables(look: Look, results: Results, words: Wording) -> dict[str, Table]:
    """The tables by the names of their plots; that of the estimates is the report's own."""
    looks, name = looks_so_far(look, results), names_of(words, "svg")
    found = {
        "distributions": distributions_table(
            bars(results.distributions or (), words, "svg"),
            _("The outcome in each arm: how many have each value"),
        ),
        "flow": flow_table(flow_steps(results)),
        "arms": arms_table(arms_flow(results, words, "svg")),
    }
    for each in results.scale_distributions:
        caption = _("%(scale)s in each arm: how many have each value")
        found[f"scale-{each.code}"] = distributions_table(
            bars(each.arms, words, "svg"), caption % {"scale": words.variable(each.code)}
        )
    if results.monitoring is Monitoring.ANYTIME:
        return found | {"sequences": sequences_table(courses(looks, name))}
    return found | {"bounds": paths_table(paths(looks, name), tuple(limits(look, results)))}


def paths_table(paths: Sequence[Path], limits: Sequence[Limit]) -> Table:
    """Z and the bounds on it: a row for each line of the plot, a column for each look."""
    lines: list[Path | Limit] = [*paths, *limits]
    fractions = sorted({fraction for line in lines for fraction in line.fractions})
    return Table(
        code="paths",
        caption=_("z of the primary contrasts at the looks so far, and the bounds on both sides"),
        headers=(_("Line"), *(f"{100 * fraction:.1f}%" for fraction in fractions)),
        rows=tuple(
            (
                line.label,
                *(
                    apa.number(at[fraction], 3) if fraction in at else "–"
                    for at in [dict(zip(line.fractions, line.z, strict=True))]
                    for fraction in fractions
                ),
            )
            for line in lines
        ),
    )


def sequences_table(courses: Sequence[Course]) -> Table:
    """The estimates at the looks so far with their intervals."""
    return Table(
        code="sequences",
        caption=_("Confidence sequences of the primary contrasts at the looks so far"),
        headers=(_("Contrast"), _("n"), _("b"), _("Interval, valid at every look")),
        rows=tuple(
            (course.label, f"{n}", apa.number(estimate), apa.interval(low, high))
            for course in courses
            for n, estimate, low, high in zip(
                course.n, course.estimates, course.low, course.high, strict=True
            )
        ),
    )


def distributions_table(bars: Sequence[Bars], caption: str) -> Table:
    """How many of each arm have each value."""
    values = bars[0].values if bars else ()
    return Table(
        code="distributions",
        caption=caption,
        headers=(_("Value"), *(arm.label for arm in bars)),
        rows=tuple(
            (apa.number(value), *(f"{arm.counts[place]}" for arm in bars))
            for place, value in enumerate(values)
        ),
    )


def arms_table(arms: Sequence[ArmSteps]) -> Table:
    """A row for each arm, a column for each step."""
    return Table(
        code="arms",
        caption=_("How far each arm came, when this look ran"),
        headers=(_("Arm"), *arm_steps()),
        rows=tuple(
            (arm.label, *("–" if n is None else f"{n}" for n in arm.counts)) for arm in arms
        ),
    )


def flow_table(steps: Sequence[Step]) -> Table:
    """The steps, each followed by who left after it."""
    return Table(
        code="flow",
        caption=_("How far participants came, when this look ran"),
        headers=(_("Step"), _("n"), _("Of these left")),
        rows=tuple(
            row
            for step in steps
            for row in (
                (step.label, f"{step.n}", ""),
                *((label, "", f"{n}") for label, n in step.left),
            )
        ),
    )
