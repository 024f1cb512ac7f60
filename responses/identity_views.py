"""The desk's page that says who a participant is: asked for by a button, and recorded."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from experiments.membership import may
from responses.desk_study import study_at_desk
from responses.identity_log import read_identity
from responses.models import Participant

PERMISSIONS = ("responses.view_participant", "responses.view_panelidentity")


def may_identify(request: HttpRequest, participant: Participant) -> bool:
    """Whether the account may know who the participant is."""
    return all(may(request.user, each, participant.study_id) for each in PERMISSIONS)


@never_cache
@require_POST
def identity_view(request: HttpRequest, slug: str, participant: int) -> HttpResponse:
    """The panel's id and the label of one participant of the study."""
    study = study_at_desk(request, slug, *PERMISSIONS)
    found = get_object_or_404(
        Participant.objects.select_related("study"), pk=participant, study=study
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Who %(participant)s is") % {"participant": found},
        "participant": found,
        "identity": read_identity(participant=found, actor=request.user.get_username()),
    }
    return render(request, "responses_desk/identity.html", context)
