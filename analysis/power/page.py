"""The desk's page on the power of a study's plan: by formula, and the simulations of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis import apa
from analysis.power.analytic import PowerByN, power_by_n
from analysis.power.analytic_told import notes, sections
from analysis.power.asking import AskedForm
from analysis.power.assumptions import hindrances
from analysis.power.forms import SimulationForm
from analysis.power.ordering import obstacle_told, order_simulation
from analysis.power.runs import listed
from analysis.reach_page import NEEDED, design_of, warnings
from analysis.statistics.estimate import NotEstimable
from analysis.wording import Wording, reason
from experiments.checks import problems
from experiments.design import Design
from experiments.in_words import in_words, problem_line
from experiments.models import Study
from experiments.refusals import Refused

# What a simulation is made of besides.
SIMULATED = (*NEEDED, "scales", "pages")
# As many simulations are listed.
LISTED = 20


def power_page(request: HttpRequest, study: Study, *, may_order: bool) -> HttpResponse:
    """The power of the study's plan, with what is asked and assumed in the address."""
    return _page(request, study, may_order=may_order)


def order_page(request: HttpRequest, study: Study) -> HttpResponse:
    """Orders a simulation of the study as it stands, or says why there can be none."""
    design, _source = design_of(study)
    if _mend(design, SIMULATED) or hindrances(design):
        return _page(request, study, may_order=True, status=409)
    form = SimulationForm(design, _words(design), request.POST)
    if not form.is_valid():
        return _page(request, study, may_order=True, typed=form, status=422)
    try:
        simulation = order_simulation(
            study=study,
            design=design,
            assumed=form.assumed(),
            repeats=form.cleaned_data["repeats"],
            actor=request.user.get_username(),
            seed=form.cleaned_data["seed"],
        )
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _page(request, study, may_order=True, typed=form, status=409)
    address = reverse("power_simulation", args=[study.slug, simulation.pk])
    return HttpResponseRedirect(address, status=303)


def _page(
    request: HttpRequest,
    study: Study,
    *,
    may_order: bool,
    typed: SimulationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    design, source = design_of(study)
    lacking = _mend(design, NEEDED)
    form = AskedForm(request.GET)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("The power of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "source": source,
        "lacking": lacking,
        "lines": listed(study, LISTED),
        "may_order": may_order,
    }
    if not lacking:
        context |= _shown(design, form) | _orderable(design, typed)
    return TemplateResponse(request, "analysis/power.html", context, status=status)


def _mend(design: Design, parts: tuple[str, ...]) -> list[str]:
    """The problems of these parts of a design, as lines."""
    return [problem_line(each) for each in problems(design) if each.path.startswith(parts)]


def _orderable(design: Design, typed: SimulationForm | None) -> dict[str, Any]:
    """The form of a simulation, or what keeps the design from being simulated."""
    lacking = _mend(design, SIMULATED)
    why_not = [] if lacking else [obstacle_told(each) for each in hindrances(design)]
    if lacking or why_not:
        return {"why_not": [*lacking, *why_not]}
    return {"simulation": typed or SimulationForm(design, _words(design), None)}


def _words(design: Design) -> Wording:
    return Wording(design, get_language() or "en")


def _shown(design: Design, form: AskedForm) -> dict[str, Any]:
    told = power_by_n(design, form.assumed(), form.asked(design.plan.sample_size))
    return {
        "facts": _facts(design, told),
        "warnings": warnings(told.found),
        "notes": notes(told),
        "sections": sections(told, _words(design)),
    }


def _facts(design: Design, told: PowerByN) -> tuple[tuple[str, str], ...]:
    found = told.found
    planned = {"n": f"{told.asked.n:,}", "planned": f"{design.plan.sample_size:,}"}
    points, smallest = found.plan.smallest_effect, found.smallest
    if isinstance(smallest, NotEstimable) or points is None:
        effect = reason(smallest) if isinstance(smallest, NotEstimable) else "–"
    else:
        effect = _("%(points)s points, %(sd)s SD") % {
            "points": apa.declared(points),
            "sd": apa.number(smallest, 3),
        }
    return (
        (_("Participants"), _("%(n)s (planned: %(planned)s)") % planned),
        (_("Effect"), effect),
        (
            _("Standard deviation"),
            reason(found.sd) if isinstance(found.sd, NotEstimable) else apa.declared(found.sd),
        ),
        (_("Looks at"), ", ".join(f"{100 * each.fraction:.4g}%" for each in found.moments)),
        (_("Alpha, two-sided"), apa.level(found.plan.alpha)),
    )
