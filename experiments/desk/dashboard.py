"""The first page of the desk: the studies, and what can be done with each."""

from typing import Any

from django.http import HttpRequest

from experiments.desk.study import with_counts
from experiments.membership import studies_where
from experiments.roles import ADD_STUDY


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the studies that the account may see; unfold's DASHBOARD_CALLBACK."""
    studies = with_counts(studies_where(request.user, "experiments.view_study"))
    return context | {
        "title": "Coprod",
        "studies": studies,
        "may_add": request.user.has_perm(ADD_STUDY),
    }
