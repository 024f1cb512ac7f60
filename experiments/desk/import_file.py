"""The page that reads a study file into rows: first what it would change, then the change."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from experiments.design import Design, digest
from experiments.desk.addresses import address
from experiments.desk.written import ChosenFile
from experiments.differences import Difference, differences
from experiments.in_words import in_words
from experiments.loading import Loaded, load
from experiments.membership import may, own, studies_where
from experiments.models import Study, Way
from experiments.refusals import Refused
from experiments.roles import ADD_STUDY
from experiments.studyfile import LARGEST_FILE, Parsed, parse
from experiments.studyrows import read_rows

VIEW, CHANGE = "experiments.view_study", "experiments.change_study"


class ImportForm(forms.Form):
    """A study file."""

    file = ChosenFile(label=_("Study file"), widget=forms.FileInput({"accept": ".yaml,.yml"}))


@dataclass(frozen=True)
class Shown:
    """What a file would do: to a study that is there or to none, and the digest of what is there.

    `content` is the file in base64: it goes to the browser and comes back, since nothing is stored
    before it is applied.
    """

    name: str
    study: Study | None
    found: tuple[Difference, ...]
    seen: str
    content: str
    problems: int


@require_http_methods(["GET", "POST"])
def import_view(request: HttpRequest, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Shows what the file that was sent would change, and once that was seen applies it.

    Lists the problems of the file by line if it can't be stored.
    """
    if not (request.user.has_perm(ADD_STUDY) or request.user.has_perm(CHANGE)):
        raise PermissionDenied
    applied = request.method == "POST" and "content" in request.POST
    form = ImportForm(None if applied else request.POST or None, request.FILES or None)
    if request.method == "GET" or not (applied or form.is_valid()):
        return _page(request, desk, form)
    content = _sent_back(request.POST["content"]) if applied else _read(form.cleaned_data["file"])
    parsed = parse(content)
    if parsed.design is None:
        return _page(request, desk, ImportForm(), parsed)
    _check_may_load(request, parsed.design.study)
    if not applied:
        return _page(request, desk, form, shown=_shown(parsed.design, content, parsed))
    try:
        loaded = _loaded(request, parsed.design)
    except Refused as refused:
        shown = _shown(parsed.design, content, parsed)
        return _page(request, desk, ImportForm(), shown=shown, refusal=in_words(refused))
    return _written(request, desk, loaded, parsed)


def _check_may_load(request: HttpRequest, slug: str) -> None:
    """PermissionDenied unless the account may change the study of that name, or make it."""
    study = Study.objects.filter(slug=slug).first()
    if not (may(request.user, CHANGE, study) if study else request.user.has_perm(ADD_STUDY)):
        raise PermissionDenied


@transaction.atomic
def _loaded(request: HttpRequest, design: Design) -> Loaded:
    """The design in the rows, and who made a study by it as its owner."""
    by, seen = request.user.get_username(), request.POST.get("seen", "")
    loaded = load(design=design, by=by, way=Way.IMPORT, seen=seen)
    if loaded.created:
        own(study=loaded.study, user=request.user)
    return loaded


def _read(file: "UploadedFile[Any]") -> bytes:
    # A byte more than may be is enough to see that it is too large.
    content: bytes = file.read(LARGEST_FILE + 1)
    return content


def _sent_back(content: str) -> bytes:
    """The file that the browser was given; an empty one, which is told, if it is garbled."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _shown(design: Design, content: bytes, parsed: Parsed) -> Shown:
    study = Study.objects.filter(slug=design.study).first()
    before = read_rows(study) if study else None
    return Shown(
        name=design.study,
        study=study,
        found=differences(before, design) if before else (),
        seen=digest(before) if before else "",
        content=base64.b64encode(content).decode(),
        problems=len(parsed.problems),
    )


def _written(
    request: HttpRequest, desk: "ModelAdmin[Any]", loaded: Loaded, parsed: Parsed
) -> HttpResponse:
    study = loaded.study
    names = {"study": study.slug, "count": len(parsed.problems)}
    if not loaded.created and not loaded.changes:
        messages.info(request, _("%(study)s is so already: nothing changed.") % names)
        return redirect(address(study))
    said = str(_("Read from a study file") if loaded.created else _("Replaced by the study file"))
    (desk.log_addition if loaded.created else desk.log_change)(request, study, said)
    messages.success(request, _("The study file is read into %(study)s.") % names)
    if parsed.problems:
        text = ngettext(
            "%(count)d problem keeps it from being launched; it is listed below.",
            "%(count)d problems keep it from being launched; they are listed below.",
            len(parsed.problems),
        )
        messages.warning(request, text % names)
    return redirect(address(study))


def _asked(request: HttpRequest) -> str:
    return request.GET.get("study", "").replace("\0", "")


def _page(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    form: ImportForm,
    parsed: Parsed | None = None,
    *,
    shown: Shown | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Import a study file"),
        "form": form,
        "problems": parsed.problems if parsed else (),
        "unchecked": parsed is not None and parsed.unchecked,
        "shown": shown,
        "refusal": refusal,
        # Whose file there is to download on the same page.
        "here": studies_where(request.user, VIEW).filter(slug=_asked(request)).first(),
    }
    status = 409 if refusal else 422 if parsed is not None or form.errors else 200
    return render(request, "experiments/import.html", context, status=status)
