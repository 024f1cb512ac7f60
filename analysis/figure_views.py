"""A spent look's plots: its numbers with their words, drawn as SVG or PDF."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis import apa
from analysis.drawing import named
from analysis.figures import Legend, Line, estimates_figure
from analysis.look_figures import (
    Bars,
    Limit,
    Path,
    Step,
    Words,
    bounds_figure,
    distributions_figure,
    flow_figure,
)
from analysis.models import Look
from analysis.monitoring import Monitor
from analysis.report import Report, report
from analysis.results import ContrastResult, Results, from_builtins
from analysis.wording import Wording
from experiments.design import Family, Multiplicity
from responses.models import State

KINDS = {"svg": "image/svg+xml", "pdf": "application/pdf"}


def look_figure(request: HttpRequest, look: Look, name: str, kind: str) -> HttpResponse:
    """That plot of a spent look; Http404 if it has none of that name. `kind` is one of KINDS."""
    words, results = Wording(look.version.written, get_language()), from_builtins(look.results)
    if name not in dict(figures_of(results)):
        raise Http404
    drawn = FIGURES[name](look, results, words, kind)
    response = HttpResponse(drawn, content_type=KINDS[kind])
    if kind == "svg":
        # The picture may hold the styles that Matplotlib writes, and nothing else.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    else:
        name_of_file = f"{look.study.slug}_{look.mode}_look_{look.number}_{name}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name_of_file}"'
    return response


def figures_of(results: Results) -> tuple[tuple[str, str], ...]:
    """The plots that the look has, each with what it shows."""
    told = {
        "estimates": _("Contrasts of the arms’ means with their intervals"),
        "bounds": _("The primary contrasts’ z by information, within the bounds"),
        "distributions": _("The outcome in each arm"),
        "flow": _("How far participants came, when this look ran"),
    }
    there = {
        "estimates": True,
        "bounds": bool(results.bounds),
        "distributions": bool(results.distributions),
        "flow": results.flow is not None,
    }
    return tuple((name, said) for name, said in told.items() if there[name])


def estimates(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The contrasts with their intervals."""
    shown = report(look, words.language)
    rows = [(contrast, row) for contrast in results.contrasts for row in contrast.rows]
    lines = []
    for label, (contrast, row) in zip(shown.estimates.rows, rows, strict=True):
        announced = contrast.announced_of(row)
        other = row.unadjusted if announced is row.adjusted else row.adjusted
        lines.append(
            Line(
                named(kind, label[0], contrast.code),
                announced.value,
                row.repeated.value,
                row.simultaneous.value if row.simultaneous else None,
                other.value,
            )
        )
    smallest = words.design.plan.smallest_effect
    return estimates_figure(lines, _legend(shown, smallest), smallest, kind)


def bounds(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The path of z of each primary main effect, within the bounds."""
    earlier = look.study.looks.filter(mode=look.mode, number__lt=look.number).order_by("number")
    history = [(each.fraction, from_builtins(each.results)) for each in earlier]
    history.append((look.fraction, results))
    texts = Words(
        title=_("z of the primary contrasts within the bounds of the looks"),
        description=" ".join(report(look, words.language).conclusions),
        x=_("Information: participants over those planned"),
        y=_("z of the announced estimate"),
    )
    paths = [
        _path(contrast, history, named(kind, words.text(contrast.label), contrast.code))
        for contrast in _primary(results)
    ]
    return bounds_figure(paths, tuple(_limits(look, results)), texts, kind)


def _primary(results: Results) -> list[ContrastResult]:
    return [c for c in results.contrasts if c.family is Family.PRIMARY and c.joint is None]


def _path(contrast: ContrastResult, history: Sequence[tuple[float, Results]], label: str) -> Path:
    found = []
    for fraction, results in history:
        for each in results.contrasts:
            value = each.announced.value if each.announced else None
            if each.code == contrast.code and value is not None:
                found.append((fraction, value.statistic))
    return Path(label, tuple(t for t, _z in found), tuple(z for _t, z in found))


def _limits(look: Look, results: Results) -> Iterator[Limit]:
    """The bounds with all of alpha and with the share that the primary contrasts begin with."""
    plan = look.version.design.plan
    so_far = tuple(bound.fraction for bound in results.bounds)
    monitor = Monitor(plan, so_far, (0,) * len(so_far), final=look.final, size=plan.sample_size)
    whole = replace(monitor, fractions=(*so_far, *monitor.coming), final=True)
    shares = [(plan.alpha, _("bounds with all of alpha"))]
    primary = sum(each.family is Family.PRIMARY for each in plan.contrasts)
    if primary > 1 and plan.multiplicity is Multiplicity.HOLM:
        shares.append((plan.alpha / primary, _("bounds with the share of alpha to begin with")))
    for alpha, said in shares:
        found = whole.bounds_at(alpha)
        yield Limit(said, tuple(b.fraction for b in found), tuple(b.z for b in found))


def distributions(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The outcome's values in each arm."""
    bars = [
        Bars(
            named(kind, words.arm(each.randomisation, each.arm), each.arm),
            each.values,
            each.counts,
        )
        for each in results.distributions or ()
    ]
    outcome = words.variable(words.design.plan.outcome)
    texts = Words(
        title=_("The outcome in each arm"),
        description="; ".join(
            f"{bar.label}: "
            + ", ".join(f"{v:g} {n}" for v, n in zip(bar.values, bar.counts, strict=True))
            for bar in bars
        ),
        x=named(kind, outcome, words.design.plan.outcome),
    )
    return distributions_figure(bars, texts, kind)


def _said(bars: Bars) -> str:
    counted = zip(bars.values, bars.counts, strict=True)
    return f"{bars.label}: " + ", ".join(f"{value:g} {n}" for value, n in counted)


def flow(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """How far participants came, all arms together."""
    steps = flow_steps(results)
    told = "; ".join(
        f"{step.label} {step.n}" + "".join(f", {label} {n}" for label, n in step.left)
        for step in steps
    )
    texts = Words(title=_("How far participants came, when this look ran"), description=told)
    return flow_figure(steps, texts, kind)


def flow_steps(results: Results) -> list[Step]:
    """The boxes of the flow; empty for a look of before they were counted."""
    found = results.flow
    if found is None:
        return []
    count = found.states.get
    before = [
        (str(state.label), n)
        for state in (State.REFUSED, State.SCREENED_OUT, State.QUOTA_FULL)
        if (n := count(state.value, 0))
    ]
    beyond = [
        (str(state.label), n)
        for state in (State.ANSWERING, State.WITHDRAWN)
        if (n := count(state.value, 0))
    ]
    completed = count(State.COMPLETED.value, 0)
    steps = [Step(_("Entered"), sum(found.states.values()), tuple(before))]
    if found.allocated is not None:
        steps.append(Step(_("Allocated to an arm"), found.allocated))
    if found.exposed is not None:
        steps.append(Step(_("Saw the vignette"), found.exposed, tuple(beyond)))
    after = [(_("excluded by the plan"), found.excluded)] if found.excluded else []
    if later := completed - found.excluded - found.analysed:
        after.append((_("completed after this look’s cut"), later))
    steps.append(Step(_("Completed"), completed, tuple(after)))
    steps.append(Step(_("Analysed"), found.analysed))
    return steps


def _legend(shown: Report, smallest: float | None) -> Legend:
    return Legend(
        title=shown.estimates.caption,
        description=" ".join(shown.conclusions),
        axis=_("Difference of means, in points of the outcome"),
        announced=_("Estimate by which the plan tests, with nominal 95% interval"),
        repeated=_("Repeated interval, over all looks"),
        simultaneous=_("Simultaneous interval, over its family too"),
        other=_("The other estimate (adjusted or not), with nominal 95% interval"),
        smallest=_("Smaller than the smallest effect of interest (±%(size)s)")
        % {"size": apa.number(smallest or 0)},
        missing=_("not estimable"),
    )


FIGURES: Mapping[str, Callable[[Look, Results, Wording, str], bytes]] = {
    "estimates": estimates,
    "bounds": bounds,
    "distributions": distributions,
    "flow": flow,
}
