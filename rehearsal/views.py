"""The desk's pages of a study's rehearsal.

Who plays in one draws on scipy, whose import takes more than a second; imported in the views, no
management command and no worker that answers participants pays for it.
"""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.models import RehearsalEnd, RehearsalRun
from experiments.models import Study
from experiments.refusals import Refused
from rehearsal.deletion import delete_rehearsal, rehearsed
from rehearsal.ordering import cancel_rehearsal
from responses.desk_study import study_at_desk

REHEARSE, DELETE = "analysis.rehearse_study", "responses.delete_rehearsal"


@never_cache
@require_http_methods(["GET", "POST"])
def rehearsal(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is of the study's rehearsal; POST orders one."""
    from rehearsal.page import order_page, study_page  # noqa: PLC0415

    study = study_at_desk(request, slug, REHEARSE)
    return (order_page if request.method == "POST" else study_page)(request, study)


@never_cache
@require_safe
def run(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How far a rehearsal is, and what came of it."""
    from rehearsal.page import run_page  # noqa: PLC0415

    study = study_at_desk(request, slug, REHEARSE)
    return run_page(request, study, _run(study, number))


@never_cache
@require_safe
def report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The report of a rehearsal as a Markdown file."""
    end = RehearsalEnd.objects.filter(run=_run(study_at_desk(request, slug, REHEARSE), number))
    if not (found := end.exclude(markdown="").first()):
        raise Http404
    name = f"{slug}_rehearsal_{number}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found.markdown, "text/markdown; charset=utf-8", headers=headers)


@never_cache
@require_POST
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Cancels a rehearsal."""
    found = _run(study_at_desk(request, slug, REHEARSE), number)
    cancel_rehearsal(run=found, actor=request.user.get_username())
    return redirect("rehearsal_run", slug, number)


def _run(study: Study, number: int) -> RehearsalRun:
    return get_object_or_404(RehearsalRun.objects.select_related("end"), pk=number, study=study)


@never_cache
@require_http_methods(["GET", "POST"])
def deletion(request: HttpRequest, slug: str) -> HttpResponse:
    """GET says what would go; POST, once it is confirmed, deletes it."""
    study = study_at_desk(request, slug, DELETE)
    if request.method == "GET":
        return _ask(request, study)
    if not request.POST.get("sure"):
        return _ask(request, study, fault=_("Nothing was deleted yet. Tick that you mean it."))
    try:
        record = delete_rehearsal(study=study, actor=request.user.get_username())
    except Refused as refused:
        return _ask(request, study, fault=str(refused), status=409)
    if record is None:
        messages.info(request, _("There was no rehearsal to delete."))
    else:
        messages.success(request, _("The rehearsal is deleted."))
    return redirect("rehearsal_delete", study.slug)


def _ask(
    request: HttpRequest, study: Study, *, fault: str = "", status: int | None = None
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Delete the rehearsal of %(study)s") % {"study": study.slug},
        "study": study,
        "there": rehearsed(study),
        "fault": fault,
    }
    status = status or (422 if fault else 200)
    return render(request, "rehearsal/delete.html", context, status=status)
