"""The history of a study at the desk: who changed what and when, and the way back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from experiments.design import digest
from experiments.desk.addresses import address
from experiments.desk.scoped import check_may, study_by_id
from experiments.differences import Difference, differences
from experiments.history import as_then, take_back
from experiments.in_words import in_words
from experiments.membership import may
from experiments.models import Edit, Study
from experiments.refusals import Refused
from experiments.studyfile import dump
from experiments.studyrows import read_rows

VIEW, CHANGE = "experiments.view_study", "experiments.change_study"
# Each line needs its design, and that of the line before: some hundred KB of text.
ON_A_PAGE = 10


@require_GET
def history_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """The changes of a study, the newest first, each with what it changed."""
    study = study_by_id(request, study_id, VIEW)
    page = Paginator(study.history.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    edits = list(page.object_list)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("History of %(study)s") % {"study": study.slug},
        "study": study,
        "page": page,
        "lines": [(edit, _what_changed(edit, before)) for edit, before in _pairs(study, edits)],
    }
    return render(request, "experiments/history.html", context)


@require_http_methods(["GET", "POST"])
def moment_view(
    request: HttpRequest, study_id: int, number: int, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """One moment of the history: GET says how it differs from now, POST goes back to it."""
    study = study_by_id(request, study_id, VIEW)
    edit = _edit(study, number)
    if request.method == "GET":
        return _moment(request, desk, study, edit)
    check_may(request, study, CHANGE)
    by, seen = request.user.get_username(), request.POST.get("seen", "")
    try:
        take_back(study=study, number=number, by=by, seen=seen)
    except Refused as refused:
        return _moment(request, desk, study, edit, refusal=in_words(refused))
    said = _("%(study)s is again as it was after change %(number)d.")
    messages.success(request, said % {"study": study.slug, "number": number})
    desk.log_change(request, study, _("Taken back to change %(number)d") % {"number": number})
    return redirect(address(study))


@require_GET
def moment_file_view(
    request: HttpRequest, study_id: int, number: int, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """The study file of a moment of the history."""
    study = study_by_id(request, study_id, VIEW)
    text = dump(_edit(study, number).design)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study.slug}_{number}.yaml"'
    return response


def _edit(study: Study, number: int) -> Edit:
    # Postgres knows no larger number in that column.
    edit = study.history.filter(number=number).first() if number < 2**31 else None
    if edit is None:
        raise Http404("There was no such change.")
    return edit


def _pairs(study: Study, edits: Sequence[Edit]) -> list[tuple[Edit, Edit | None]]:
    """Each change with the one before it."""
    last = edits[-1].number if edits else 1
    earlier = study.history.filter(number=last - 1).first() if last > 1 else None
    return list(zip(edits, [*edits[1:], earlier], strict=True)) if edits else []


def _what_changed(edit: Edit, before: Edit | None) -> tuple[Difference, ...]:
    return differences(before.design, edit.design) if before else ()


def _moment(
    request: HttpRequest, desk: "ModelAdmin[Any]", study: Study, edit: Edit, *, refusal: str = ""
) -> HttpResponse:
    study.refresh_from_db()
    now = read_rows(study)
    ((_edit_itself, before),) = _pairs(study, [edit])
    context = {
        **desk.admin_site.each_context(request),
        "title": _("%(study)s after change %(number)d")
        % {"study": study.slug, "number": edit.number},
        "study": study,
        "edit": edit,
        "changed": _what_changed(edit, before),
        "back": differences(now, as_then(edit, study)),
        "seen": digest(now),
        "may": study.editable and may(request.user, CHANGE, study),
        "refusal": refusal,
    }
    return render(request, "experiments/moment.html", context, status=409 if refusal else 200)
