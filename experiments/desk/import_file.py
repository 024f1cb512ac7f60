"""The page that reads a study file into rows."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from experiments.desk.addresses import address
from experiments.models import Study
from experiments.refusals import Refused
from experiments.rowwriting import write_rows
from experiments.studyfile import LARGEST_FILE, Parsed, parse

NEEDED = ("experiments.add_study", "experiments.change_study")


class ImportForm(forms.Form):
    """A study file, and whether it may take the place of a study that is there."""

    file = forms.FileField(label=_("Study file"), widget=forms.FileInput({"accept": ".yaml,.yml"}))
    replace = forms.BooleanField(
        label=_("Replace the study of the same name, if there is one"), required=False
    )


@require_http_methods(["GET", "POST"])
def import_view(request: HttpRequest, desk: "ModelAdmin[Any]") -> HttpResponse:
    """Reads the file that was sent; lists every problem of it by line if it can't be stored."""
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, desk, form)
    parsed = parse(_content(form.cleaned_data["file"]))
    if parsed.design is None:
        return _page(request, desk, form, parsed)
    there = Study.objects.filter(slug=parsed.design.study).exists()
    if there and not form.cleaned_data["replace"]:
        text = _("There is a study %(study)s already. Tick the box to replace its parts.")
        form.add_error("replace", text % {"study": parsed.design.study})
        return _page(request, desk, form)
    try:
        study = write_rows(design=parsed.design)
    except Refused as refused:
        form.add_error("file", str(refused))
        return _page(request, desk, form)
    return _written(request, desk, study, parsed, replaced=there)


def _content(file: "UploadedFile[Any]") -> bytes:
    # A byte more than may be is enough to see that it is too large.
    content: bytes = file.read(LARGEST_FILE + 1)
    return content


def _written(
    request: HttpRequest, desk: "ModelAdmin[Any]", study: Study, parsed: Parsed, *, replaced: bool
) -> HttpResponse:
    said = str(_("Replaced by the study file") if replaced else _("Read from a study file"))
    (desk.log_change if replaced else desk.log_addition)(request, study, said)
    names = {"study": study.slug, "count": len(parsed.problems)}
    messages.success(request, _("The study file is read into %(study)s.") % names)
    if parsed.problems:
        text = ngettext(
            "%(count)d problem keeps it from being launched; it is listed below.",
            "%(count)d problems keep it from being launched; they are listed below.",
            len(parsed.problems),
        )
        messages.warning(request, text % names)
    return redirect(address(study))


def _page(
    request: HttpRequest, desk: "ModelAdmin[Any]", form: ImportForm, parsed: Parsed | None = None
) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Import a study file"),
        "form": form,
        "problems": parsed.problems if parsed else (),
    }
    wrong = parsed is not None or bool(form.errors)
    return render(request, "experiments/import.html", context, status=422 if wrong else 200)
