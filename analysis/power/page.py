"""The desk's page on the power of a study's plan: by formula, and the simulations of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis import apa
from analysis.power.analytic import PowerByN, power_by_n
from analysis.power.analytic_told import notes, sections
from analysis.power.asking import AskedForm
from analysis.reach_page import NEEDED, design_of, warnings
from analysis.statistics.estimate import NotEstimable
from analysis.wording import Wording, reason
from experiments.checks import problems
from experiments.design import Design
from experiments.models import Study


def power_page(request: HttpRequest, study: Study) -> HttpResponse:
    """The power of the study's plan, with what is asked and assumed in the address."""
    design, source = design_of(study)
    lacking = [f"{each.path}: {each}" for each in problems(design) if each.path.startswith(NEEDED)]
    form = AskedForm(request.GET)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("The power of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "source": source,
        "lacking": lacking,
    }
    if not lacking:
        context |= _shown(design, form)
    return TemplateResponse(request, "analysis/power.html", context)


def _shown(design: Design, form: AskedForm) -> dict[str, Any]:
    told = power_by_n(design, form.assumed(), form.asked(design.plan.sample_size))
    return {
        "facts": _facts(design, told),
        "warnings": warnings(told.found),
        "notes": notes(told),
        "sections": sections(told, Wording(design, get_language() or "en")),
    }


def _facts(design: Design, told: PowerByN) -> tuple[tuple[str, str], ...]:
    found = told.found
    planned = {"n": f"{told.asked.n}", "planned": f"{design.plan.sample_size}"}
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
