"""The desk's pages on a study's looks: their log, ordering one, running one again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analysis.look_lines import event_lines
from analysis.look_log import retry, verify
from analysis.look_orders import cost_lines, cost_of, order_look, why_not
from analysis.look_progress import running
from analysis.models import Look
from analysis.schedule import Standing, standing_of
from experiments.in_words import in_words
from experiments.membership import may
from experiments.models import Status, Study
from experiments.refusals import Refused
from responses.desk_study import study_at_desk
from responses.models import Mode

VIEW_LOOK, ORDER = "analysis.view_look", "analysis.order_look"


def study_looks(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """The log of a study's looks in the mode that is asked for, and what can be done."""
    study = study_at_desk(request, slug, VIEW_LOOK)
    mode = mode_of(study, request.GET.get("mode", ""))
    chain = verify(study.pk, mode)
    reports = dict(Look.objects.filter(study=study, mode=mode).values_list("number", "pk"))
    context |= {
        "title": _("Looks of %(study)s") % {"study": study.slug},
        "study": study,
        "mode": mode,
        "modes": list(Mode),
        "chain": chain,
        "events": list(event_lines(chain, reports)),
        "standing": standing_of(study_id=study.pk, mode=mode),
        "running": running(study.pk).get(mode),
        "may_order": may(request.user, ORDER, study),
    }
    return TemplateResponse(request, "analysis/looks.html", context)


def order(request: HttpRequest, slug: str, context: dict[str, Any]) -> HttpResponse:
    """GET says what an unplanned look costs and asks for its reason; POST orders it."""
    study = study_at_desk(request, slug, VIEW_LOOK, ORDER)
    mode = mode_of(study, (request.POST or request.GET).get("mode", ""))
    fault, status = "", 200
    if request.method == "POST":
        reason, actor = request.POST.get("reason", ""), request.user.get_username()
        try:
            order_look(study_id=study.pk, mode=mode, reason=reason, actor=actor)
        except Refused as refused:
            fault, status = in_words(refused), 422
        else:
            messages.success(request, _("The look is ordered; it runs within seconds."))
            return redirect(_looks_of(study, mode))
    standing = standing_of(study_id=study.pk, mode=mode)
    context |= {
        "title": _("Order a look of %(study)s") % {"study": study.slug},
        "study": study,
        "mode": mode,
        "standing": standing,
        "fault": fault,
        "typed": request.POST.get("reason", ""),
        **_costs(standing),
    }
    return TemplateResponse(request, "analysis/order_look.html", context, status=status)


@require_POST
def run_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Lets the next sweep start the look that failed."""
    study = study_at_desk(request, slug, VIEW_LOOK, ORDER)
    mode = mode_of(study, request.POST.get("mode", ""))
    number = request.POST.get("number", "")
    actor = request.user.get_username()
    if number.isdecimal() and retry(study_id=study.pk, mode=mode, number=int(number), actor=actor):
        messages.success(request, _("The look runs again within seconds."))
    else:
        messages.info(request, _("That look waits for nobody."))
    return redirect(_looks_of(study, mode))


def mode_of(study: Study, asked: str) -> Mode:
    """The mode that is asked for, or else the one that the study is in."""
    usual = Mode.PILOT if study.status == Status.PILOT else Mode.LIVE
    return Mode(asked) if asked in Mode.values else usual


def _costs(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"refused": _("It was not launched in this mode.")}
    refused = why_not(standing)
    cost = None if refused else cost_of(standing)
    return {"refused": refused, "costs": cost_lines(cost) if cost else ()}


def _looks_of(study: Study, mode: Mode) -> str:
    return f"{reverse('admin:analysis_looks', args=[study.slug])}?mode={mode}"
