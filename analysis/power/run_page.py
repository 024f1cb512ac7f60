"""The desk's page on one simulation: how far it is, what it assumed and what it has found."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis.models import Simulation
from analysis.power.runs import Run, run_of
from analysis.power.simulation_told import assumed_facts, rejections_plot, result_tables
from analysis.reach_page import design_of
from analysis.wording import Wording
from experiments.design import digest
from experiments.models import Study


def run_page(
    request: HttpRequest, study: Study, simulation: Simulation, *, may_cancel: bool
) -> HttpResponse:
    """A simulation, finished or not."""
    run = run_of(simulation)
    words = Wording(run.design, get_language() or "en")
    now, _source = design_of(study)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Simulation %(number)s of %(study)s")
        % {"number": simulation.pk, "study": study.slug},
        "study": study,
        "run": run,
        "simulation": simulation,
        "waits": run.end is None,
        "may_cancel": may_cancel and run.end is None,
        "changed": digest(now) != simulation.design_digest,
        "facts": tuple(assumed_facts(run.design, run.assumed, words)),
        "tables": result_tables(run.design, run.assumed, run.counts, words) if run.counts else (),
        "plot": rejections_plot(run.design, run.assumed, run.counts, words) if run.counts else None,
        "versions": _versions(run),
    }
    return TemplateResponse(request, "analysis/simulation.html", context)


def _versions(run: Run) -> str:
    """The versions of the program that ran it, or that it was ordered by before one did."""
    return ", ".join(run.versions or (run.simulation.code_version,))
