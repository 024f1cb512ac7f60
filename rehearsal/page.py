"""The desk's pages of a study's rehearsal: what there is of it, what is ordered, one that was."""

from typing import Any

import msgspec
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis.cells import Section
from analysis.models import RehearsalRun
from experiments.models import Study
from experiments.refusals import Refused
from rehearsal.asking import RehearsalForm
from rehearsal.deletion import rehearsed
from rehearsal.ordering import how_far, order_rehearsal, why_not
from rehearsal.rehearsing import entered_version

# As many rehearsals are listed.
LISTED = 20


def study_page(request: HttpRequest, study: Study) -> HttpResponse:
    """What there is of the study's rehearsal, and the form that orders one."""
    return _page(request, study)


def order_page(request: HttpRequest, study: Study) -> HttpResponse:
    """Orders a rehearsal, or says why there can be none."""
    if fault := why_not(study):
        return _page(request, study, fault=fault, status=409)
    form = RehearsalForm(entered_version(study).written, request.POST)
    if not form.is_valid():
        return _page(request, study, typed=form, status=422)
    try:
        run = order_rehearsal(
            study=study,
            asked=form.asked(get_language() or "en"),
            site=request.build_absolute_uri("/").rstrip("/"),
            actor=request.user.get_username(),
        )
    except Refused as refused:
        return _page(request, study, fault=str(refused), status=409)
    return redirect("rehearsal_run", study.slug, run.pk)


def run_page(request: HttpRequest, study: Study, run: RehearsalRun) -> HttpResponse:
    """How far a rehearsal is, and its report once it is done."""
    end = getattr(run, "end", None)
    context = {
        **admin.site.each_context(request),
        "title": _("Rehearsal %(number)s of %(study)s") % {"number": run.pk, "study": study.slug},
        "study": study,
        "run": run,
        "end": end,
        "how_far": None if end else how_far(run),
        "sections": msgspec.convert(end.sections, tuple[Section, ...]) if end else (),
    }
    return TemplateResponse(request, "rehearsal/run.html", context)


def _page(
    request: HttpRequest,
    study: Study,
    *,
    typed: RehearsalForm | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    refused = fault or why_not(study)
    form = typed
    if form is None and not refused:
        form = RehearsalForm(entered_version(study).written)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Rehearsal of %(study)s") % {"study": study.slug},
        "study": study,
        "there": rehearsed(study),
        "runs": study.rehearsals.select_related("end")[:LISTED],
        "form": form,
        "refused": refused,
        "fault": fault,
    }
    return TemplateResponse(request, "rehearsal/study.html", context, status=status)
