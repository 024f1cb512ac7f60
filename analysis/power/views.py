"""The desk's addresses of a study's power, all under /admin/power/.

What they show draws on scipy, whose import takes more than a second; imported here, no management
command and no worker that answers participants pays for it.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analysis.models import Simulation
from experiments.models import Study

# Whoever may see a study may see what its plan can find: it tells no data.
VIEW = "experiments.view_study"
# Who may change a study may have the machine work for it.
ORDER = "experiments.change_study"


@never_cache
@require_safe
def power(request: HttpRequest, slug: str) -> HttpResponse:
    """The power of a study's plan, and its simulations."""
    from analysis.power.page import power_page  # noqa: PLC0415

    return power_page(request, _study(request, slug), may_order=request.user.has_perm(ORDER))


@never_cache
@require_POST
def order(request: HttpRequest, slug: str) -> HttpResponse:
    """Orders a simulation."""
    from analysis.power.page import order_page  # noqa: PLC0415

    return order_page(request, _study(request, slug, ORDER))


@never_cache
@require_safe
def simulation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How far a simulation is, and what it has found."""
    from analysis.power.run_page import run_page  # noqa: PLC0415

    study = _study(request, slug)
    found = _simulation(study, number)
    return run_page(request, study, found, may_cancel=request.user.has_perm(ORDER))


@never_cache
@require_safe
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All of a simulation as JSON."""
    from analysis.power.runs import as_json, run_of  # noqa: PLC0415

    found = _simulation(_study(request, slug), number)
    name = f"{slug}_simulation_{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_json(run_of(found), slug), "application/json", headers=headers)


@never_cache
@require_POST
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cancels a simulation."""
    from analysis.power.ordering import cancel_simulation  # noqa: PLC0415

    found = _simulation(_study(request, slug, ORDER), number)
    cancel_simulation(simulation=found, actor=request.user.get_username())
    return HttpResponseRedirect(reverse("power_simulation", args=[slug, number]), status=303)


def _study(request: HttpRequest, slug: str, *more: str) -> Study:
    if not request.user.has_perms((VIEW, *more)):
        raise PermissionDenied
    return get_object_or_404(Study, slug=slug)


def _simulation(study: Study, number: int) -> Simulation:
    return get_object_or_404(Simulation, pk=number, study=study)
