"""The preregistration of a study at the desk: to read, to copy by the field, to download."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from experiments.compiler import NotLaunchable
from experiments.desk.addresses import address
from experiments.desk.scoped import study_by_id
from experiments.in_words import in_words
from experiments.models import Study
from experiments.preregistration.forms import FORMS
from experiments.refusals import Refused
from experiments.registering import KINDS, WHOLE, Announced, announced
from experiments.translated import language_name

VIEW = "experiments.view_study"


@require_GET
def preregistration_view(
    request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """A registry's form, filled in field by field; of the rows, as a draft, before the launch."""
    study = _seen_study(request, study_id, desk)
    found = _announced(request, study)
    if isinstance(found, HttpResponse):
        return found
    form = FORMS.get(request.GET.get("form", ""), FORMS["osf"])
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Preregistration of %(study)s") % {"study": study.slug},
        "study": study,
        "announced": found,
        "form": form,
        "forms": FORMS.values(),
        "answers": found.answers(form.code),
        "languages": [(each, language_name(each)) for each in found.design.languages],
        "versions": list(study.versions.filter(pilot=False).defer("canonical_json")),
    }
    return render(request, "experiments/preregistration.html", context)


@require_GET
def preregistration_file_view(
    request: HttpRequest, study_id: int, form: str, kind: str, desk: "ModelAdmin[Any]"
) -> HttpResponse:
    """The whole text, or a registry's form that is filled in, in Markdown or as plain text."""
    study = _seen_study(request, study_id, desk)
    if form not in (WHOLE, *FORMS) or kind not in KINDS:
        raise Http404("There is no such file.")
    found = _announced(request, study)
    if isinstance(found, HttpResponse):
        return found
    file = found.file(form, kind)
    response = HttpResponse(file.text, content_type=f"{KINDS[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return response


def _seen_study(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> Study:
    return study_by_id(request, study_id, VIEW)


def _announced(request: HttpRequest, study: Study) -> Announced | HttpResponse:
    """What is announced, by the version and language asked for; or the study's page, with why."""
    number = request.GET.get("version", "")
    try:
        return announced(
            study,
            draft=study.live_version is None,
            # Postgres knows no larger number in that column.
            number=int(number) if number.isdecimal() and len(number) < 9 else None,
            language=request.GET.get("language", ""),
        )
    except NotLaunchable:
        text = _("A preregistration needs a study that could be launched: mend the problems first.")
        messages.error(request, text)
    except Refused as refused:
        messages.error(request, in_words(refused))
    return redirect(address(study))
