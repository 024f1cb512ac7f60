"""What a simulation assumed and found, in tables."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from analysis import apa
from analysis.cells import Table
from analysis.contrasts import plan_contrasts
from analysis.decision import Action
from analysis.power.assumptions import (
    Assumptions,
    effect_key,
    effect_levels,
    loss_levels,
    outcome_values,
    prognostic,
    true_contrasts,
)
from analysis.power.counts import ContrastCounts, Counts, Mean, expected_n, mean, share
from analysis.power.figures import LooksPlot, looks_plot
from analysis.power.simulating import simulated_design, truth_of
from analysis.stacking import judged_deck
from analysis.wording import Wording
from experiments.design import Design, Equivalence, Family


def assumed_facts(
    design: Design, assumed: Assumptions, words: Wording
) -> Iterator[tuple[str, str]]:
    """What was assumed, name by name."""
    yield _("Participants of each study"), f"{assumed.n:,}"
    yield _("Mean of the outcome"), apa.declared(assumed.mean)
    if len(outcome_values(design)) != 2:
        yield _("Standard deviation within an arm"), apa.declared(assumed.sd)
    if len(design.outcome_items) > 1:
        yield _("Reliability of the outcome"), apa.declared(assumed.reliability)
    for levels in effect_levels(design):
        points = assumed.effects.get(effect_key(levels), 0.0)
        if len(levels) == 1 or points:
            name = " × ".join(words.level(*each) for each in levels.items())
            yield _("Effect of %(levels)s") % {"levels": name}, apa.declared(points)
    for code in prognostic(design):
        if slope := assumed.slopes.get(code):
            name = _("Correlation of %(covariate)s with the outcome")
            yield name % {"covariate": words.variable(code)}, apa.declared(slope)
    if any(design.scale_items(code) for code in prognostic(design)):
        yield _("Reliability of the covariates"), apa.declared(assumed.covariate_reliability)
    yield _("Lost after they were given an arm"), apa.percent(round(1000 * assumed.loss), 1000)
    for factor, level in loss_levels(design):
        if more := assumed.losses.get(effect_key({factor: level})):
            name = _("Lost besides under %(level)s") % {"level": words.level(factor, level)}
            yield name, apa.declared(more)
    if any(step.cluster for step in design.randomisations):
        yield _("Shared within clusters"), apa.declared(assumed.between_clusters)
    if judged_deck(design):
        yield _("Shared by a person’s judgements"), apa.declared(assumed.between_people)
    yield (
        _("When a look recommends to stop"),
        _("the study ends") if assumed.stops else _("the study goes on"),
    )


def result_tables(
    design: Design, assumed: Assumptions, counts: Counts, words: Wording
) -> tuple[Table, ...]:
    """The tables of what was counted."""
    return (
        _contrasts_table(design, assumed, counts, words),
        _looks_table(design, counts, words, assumed),
        _studies_table(design, assumed, counts),
    )


def names(design: Design, words: Wording) -> dict[str, str]:
    """What each contrast is called, by its code."""
    return {each.code: words.text(each.label) or each.code for each in plan_contrasts(design)}


def _contrasts_table(design: Design, assumed: Assumptions, counts: Counts, words: Wording) -> Table:
    true, called = true_contrasts(design, assumed), names(design, words)
    tests = design.plan.equivalence is not Equivalence.NONE
    headers = [_("Contrast"), _("In truth"), _("Rejected"), _("Mean estimate at the end")]
    if tests:
        headers.append(_("Shown to be equivalent"))
    return Table(
        code="contrasts",
        caption=_("Each hypothesis, over all looks"),
        headers=tuple(headers),
        rows=tuple(
            (
                called[each.code],
                ", ".join(apa.number(row, 3) for row in true[each.code]),
                _rejected(each.family, counts.contrasts[each.code], counts.studies),
                _estimate(counts.contrasts[each.code]),
                *((_equivalent(each.family, counts, each.code),) if tests else ()),
            )
            for each in design.plan.contrasts
        ),
        notes=(
            _(
                "With 95% Monte Carlo intervals: what other studies of the same kind, as many as "
                "these, might have shown. Estimates of studies that end early are too large on "
                "average. Rejections count in either direction. A secondary "
                "hypothesis is tested once every primary one is rejected, an exploratory one is "
                "never confirmed."
            ),
        ),
    )


def _rejected(family: Family, found: ContrastCounts, studies: int) -> str:
    return "–" if family is Family.EXPLORATORY else _share(sum(found.rejected), studies)


def _equivalent(family: Family, counts: Counts, code: str) -> str:
    if family is not Family.PRIMARY:
        return "–"
    return _share(sum(counts.contrasts[code].equivalent), counts.studies)


def _estimate(found: ContrastCounts) -> str:
    if not found.estimated:
        return "–"
    return _mean(mean(found.total, found.squares, found.estimated))


def _looks_table(design: Design, counts: Counts, words: Wording, assumed: Assumptions) -> Table:
    plan, called = simulated_design(design, assumed).plan, names(design, words)
    tested = [each for each in plan.contrasts if each.family is not Family.EXPLORATORY]
    return Table(
        code="looks",
        caption=_("Look by look"),
        headers=(
            _("Look"),
            _("Studies that ended here"),
            *(_("Rejected by now: %(name)s") % {"name": called[each.code]} for each in tested),
        ),
        rows=tuple(
            (
                f"{place} ({size:,})",
                _share(counts.ended[place - 1], counts.studies),
                *(
                    _share(sum(counts.contrasts[each.code].rejected[:place]), counts.studies)
                    for each in tested
                ),
            )
            for place, size in enumerate(plan.sizes, start=1)
        ),
    )


def rejections_plot(
    design: Design, assumed: Assumptions, counts: Counts, words: Wording
) -> LooksPlot | None:
    """The table of looks as a plot; None of a plan of one look."""
    plan, called = simulated_design(design, assumed).plan, names(design, words)
    codes = [each.code for each in plan.contrasts if each.family is not Family.EXPLORATORY]
    looks = range(1, len(plan.sizes) + 1)
    shares = [
        [share(sum(counts.contrasts[code].rejected[:look]), counts.studies) for look in looks]
        for code in codes
    ]
    return looks_plot(shares, [called[code] for code in codes], plan.sizes)


def _studies_table(design: Design, assumed: Assumptions, counts: Counts) -> Table:
    return Table(
        code="studies",
        caption=_("Whole studies"),
        headers=("", _("Found")),
        rows=tuple(_study_rows(design, assumed, counts)),
    )


def _study_rows(design: Design, assumed: Assumptions, counts: Counts) -> Iterator[tuple[str, str]]:
    whole = simulated_design(design, assumed)
    truth, n = truth_of(whole, assumed), counts.studies
    yield _("At least one primary hypothesis is rejected"), _share(counts.some, n)
    yield _("Every primary hypothesis is rejected"), _share(counts.every, n)
    families = {each.code: each.family for each in whole.plan.contrasts}
    if any(families[code] is not Family.EXPLORATORY for code in truth.nil):
        yield (
            _("Some hypothesis is rejected that is nil (family-wise)"),
            _share(counts.familywise, n),
        )
    if whole.plan.equivalence is not Equivalence.NONE and truth.matters:
        yield _("Some effect is called equivalent that is not"), _share(counts.misjudged, n)
    actions = {
        Action.EFFICACY: _("A look before the last recommends to stop: efficacy"),
        Action.EQUIVALENCE: _("A look before the last recommends to stop: equivalence"),
        Action.FUTILITY: _("A look before the last recommends to stop: futility"),
        Action.HARM: _("A look recommends to stop: harm"),
    }
    for action, count in (counts.stopped or {}).items():
        yield actions.get(Action(action), action), _share(count, n)
    yield _("Participants analysed at the end"), _people(expected_n(counts, whole.plan.sizes))
    if assumed.loss:
        drawn = mean(counts.allocated, counts.allocated_squares, n)
        yield _("Given an arm, if nobody stops before the last look"), _people(drawn)
    if counts.unestimable:
        yield _("Some contrast can’t be estimated at some look"), _share(counts.unestimable, n)


def _share(count: int, of: int) -> str:
    found = share(count, of)
    ends = f"[{apa.fraction(found.low, 3)},\u00a0{apa.fraction(found.high, 3)}]"
    return f"{apa.fraction(found.share, 3)} {ends}"


def _mean(found: Mean) -> str:
    ends = apa.interval(found.low, found.high, 3).replace(" ", "\u00a0")
    return f"{apa.number(found.mean, 3)} {ends}"


def _people(found: Mean) -> str:
    return f"{found.mean:,.0f} [{found.low:,.0f},\u00a0{found.high:,.0f}]"
