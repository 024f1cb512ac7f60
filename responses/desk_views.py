"""The desk's page on a study in this room: the links by which people enter, and the counts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from experiments.models import Status, Study
from responses.arrival import entry_link
from responses.desk_study import study_at_desk
from responses.models import Mode
from responses.monitor.health import health
from responses.watch import counts

VIEW_PARTICIPANT = "responses.view_participant"


@never_cache
@require_GET
def watch_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The links by which people enter, how many are where, and whether the site does its work."""
    study = study_at_desk(request, slug, VIEW_PARTICIPANT)
    context = {
        **admin.site.each_context(request),
        "title": _("Monitor of %(study)s") % {"study": study.slug},
        "study": study,
        "links": _links(request, study),
        "modes": counts(study),
        "health": health(),
        "is_fullwidth": "1",
    }
    return render(request, "responses_desk/watch.html", context)


def _links(request: HttpRequest, study: Study) -> list[tuple[Any, str]]:
    """The addresses that are open, by mode."""
    base = request.build_absolute_uri("/")
    open_modes = {
        Mode.LIVE: study.status in (Status.LIVE, Status.PAUSED),
        Mode.PILOT: study.status != Status.CLOSED and study.pilot_version_id is not None,
    }
    return [
        (mode.label, entry_link(study.slug, mode, base)) for mode in open_modes if open_modes[mode]
    ]
