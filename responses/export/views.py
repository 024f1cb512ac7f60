"""The desk's page of a study's exports, and their downloads. All stand under /admin/."""

import logging

import psycopg
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, close_old_connections
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from experiments.desk.scoped import check_may
from experiments.in_words import in_words
from experiments.membership import may, studies_where
from experiments.models import Study
from responses.blinding import is_blinded
from responses.desk_study import study_at_desk
from responses.export.apart import MANY
from responses.export.form import ExportForm
from responses.export.formats import FORMATS
from responses.export.kept import (
    WithdrewMeanwhileError,
    file_name,
    keep_export,
    kept_file,
)
from responses.export.limits import TooLargeForFormatError
from responses.export.reconciliation import NotReconciledError
from responses.export.record import ExportRefusedError, record_export
from responses.export.serving import kept_response, sent_export
from responses.export.stating import stated_lines
from responses.models import ExportRecord, Mode
from responses.monitor.flow import people_by_mode
from responses.pacing import MOST_WAITED
from responses.served import is_served

logger = logging.getLogger(__name__)

EXPORT = "responses.export_data"
UNBLIND = "responses.unblind_export"
# As many of somebody's files of the last day are listed.
LISTED = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be downloaded of a study; POST makes a file and leads to it."""
    study = study_at_desk(request, slug, EXPORT)
    if request.method != "POST":
        return _page(request, study, ExportForm(study=study))
    form = ExportForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, study, form, 422)
    if form.cleaned_data["unblind"]:
        check_may(request, study, UNBLIND)
    return _made(request, study, form)


def _made(request: HttpRequest, study: Study, form: ExportForm) -> HttpResponse:
    asked = form.cleaned_data
    try:
        export = record_export(
            study=study,
            mode=Mode(asked["mode"]),
            actor=request.user.get_username(),
            unblind=asked["unblind"],
            reason=asked["reason"],
            format_name=asked["format"],
            table_names=form.tables,
        )
    except ExportRefusedError as refused:
        form.add_error("reason" if study.versions.exists() else None, in_words(refused))
        return _page(request, study, form, 422)
    try:
        keep_export(export=export, options=form.options, stay_small=is_served(request))
    except TooLargeForFormatError as refused:
        form.add_error("format", in_words(refused))
        return _page(request, study, form, 422)
    except NotReconciledError as missing:
        logger.exception("The export %s of %s does not hold everybody.", export.pk, study)
        said = _("No file was made, since it would not hold everybody.")
        form.add_error(None, f"{said} {missing}")
        return _page(request, study, form, 500)
    except WithdrewMeanwhileError:
        said = _(
            "Somebody withdrew while the file was made, and must not be in it. Ask for it again."
        )
        form.add_error(None, said)
        return _page(request, study, form, 409)
    except (DatabaseError, psycopg.Error, OSError):
        logger.exception("The export %s of %s broke off.", export.pk, study)
        form.add_error(
            None,
            _("The file could not be made: the database or the disk gave out. Please try again."),
        )
        return _page(request, study, form, 503)
    address = reverse("export_file", args=[study.slug, export.pk])
    return HttpResponseRedirect(address, status=303)


@never_cache
@require_safe
def export_file(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """The file of an export, for who made it, as long as it is kept; also the rest of it."""
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    export = get_object_or_404(
        ExportRecord.objects.select_related("study").filter(
            study__in=studies_where(request.user, EXPORT)
        ),
        pk=number,
        study__slug=slug,
        format__in=FORMATS,
        actor=request.user.get_username(),
    )
    if export.unblinded:
        check_may(request, export.study, UNBLIND)
    path = kept_file(export)
    if path is None:
        form = ExportForm(study=export.study)
        form.full_clean()
        return _page(request, export.study, form, 404, lost=True)
    response = kept_response(request, sent_export(export, path))
    # The request's connection waits for no download.
    close_old_connections()
    return response


def _page(
    request: HttpRequest, study: Study, form: ExportForm, status: int = 200, *, lost: bool = False
) -> HttpResponse:
    counts = people_by_mode(study.pk)
    blinded = is_blinded(status=study.status, mode=Mode.LIVE)
    # Codebooks are recorded too, and not kept.
    made = ExportRecord.objects.filter(
        study=study, actor=request.user.get_username(), format__in=FORMATS
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Data of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "lost": lost,
        "modes": [
            (radio, counts.get(mode.value, 0), is_blinded(status=study.status, mode=mode))
            for radio, mode in zip(form["mode"], Mode, strict=True)
        ],
        "several": [each.label for each in FORMATS.values() if each.many or each.needs],
        "may_unblind": blinded and may(request.user, UNBLIND, study),
        "launched": study.versions.exists(),
        "slow_minutes": round(MOST_WAITED / 60) if max(counts.values(), default=0) >= MANY else 0,
        "kept": [
            (export, file_name(export), path.stat().st_size, _stated(export))
            for export in made.select_related("study", "statement")[:LISTED]
            if (path := kept_file(export))
        ],
    }
    return render(request, "responses/export.html", context, status=status)


def _stated(export: ExportRecord) -> list[str]:
    """What the file states of itself, in the reader's language."""
    return [in_words(line) for line in stated_lines(export)]
