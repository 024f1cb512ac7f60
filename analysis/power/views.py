"""The desk's addresses of a study's power, all under /admin/power/.

What they show draws on scipy, whose import takes more than a second; imported here, no management
command and no worker that answers participants pays for it.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analysis.models import Simulation
from experiments.membership import may
from experiments.models import Study
from responses.desk_study import study_at_desk

# Whoever may see a study may see what its plan can find: it tells no data.
VIEW = "experiments.view_study"
# Who may change a study may have the machine work for it.
ORDER = "experiments.change_study"


@never_cache
@require_safe
def power(request: HttpRequest, slug: str) -> HttpResponse:
    """The power of a study's plan, and its simulations."""
    from analysis.power.page import power_page  # noqa: PLC0415

    study = study_at_desk(request, slug, VIEW)
    return power_page(request, study, may_order=may(request.user, ORDER, study))


@never_cache
@require_POST
def order(request: HttpRequest, slug: str) -> HttpResponse:
    """Orders a simulation."""
    from analysis.power.page import order_page  # noqa: PLC0415

    return order_page(request, study_at_desk(request, slug, VIEW, ORDER))


@never_cache
@require_safe
def simulation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How far a simulation is, and what it has found."""
    from analysis.power.run_page import run_page  # noqa: PLC0415

    study = study_at_desk(request, slug, VIEW)
    found = _simulation(study, number)
    return run_page(request, study, found, may_cancel=may(request.user, ORDER, study))


@never_cache
@require_safe
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All of a simulation as JSON."""
    from analysis.power.runs import as_json, run_of  # noqa: PLC0415

    found = _simulation(study_at_desk(request, slug, VIEW), number)
    name = f"{slug}_simulation_{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_json(run_of(found), slug), "application/json", headers=headers)


@never_cache
@require_POST
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cancels a simulation."""
    from analysis.power.ordering import cancel_simulation  # noqa: PLC0415

    found = _simulation(study_at_desk(request, slug, VIEW, ORDER), number)
    cancel_simulation(simulation=found, actor=request.user.get_username())
    return HttpResponseRedirect(reverse("power_simulation", args=[slug, number]), status=303)


def _simulation(study: Study, number: int) -> Simulation:
    return get_object_or_404(Simulation, pk=number, study=study)
