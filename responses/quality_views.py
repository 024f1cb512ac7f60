"""The desk's page on the quality of the data: what each rule found, and in whom."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.desk.scoped import check_may
from experiments.membership import may
from responses.desk_study import study_at_desk
from responses.exclusion_marks import marked_count
from responses.models import Mode
from responses.quality import refresh_flags
from responses.quality.monitor import flagged_people, flags_said, found_by_rule, not_looked_at

VIEW, LOOK_ANEW = "responses.view_participant", "responses.change_participant"


@never_cache
@require_http_methods(["GET", "POST"])
def quality_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows what was found; POST looks anew."""
    study = study_at_desk(request, slug, VIEW)
    asked = request.GET.get("mode", "")
    mode = Mode(asked) if asked in Mode.values else Mode.LIVE
    if request.method == "POST":
        check_may(request, study, LOOK_ANEW)
        changed = refresh_flags(study_id=study.pk, mode=mode)
        said = ngettext(
            "The flags of %(count)d participant changed.",
            "The flags of %(count)d participants changed.",
            changed,
        )
        messages.success(request, said % {"count": changed})
        return redirect(f"{reverse('admin:responses_quality', args=[slug])}?mode={mode}")
    people = flagged_people(study_id=study.pk, mode=mode, page=request.GET.get("page", ""))
    context = {
        **admin.site.each_context(request),
        "title": _("Data quality of %(study)s") % {"study": study.slug},
        "study": study,
        "mode": mode,
        "modes": list(Mode),
        "found": found_by_rule(study_id=study.pk, mode=mode),
        "waiting": not_looked_at(study_id=study.pk, mode=mode),
        "people": people,
        "marked": marked_count(study_id=study.pk, mode=mode),
        "may_look_anew": may(request.user, LOOK_ANEW, study),
        "flagged": [(each, flags_said(each)) for each in people],
    }
    return render(request, "responses_desk/quality.html", context)
