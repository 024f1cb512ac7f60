"""The desk's page of a study's personal links: a list of people in, their links out."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.design import Access
from experiments.desk.written import ChosenFile
from experiments.in_words import in_words
from experiments.membership import may
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import content_of, csv_download, study_at_desk
from responses.guests import read_guests
from responses.invitations import NotInvited, invite, links_file, sent
from responses.sheets import read_sheet

VIEW = "responses.view_invitation"
ADD = "responses.add_invitation"
# More would only repeat what is wrong with the file.
MOST_FAULTS = 50


class GuestsForm(forms.Form):
    """The file with the labels."""

    file = ChosenFile(
        label=gettext_lazy("List of people"), widget=forms.FileInput({"accept": ".csv,.txt"})
    )


@never_cache
@require_http_methods(["GET", "POST"])
def invitations_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET counts the invitations; POST makes those of a list and sends their links back."""
    writes = request.method == "POST"
    study = study_at_desk(request, slug, VIEW, *([ADD] if writes else []))
    form = GuestsForm(request.POST, request.FILES) if writes else GuestsForm()
    if not writes or not form.is_valid():
        return _page(request, study, form)
    try:
        rows = read_sheet(content_of(form.cleaned_data["file"]))
        base = request.build_absolute_uri("/")
        links = invite(study_id=study.pk, guests=read_guests(rows), base=base)
    except NotInvited as refused:
        return _page(request, study, form, refused)
    except Refused as refused:
        form.add_error("file", in_words(refused))
        return _page(request, study, form)
    return csv_download(study, "links", links_file(links))


def _page(
    request: HttpRequest, study: Study, form: GuestsForm, refused: NotInvited | None = None
) -> HttpResponse:
    faults = refused.faults if refused else ()
    version = study.live_version or study.pilot_version
    context = {
        **admin.site.each_context(request),
        "title": _("Invitations to %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "sent": sent(study),
        "faults": faults[:MOST_FAULTS],
        "more": max(0, len(faults) - MOST_FAULTS),
        "may_add": may(request.user, ADD, study),
        "needed": version is not None and version.design.access is Access.INVITATION,
    }
    status = 422 if faults or form.errors else 200
    return render(request, "responses_desk/invitations.html", context, status=status)
