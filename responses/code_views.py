"""The desk's page that checks a panel's list: who of it is to be paid."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.desk.written import ChosenFile
from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import content_of, csv_download, study_at_desk
from responses.panel_list import Columns, check_list

VIEW = "responses.view_participant"


class PanelListForm(forms.Form):
    """The panel's file, and which columns of it hold what, if that is not plain."""

    file = ChosenFile(
        label=gettext_lazy("The panel's list"), widget=forms.FileInput({"accept": ".csv,.txt"})
    )
    code = forms.CharField(
        label=gettext_lazy("Column of the completion code"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "desk-input", "aria-describedby": "guessed"}),
    )
    panel_id = forms.CharField(
        label=gettext_lazy("Column of the panel's id"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "desk-input", "aria-describedby": "guessed"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def codes_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks for the list; POST sends it back with who is to be paid and why."""
    study = study_at_desk(request, slug, VIEW)
    sent = request.method == "POST"
    form = PanelListForm(request.POST, request.FILES) if sent else PanelListForm()
    if not sent or not form.is_valid():
        return _page(request, study, form)
    asked = form.cleaned_data
    try:
        checked = check_list(
            study=study,
            content=content_of(asked["file"]),
            actor=request.user.get_username(),
            columns=Columns(asked["code"], asked["panel_id"]),
        )
    except Refused as refused:
        form.add_error("file", in_words(refused))
        return _page(request, study, form)
    return csv_download(study, "codes", checked.as_csv())


def _page(request: HttpRequest, study: Study, form: PanelListForm) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Check codes of %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "responses_desk/codes.html", context, status=status)
