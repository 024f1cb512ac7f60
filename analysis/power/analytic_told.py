"""Power by n in words and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.power.analytic import Answer, PowerByN
from analysis.power.figures import SizePlot, size_plot
from analysis.reach_rules import Part, Share
from analysis.reach_told import chance, groups
from analysis.reach_track import Number
from analysis.statistics.estimate import NotEstimable
from analysis.wording import Wording, reason
from experiments.design import Estimator, Multiplicity


@dataclass(frozen=True)
class Section:
    """The power of contrasts with the same numbers: in words, as a plot, in tables."""

    code: str
    title: str
    says: tuple[str, ...]
    plot: SizePlot | None
    tables: tuple[Table, ...]
    points: Table | None


def sections(told: PowerByN, words: Wording) -> tuple[Section, ...]:
    """A section for each primary contrast, those with the same numbers together."""
    return tuple(
        _section(told, group.code, group.title, told.answers[group.row.code])
        for group in groups(told.found, words)
        if group.row.code in told.answers
    )


def _section(
    told: PowerByN, code: str, title: str, answers: tuple[Answer, ...] | NotEstimable
) -> Section:
    if isinstance(answers, NotEstimable):
        why = _("Not to be computed. %(why)s") % {"why": answers.detail}
        return Section(code, title, (why,), None, (), None)
    labels = [share_label(answer.share) for answer in answers]
    asked = told.asked
    known = not isinstance(told.found.smallest, NotEstimable)
    return Section(
        code=code,
        title=title,
        says=tuple(_says(told, answers)),
        plot=size_plot(told.points, answers, labels, asked.n, asked.power) if known else None,
        tables=(_table(told, code, answers, labels),),
        points=_points_table(told, code, answers, labels) if known else None,
    )


def share_label(share: Share) -> str:
    """Which case of Holm's procedure a share of alpha is, with its alpha."""
    name = _("Best case (%(alpha)s)") if share.part is Part.ALL else _("Worst case (%(alpha)s)")
    return name % {"alpha": apa.level(share.alpha)}


def _says(told: PowerByN, answers: Sequence[Answer]) -> Iterator[str]:
    smallest = told.found.smallest
    if isinstance(smallest, NotEstimable):
        yield _("Power is %(why)s.") % {"why": reason(smallest)}
        return
    best, worst = answers[0], answers[-1]
    at = {"n": f"{told.asked.n:,}", "best": chance(best.power), "worst": chance(worst.power)}
    if best is worst:
        yield _("With %(n)s participants the effect is found with probability %(best)s.") % at
    else:
        yield (
            _(
                "With %(n)s participants the effect is found with probability %(worst)s if no "
                "other hypothesis is rejected, and %(best)s if all others are."
            )
            % at
        )
    size = worst.sizes[told.asked.powers.index(told.asked.power)]
    if isinstance(size, NotEstimable):
        yield _("Participants for the wished power: %(why)s.") % {"why": reason(size)}
        return
    needed = {"power": power_name(told.asked.power), "size": f"{size:,.0f}"}
    if best is worst:
        yield _("A power of %(power)s takes %(size)s participants.") % needed
    else:
        yield _("A power of %(power)s takes %(size)s participants in the worst case.") % needed


def power_name(power: float) -> str:
    """A wished power as it was typed: .80, .925."""
    return apa.declared(power).replace("0.", ".", 1)


def _table(told: PowerByN, code: str, answers: Sequence[Answer], labels: Sequence[str]) -> Table:
    rows = [
        (
            _("Power with %(n)s participants") % {"n": f"{told.asked.n:,}"},
            *(chance(answer.power) for answer in answers),
        )
    ]
    names = [power_name(power) for power in told.asked.powers]
    rows += [
        (
            _("Participants for a power of %(power)s") % {"power": name},
            *(_size(answer.sizes[place]) for answer in answers),
        )
        for place, name in enumerate(names)
    ]
    unit = _("SD") if isinstance(told.found.sd, NotEstimable) else _("SD (points)")
    rows += [
        (
            _("Smallest effect found with a power of %(power)s, %(unit)s")
            % {"power": name, "unit": unit},
            *(_effect(told, answer.detectable[place]) for answer in answers),
        )
        for place, name in enumerate(names)
    ]
    return Table(f"power-{code}", _("By formula"), ("", *labels), tuple(rows))


def _points_table(
    told: PowerByN, code: str, answers: Sequence[Answer], labels: Sequence[str]
) -> Table:
    return Table(
        code=f"points-{code}",
        caption=_("The numbers behind the plot"),
        headers=(_("Participants"), *labels),
        rows=tuple(
            (f"{point:,}", *(_exact(answer.curve[place]) for answer in answers))
            for place, point in enumerate(told.points)
        ),
    )


def _exact(value: Number) -> str:
    return "–" if isinstance(value, NotEstimable) else apa.fraction(value, 3)


def _size(value: Number) -> str:
    return "–" if isinstance(value, NotEstimable) else f"{value:,.0f}"


def _effect(told: PowerByN, value: Number) -> str:
    if isinstance(value, NotEstimable):
        return "–"
    sd = told.found.sd
    if isinstance(sd, NotEstimable):
        return apa.number(value, 3)
    return f"{apa.number(value, 3)} ({apa.number(value * sd, 3)})"


def notes(told: PowerByN) -> list[str]:
    """What the formulas take for granted."""
    plan = told.found.plan
    said = [
        _(
            "One look: the exact power of a t test with the same normal errors in every arm. "
            "Several: the chance to cross the bounds of the plan’s spending at any look, by the "
            "normal approximation. Findings in either direction count."
        )
    ]
    primary = sum(each.family == "primary" for each in plan.contrasts)
    if plan.multiplicity is Multiplicity.HOLM and primary > 1:
        said.append(
            _(
                "Under Holm the worst case is a hypothesis that has to be found with its first "
                "part of alpha, the best one that has all of it, the others having been rejected; "
                "its power lies between the two. How likely each is, the simulation says."
            )
        )
    if plan.estimator is Estimator.LIN:
        said.append(
            _(
                "The plan adjusts for covariates: with R² the share of the variance within arms "
                "that they explain, errors are √(1 − R²) as wide. An R² of 0 is the safe choice."
            )
        )
    if told.together:
        said.append(
            _("A joint test decides %(codes)s: the simulation says how powerful it is.")
            % {"codes": ", ".join(told.together)}
        )
    return said
