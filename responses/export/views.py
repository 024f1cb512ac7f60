"""The desk's page of a study's exports, and the download itself. Both stand under /admin/."""

import logging

import psycopg
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, close_old_connections
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from experiments.models import Study
from responses.blinding import is_blinded
from responses.export.csv import CHUNK, csv_file
from responses.export.record import ExportRefusedError, record_export
from responses.models import ExportRecord, Mode
from responses.quality import refresh_flags

logger = logging.getLogger(__name__)

EXPORT = "responses.export_data"
UNBLIND = "responses.unblind_export"
BROKE_OFF = "The file could not be made: the database or the disk gave out. Please try again."


@never_cache
@require_GET
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be downloaded of a study, and the form that unblinds while it collects."""
    _require(request, EXPORT)
    return _page(request, get_object_or_404(Study, slug=slug))


@never_cache
@require_http_methods(["GET", "POST"])
def export_view(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The CSV of a study's `mode`; POST with a `reason` shows arms that are still secret."""
    unblind = request.method == "POST"
    _require(request, EXPORT, *([UNBLIND] if unblind else []))
    study = get_object_or_404(Study, slug=slug)
    asked = request.POST if unblind else request.GET
    try:
        export = record_export(
            study=study,
            mode=Mode(asked.get("mode", Mode.LIVE)),
            actor=request.user.get_username(),
            unblind=unblind,
            reason=asked.get("reason", ""),
        )
    except ValueError:
        return _page(request, study, "The mode is live, pilot or rehearsal.", 400)
    except ExportRefusedError as refused:
        return _page(request, study, str(refused), 400)
    return _download(request, study, export)


def _download(request: HttpRequest, study: Study, export: ExportRecord) -> HttpResponseBase:
    try:
        refresh_flags(study_id=study.pk, mode=export.mode)
        # The request's connection goes back to the pool: the export has its own.
        close_old_connections()
        file = csv_file(export=export)
    except (DatabaseError, psycopg.Error, OSError):
        logger.exception("The export %s of %s broke off.", export.pk, study)
        return _page(request, study, BROKE_OFF, 503)
    name = f"{study.slug}_{export.mode}_{timezone.now():%Y-%m-%d}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv")
    response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    response.block_size = CHUNK
    return response


def _page(request: HttpRequest, study: Study, error: str = "", status: int = 200) -> HttpResponse:
    counts = dict(study.participants.order_by().values_list("mode").annotate(Count("pk")))
    context = {
        **admin.site.each_context(request),
        "title": f"Export of {study.slug}",
        "study": study,
        "error": error,
        "modes": [
            (mode, counts.get(mode.value, 0), is_blinded(status=study.status, mode=mode))
            for mode in Mode
        ],
        "may_unblind": request.user.has_perm(UNBLIND),
        "blinded": is_blinded(status=study.status, mode=Mode.LIVE),
        "launched": study.versions.exists(),
    }
    return render(request, "responses/export.html", context, status=status)


def _require(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied
