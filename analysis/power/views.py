"""The desk's addresses of a study's power, all under /admin/power/.

What they show draws on scipy, whose import takes more than a second; imported here, no management
command and no worker that answers participants pays for it.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from experiments.models import Study

# Whoever may see a study may see what its plan can find: it tells no data.
VIEW = "experiments.view_study"


@never_cache
@require_safe
def power(request: HttpRequest, slug: str) -> HttpResponse:
    """The power of a study's plan."""
    from analysis.power.page import power_page  # noqa: PLC0415

    return power_page(request, _study(request, slug))


def _study(request: HttpRequest, slug: str) -> Study:
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    return get_object_or_404(Study, slug=slug)
