"""The first page of the desk: the studies, and what can be done with each."""

from typing import Any

from django.http import HttpRequest

from experiments.desk.study import with_counts
from experiments.models import Study


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the studies that the account may see; unfold's DASHBOARD_CALLBACK."""
    may_view = request.user.has_perm("experiments.view_study")
    studies = with_counts(Study.objects.all()) if may_view else Study.objects.none()
    return context | {
        "title": "Coprod",
        "studies": studies,
        "may_add": request.user.has_perm("experiments.add_study"),
    }
