"""What can be done to a study besides editing it: its moves, the order of its parts, its file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import models as orm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from experiments import models
from experiments.compiler import NotLaunchable
from experiments.desk.addresses import address
from experiments.desk.moves import (
    MOVES,
    Move,
    consequences,
    differs,
    in_force,
    nothing_new,
    perform,
    why_not_now,
)
from experiments.desk.order import move_part
from experiments.desk.overview import read_overview, told_problems, told_warnings
from experiments.desk.parts import recorded_post
from experiments.desk.scoped import study_by_id
from experiments.differences import differences
from experiments.in_words import in_words
from experiments.membership import may
from experiments.models import Status, Study
from experiments.refusals import Refused
from experiments.studyfile import dump
from experiments.studyrows import read_rows

VIEW, CHANGE = "experiments.view_study", "experiments.change_study"
LAUNCH = "experiments.launch_study"
# What the pages of later rooms ask for.
COUNT = "responses.view_participant"
EXPORT = "responses.export_data"
ORDERED = {
    model._meta.model_name: model
    for model in (
        *(models.Factor, models.Randomisation, models.Scale, models.Page, models.Item),
        *(models.Block, models.Image, models.Parameter, models.Quota, models.Ending),
    )
}


def links(study: Any) -> SafeString:
    """The pages of later rooms on a study that the account may open: preview, counts, data."""
    pages = [(reverse("admin:responses_preview", args=[study.slug]), _("Preview"))]
    if study.status != Status.DRAFT and study.may_count:
        pages.append((reverse("admin:responses_watch", args=[study.slug]), _("Monitor")))
    if study.status != Status.DRAFT and study.may_export:
        pages.append((reverse("export", args=[study.slug]), _("Data")))
    return format_html_join(" ", '<a class="desk-link" href="{}">{}</a>', pages)


@require_http_methods(["GET", "POST"])
def move_view(
    request: HttpRequest, study_id: int, move: str, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """GET says what a move will do, POST makes it; both say why it can't be made."""
    study = study_by_id(request, study_id, LAUNCH)
    wanted = MOVES.get(move)
    if wanted is None or study.status not in wanted.before:
        messages.error(request, why_not_now(study))
        return redirect(address(study))
    if request.method == "GET":
        return _confirm(request, desk, study, wanted)
    # Postgres stores no NUL, and no browser sends one.
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        done = perform(study=study, move=wanted, reason=reason, by=request.user.get_username())
    except NotLaunchable:
        return _confirm(request, desk, study, wanted, status=409)
    except Refused as refused:
        study.refresh_from_db()
        if study.status in wanted.before:
            return _confirm(request, desk, study, wanted, refusal=in_words(refused), status=409)
        # Somebody else was faster.
        messages.error(request, in_words(refused))
        return redirect(address(study))
    if done.recorded:
        desk.log_change(request, study, done.recorded)
    (messages.success if done.recorded else messages.warning)(request, done.said)
    may_count = may(request.user, COUNT, study)
    return redirect("admin:responses_watch", study.slug) if may_count else redirect(address(study))


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
    if move.freezes and not differs(study, move, overview.design):
        messages.warning(request, nothing_new(study, move))
        return redirect(address(study))
    version = in_force(study, move)
    context = {
        **desk.admin_site.each_context(request),
        "title": f"{move.label}: {study.slug}",
        "study": study,
        "move": move,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "problems": told_problems(overview) if move.freezes else [],
        "warnings": told_warnings(overview) if move.freezes else [],
        "consequences": consequences(study, move, overview.design),
        "found": differences(version.written, overview.design) if move.freezes and version else (),
    }
    return render(request, "experiments/move.html", context, status=status)


@require_POST
def order_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Moves a part, such as a factor, page or item, up, down or to a place among its like."""
    study = study_by_id(request, study_id, CHANGE)
    model: type[orm.Model] = ORDERED.get(request.POST.get("model", ""), models.Page)
    parent = "page__study" if model is models.Item else "study"
    key = request.POST.get("row", "")
    found = {"pk": key if key.isdecimal() else 0, parent: study}
    row: Any = get_object_or_404(model, **found)
    try:
        with recorded_post(request, study):
            to = request.POST.get("to", "")
            if to.isdecimal():
                # A study has fewer parts than a number of six digits says.
                move_part(row=row, to=int(to[:6]))
            else:
                move_part(row=row, steps=-1 if to == "up" else 1)
    except Refused as refused:
        messages.warning(request, in_words(refused))
    return redirect(f"{address(study)}#{model._meta.model_name}-{row.pk}")


@require_GET
def download_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """The study file of the rows as they stand."""
    study = study_by_id(request, study_id, VIEW)
    response = HttpResponse(dump(read_rows(study)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study.slug}.yaml"'
    return response
