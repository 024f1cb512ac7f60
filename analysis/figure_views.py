"""A spent look's plots: its numbers with their words, drawn as SVG or PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis import apa
from analysis.conclusions import conclusions
from analysis.distributions import Distribution
from analysis.drawing import named
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
from analysis.figures import Legend, Line, estimates_figure
from analysis.look_figures import (
    Bars,
    Words,
    arms_flow_figure,
    bounds_figure,
    distributions_figure,
    flow_figure,
    sequences_figure,
)
from analysis.models import Look
from analysis.redo import seen
from analysis.report import estimates_caption, row_label
from analysis.results import ContrastResult, Results, RowResult
from analysis.wording import Wording
from experiments.design import Monitoring
from responses.models import Mode

# How the plot of a scale is called: this and the scale's code.
SCALE = "scale-"
KINDS = {"svg": "image/svg+xml", "pdf": "application/pdf"}


def look_figure(request: HttpRequest, look: Look, name: str, kind: str) -> HttpResponse:
    """That plot of a spent look; Http404 if it has none of that name. `kind` is one of KINDS."""
    words, results = Wording(look.version.written, get_language()), seen(look)
    if name not in dict(figures_of(results, words)):
        raise Http404
    response = HttpResponse(plotted(look, name, kind), content_type=KINDS[kind])
    if kind == "svg":
        # The picture may hold the styles that Matplotlib writes, and nothing else.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    else:
        name_of_file = f"{look.study.slug}_{look.mode}_look_{look.number}_{name}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name_of_file}"'
    return response


def plotted(look: Look, name: str, kind: str) -> bytes:
    """A plot that the look has, in the language that is on."""
    words, results = Wording(look.version.written, get_language()), seen(look)
    if name.startswith(SCALE):
        return scale_bars(name.removeprefix(SCALE), look, results, words, kind)
    return FIGURES[name](look, results, words, kind)


def mark_of(look: Look, kind: str) -> str:
    """What stands across the plots of a rehearsal's looks, empty for others."""
    if look.mode != Mode.REHEARSAL:
        return ""
    return named(kind, _("REHEARSAL"), "REHEARSAL")


def figures_of(results: Results, words: Wording) -> tuple[tuple[str, str], ...]:
    """The plots that the look has, each with what it shows."""
    told = {
        "estimates": _("Contrasts of the arms’ means with their intervals"),
        "bounds": _("The primary contrasts’ z by information, within the bounds"),
        "sequences": _("The primary contrasts’ confidence sequences, valid at every look"),
        "distributions": _("The outcome in each arm"),
        "flow": _("How far participants came, when this look ran"),
        "arms": _("How far each arm came, when this look ran"),
    }
    there = {
        "estimates": True,
        "bounds": bool(results.bounds),
        "sequences": results.monitoring is Monitoring.ANYTIME,
        "distributions": bool(results.distributions),
        "flow": results.flow is not None,
        "arms": bool(arms_flow(results, words, "svg")),
    }
    scales = {
        SCALE + each.code: _("%(scale)s in each arm") % {"scale": words.variable(each.code)}
        for each in results.scale_distributions
    }
    return (*((name, said) for name, said in told.items() if there[name]), *scales.items())


def estimates(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The contrasts with their intervals."""
    lines = []
    for contrast, row in ((each, row) for each in results.contrasts for row in each.rows):
        announced = contrast.announced_of(row)
        other = row.unadjusted if announced is row.adjusted else row.adjusted
        lines.append(
            Line(
                named(kind, row_label(contrast, row, words), code_of(contrast, row)),
                announced.value,
                row.repeated.value,
                row.simultaneous.value if row.simultaneous else None,
                other.value,
            )
        )
    smallest = words.design.plan.smallest_effect
    legend = replace(_legend(results, words), mark=mark_of(look, kind))
    return estimates_figure(lines, legend, smallest, kind)


def code_of(contrast: ContrastResult, row: RowResult) -> str:
    """What tells a row by codes alone: the contrast's, of an interaction's rows their levels'."""
    if contrast.joint is None:
        return contrast.code
    return " × ".join(f"({pair.level} − {pair.against})" for pair in row.pairs)


def bounds(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The path of z of each primary main effect, within the bounds."""
    texts = Words(
        title=_("z of the primary contrasts within the bounds of the looks"),
        description=" ".join(conclusions(results, words)),
        x=_("Information: participants over those planned"),
        y=_("z of the announced estimate"),
        mark=mark_of(look, kind),
    )
    drawn = paths(looks_so_far(look, results), names_of(words, kind))
    return bounds_figure(drawn, tuple(limits(look, results)), texts, kind)


def sequences(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The confidence sequence of each primary main effect."""
    texts = Words(
        title=_("Confidence sequences of the primary contrasts"),
        description=" ".join(conclusions(results, words)),
        x=_("Participants"),
        y=_("Difference of means"),
        mark=mark_of(look, kind),
    )
    drawn = courses(looks_so_far(look, results), names_of(words, kind))
    return sequences_figure(drawn, words.design.plan.smallest_effect, texts, kind)


def distributions(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """The outcome's values in each arm."""
    outcome = words.design.plan.outcome
    texts = Words(_("The outcome in each arm"), "", mark=mark_of(look, kind))
    return _bars(results.distributions or (), outcome, texts, words, kind)


def scale_bars(scale: str, look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """A scale's scores in each arm."""
    (found,) = (each.arms for each in results.scale_distributions if each.code == scale)
    title = _("%(scale)s in each arm") % {"scale": words.variable(scale)}
    return _bars(found, scale, Words(title, "", mark=mark_of(look, kind)), words, kind)


def _bars(
    found: Sequence[Distribution], variable: str, texts: Words, words: Wording, kind: str
) -> bytes:
    drawn = bars(found, words, kind)
    texts = replace(
        texts,
        description="; ".join(map(_said, drawn)),
        x=named(kind, words.variable(variable), variable),
    )
    return distributions_figure(drawn, texts, kind)


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
    title = _("How far participants came, when this look ran")
    texts = Words(title, told, mark=mark_of(look, kind))
    return flow_figure(steps, texts, kind)


def arms(look: Look, results: Results, words: Wording, kind: str) -> bytes:
    """How far each arm came; only where arms are no secret any more."""
    steps, found = arm_steps(), arms_flow(results, words, kind)
    told = "; ".join(
        f"{arm.label}: "
        + ", ".join(f"{step} {n}" for step, n in zip(steps, arm.counts, strict=True))
        for arm in found
    )
    title = _("How far each arm came, when this look ran")
    texts = Words(title, told, mark=mark_of(look, kind))
    return arms_flow_figure(found, steps, texts, kind)


def _legend(results: Results, words: Wording) -> Legend:
    smallest = words.design.plan.smallest_effect
    return Legend(
        title=estimates_caption(),
        description=" ".join(conclusions(results, words)),
        axis=_("Difference of means, in points of the outcome"),
        announced=_("Estimate by which the plan tests, with nominal 95% interval"),
        repeated=_("Repeated interval, over all looks"),
        simultaneous=_("Simultaneous interval, over its family too"),
        other=_("The other estimate (adjusted or not), with nominal 95% interval"),
        smallest=_("Smaller than the smallest effect of interest (±%(size)s)")
        % {"size": apa.declared(smallest or 0)},
        missing=_("not estimable"),
    )


FIGURES: Mapping[str, Callable[[Look, Results, Wording, str], bytes]] = {
    "estimates": estimates,
    "bounds": bounds,
    "sequences": sequences,
    "distributions": distributions,
    "flow": flow,
    "arms": arms,
}
