"""The desk's page on what departed from what was announced, and its files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from analysis.departure_files import as_csv, as_markdown
from analysis.departures import departures
from responses.desk_study import study_at_desk

# It tells no outcome.
VIEW_STUDY = "experiments.view_study"
KINDS = {"csv": "text/csv", "md": "text/markdown"}


def study_departures(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """Everything that departed since the launch, with who, why and where to look."""
    study = study_at_desk(request, slug, VIEW_STUDY)
    context |= {
        "title": _("Deviations of %(study)s") % {"study": study.slug},
        "study": study,
        "departures": departures(study),
    }
    return TemplateResponse(request, "analysis/departures.html", context)


def departures_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same as CSV or Markdown."""
    if kind not in KINDS:
        raise Http404
    study = study_at_desk(request, slug, VIEW_STUDY)
    found = departures(study)
    text = as_csv(found) if kind == "csv" else as_markdown(study.slug, found)
    response = HttpResponse(text, content_type=f"{KINDS[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study.slug}_deviations.{kind}"'
    return response
