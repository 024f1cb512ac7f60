"""The desk's pages of a study's rehearsal."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.models import Study
from experiments.refusals import Refused
from rehearsal.deletion import delete_rehearsal, rehearsed
from responses.desk_study import study_at_desk

DELETE = "responses.delete_rehearsal"


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
