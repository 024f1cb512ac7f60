"""The library of scales: those that ship with Coprod, and those of other studies at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from experiments.design import Design, PageKind, digest
from experiments.desk.addresses import address
from experiments.desk.parts import why_fixed
from experiments.desk.scoped import study_by_id
from experiments.in_words import in_words
from experiments.loading import load
from experiments.membership import studies_where
from experiments.models import Study, Way
from experiments.refusals import Refused
from experiments.scalelibrary import Entry, entries, take
from experiments.studyfile import parse
from experiments.studyrows import read_rows

VIEW, ADD = "experiments.view_study", "experiments.add_scale"
STUDIES = Path(__file__).resolve().parents[2] / "studies"
# What ships: a file below `studies`, and what it is called.
SHIPPED = {
    "answers": ("library/answer_formats.yaml", gettext_lazy("Answer formats, without items")),
    "coproduction": ("coproduction.yaml", gettext_lazy("Public service motivation, co-production")),
    "kitchen_sink": ("kitchen_sink.yaml", gettext_lazy("Of the study that shows every kind")),
}
OWN = gettext_lazy("Written for Coprod, under the BSD-3-Clause licence; not validated.")
OTHERS = gettext_lazy(
    "Of a study at this desk: see its source, and ask for the licence before you use it again."
)


@dataclass(frozen=True)
class Source:
    """Where scales are taken from, and what is known of their licence."""

    name: str
    licence: Any
    found: tuple[Entry, ...]


@require_http_methods(["GET", "POST"])
def library_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Lists the scales of one source; POST takes one into the study, its items onto a page."""
    study = study_by_id(request, study_id, VIEW, ADD)
    if not study.editable:
        messages.warning(request, why_fixed(study, sent=request.method == "POST"))
        return redirect(address(study))
    asked = (request.POST or request.GET).get("of", "").replace("\0", "")
    source = _source(_others(request, study), asked)
    before = read_rows(study)
    faults: Sequence[str] = ()
    if request.method == "POST":
        scale, page = request.POST.get("scale", ""), request.POST.get("page", "")
        chosen = next((each for each in source.found if each.scale.code == scale), None)
        if chosen is not None:
            faults = _take(request, desk, study, before, chosen, page)
            if not faults:
                return redirect(f"{address(study)}#scales")
    return _page(request, desk, study, before, source, faults)


def _take(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    study: Study,
    before: Design,
    entry: Entry,
    page: str,
) -> Sequence[str]:
    """Takes the scale, and says so; returns what is in the way."""
    after, faults = take(before, entry, page)
    if faults:
        return faults
    by = request.user.get_username()
    try:
        load(design=after, by=by, way=Way.FORM, seen=digest(before))
    except Refused as refused:
        return (in_words(refused),)
    names = {"scale": entry.scale.code}
    messages.success(request, _("The scale %(scale)s is taken from the library.") % names)
    if missing := [each for each in study.languages if each not in entry.languages]:
        text = _("It has no texts in %(languages)s; they are marked as missing.")
        messages.warning(request, text % {"languages": ", ".join(missing)})
    desk.log_change(request, study, _("Scale %(scale)s from the library") % names)
    return ()


def _others(request: HttpRequest, study: Study) -> QuerySet[Study]:
    """The other studies with scales that the account may see."""
    seen = studies_where(request.user, VIEW).exclude(pk=study.pk)
    return seen.filter(scales__isnull=False).distinct()


def _source(others: QuerySet[Study], asked: str) -> Source:
    """The scales that ship under that name, or those of the study at the desk."""
    slug = asked.removeprefix("study:")
    if slug != asked and (other := others.filter(slug=slug).first()):
        return Source(asked, OTHERS, entries(read_rows(other)))
    name = asked if asked in SHIPPED else "answers"
    return Source(name, OWN, _shipped(SHIPPED[name][0]))


@cache
def _shipped(file: str) -> tuple[Entry, ...]:
    design = parse((STUDIES / file).read_bytes()).design
    return entries(design) if design else ()


def _page(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    study: Study,
    design: Design,
    source: Source,
    faults: Sequence[str],
) -> HttpResponse:
    asking = (PageKind.QUESTIONS, PageKind.SCREENING, PageKind.VIGNETTE)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Library of scales for %(study)s") % {"study": study.slug},
        "study": study,
        "source": source,
        "shipped": [(name, said) for name, (_file, said) in SHIPPED.items()],
        "others": list(_others(request, study).values_list("slug", flat=True)),
        "pages": [page.code for page in design.pages if page.kind in asking],
        "taken": {scale.code for scale in design.scales},
        "languages": [*study.languages],
        "faults": faults,
    }
    status = 422 if faults else 200
    return render(request, "experiments/scale_library.html", context, status=status)
