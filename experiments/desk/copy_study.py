"""The page that copies a study."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from experiments.copying import copy_study
from experiments.desk.addresses import address
from experiments.desk.scoped import study_by_id
from experiments.in_words import in_words
from experiments.membership import own
from experiments.models import Study
from experiments.models.codes import code_validator
from experiments.refusals import Refused
from experiments.roles import ADD_STUDY

VIEW = "experiments.view_study"


class CopyForm(forms.Form):
    """The short name of the copy."""

    slug = forms.CharField(
        label=_("Short name of the copy"),
        max_length=32,
        validators=[code_validator],
        widget=forms.TextInput({"class": "desk-input", "autocomplete": "off"}),
        help_text=_(
            "It stands in links and file names: a lower-case letter, then letters, digits or _."
        ),
    )


@require_http_methods(["GET", "POST"])
def copy_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """GET asks for a short name, POST makes the copy; a name that can't be taken is told why."""
    if not request.user.has_perm(ADD_STUDY):
        raise PermissionDenied
    study = study_by_id(request, study_id, VIEW)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.user.get_username()
        try:
            with transaction.atomic():
                copy = copy_study(study=study, slug=form.cleaned_data["slug"], by=by)
                own(study=copy, user=request.user)
        except Refused as refused:
            form.add_error("slug", in_words(refused))
        else:
            desk.log_addition(request, copy, str(_("Copied from %s") % study.slug))
            messages.success(request, _("%(copy)s is a copy of %(study)s.") % _names(copy, study))
            return redirect(address(copy))
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Copy %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "experiments/copy.html", context, status=status)


def _names(copy: Study, study: Study) -> dict[str, str]:
    return {"copy": copy.slug, "study": study.slug}
