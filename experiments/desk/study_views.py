"""What can be done to a study besides editing it: its moves, the order of its parts, its file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import models as orm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from experiments import models
from experiments.changes import changes
from experiments.compiler import NotLaunchable
from experiments.desk.moves import MOVES, Move, consequences, in_force, perform
from experiments.desk.order import move_part
from experiments.desk.overview import read_overview, told_problems
from experiments.desk.parts import address
from experiments.models import Status, Study
from experiments.refusals import Refused
from experiments.studyfile import dump
from experiments.studyrows import read_rows

CHANGE = "experiments.change_study"
ORDERED = {
    model._meta.model_name: model
    for model in (models.Factor, models.Randomisation, models.Scale, models.Page, models.Item)
}


def links(study: Study) -> SafeString:
    """The pages of later rooms on a study: preview, counts, data."""
    pages = [(reverse("admin:responses_preview", args=[study.slug]), _("Preview"))]
    if study.status != Status.DRAFT:
        pages.append((reverse("admin:responses_watch", args=[study.slug]), _("Counts")))
        pages.append((reverse("export", args=[study.slug]), _("Data")))
    return format_html_join(" ", '<a class="desk-link" href="{}">{}</a>', pages)


@require_http_methods(["GET", "POST"])
def move_view(
    request: HttpRequest, study_id: int, move: str, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """GET says what a move will do, POST makes it; both say why it can't be made."""
    _require_change(request)
    study = get_object_or_404(
        Study.objects.select_related("live_version", "pilot_version"), pk=study_id
    )
    wanted = MOVES.get(move)
    if wanted is None or study.status not in wanted.before:
        text = _("%(study)s is %(status)s, so that can't be done now.")
        messages.error(request, text % {"study": study, "status": study.get_status_display()})
        return redirect(address(study))
    if request.method == "GET":
        return _confirm(request, desk, study, wanted)
    # Postgres stores no NUL, and no browser sends one.
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        said = perform(study=study, move=wanted, reason=reason)
    except NotLaunchable:
        return _confirm(request, desk, study, wanted, status=409)
    except Refused as refused:
        return _confirm(request, desk, study, wanted, refusal=str(refused), status=409)
    desk.log_change(request, study, str(wanted.label))
    messages.success(request, said)
    return redirect("admin:responses_watch", study.slug)


def _confirm(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    study: Study,
    move: Move,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    overview = read_overview(study)
    version = in_force(study, move)
    context = {
        **desk.admin_site.each_context(request),
        "title": f"{move.label}: {study.slug}",
        "study": study,
        "move": move,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "problems": told_problems(overview) if move.freezes else [],
        "consequences": consequences(study, move, overview.design),
        "changes": changes(version.design, overview.design) if move.freezes and version else (),
    }
    return render(request, "experiments/move.html", context, status=status)


@require_POST
def order_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Moves a factor, randomisation, scale, page or item one place up or down."""
    _require_change(request)
    study = get_object_or_404(Study, pk=study_id)
    model: type[orm.Model] = ORDERED.get(request.POST.get("model", ""), models.Page)
    parent = "page__study" if model is models.Item else "study"
    key = request.POST.get("row", "")
    found = {"pk": key if key.isdecimal() else 0, parent: study}
    row: Any = get_object_or_404(model, **found)
    try:
        move_part(row=row, steps=-1 if request.POST.get("to") == "up" else 1)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect(f"{address(study)}#{model._meta.model_name}-{row.pk}")


@require_GET
def download_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """The study file of the rows as they stand."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    study = get_object_or_404(Study, pk=study_id)
    response = HttpResponse(dump(read_rows(study)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study.slug}.yaml"'
    return response


def _require_change(request: HttpRequest) -> None:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
